"""Compose, its images and its environment, compared with what the programs read.

No container is run here: what can be checked without an engine is checked.
"""

import asyncio
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from signoff.health import OK, health_server
from signoff.mailpit import read_env_file
from signoff.probe import free_port
from signoff.settings import VARIABLES, Settings

ROOT = Path(__file__).resolve().parent.parent
NAMES = {variable.name for variable in VARIABLES}
#: What has to be in .env.
SECRETS = {
    "SIGNOFF_SECRET_KEYS": f"a:{'s' * 32}",
    "SIGNOFF_SIGNING_KEY": "a",
    "SIGNOFF_API_KEYS": "k" * 32,
    "POSTGRES_PASSWORD": "p" * 32,
}
OURS = ("worker", "mail-gateway", "http-gateway")
THEIRS = ("postgres", "resonate", "mailpit")
_PLACE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")

type Service = dict[str, Any]


def interpolate(value: Any, environ: Mapping[str, str]) -> Any:
    """Fill in every text of a file as Compose does, as far as ours asks for it."""

    def fill(place: re.Match[str]) -> str:
        name, kind, rest = place.groups()
        if not environ.get(name) and kind == "?":
            raise LookupError(f"{name} {rest}")
        return environ.get(name) or rest or ""

    match value:
        case str():
            return _PLACE.sub(fill, value)
        case dict():
            return {name: interpolate(each, environ) for name, each in value.items()}
        case list():
            return [interpolate(each, environ) for each in value]
        case _:
            return value


def services(environ: Mapping[str, str] = SECRETS) -> dict[str, Service]:
    """Read the services of docker-compose.yml."""
    parsed = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return interpolate(parsed["services"], environ)


def environment_of(name: str) -> dict[str, str]:
    """Return the environment that a container of ours gets, the image's included."""
    image = dict(re.findall(r"(SIGNOFF_\w+)=(\S+)", (ROOT / "Dockerfile").read_text()))
    return image | services()[name]["environment"]


def dockerfile() -> Iterator[tuple[str, str]]:
    """Yield each instruction of the Dockerfile and its arguments."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            instruction, _, arguments = line.partition(" ")
            yield instruction, arguments.strip()


@pytest.mark.parametrize("name", OURS)
def test_each_process_starts_with_what_compose_gives_it(name: str) -> None:
    """Its command is the process, which has all that it cannot start without."""
    settings = Settings.from_environment(environment_of(name))
    assert services()[name]["command"] == [name]
    assert settings.problems_for(name) == []
    assert settings.engine_url == "http://resonate:8001"


@pytest.mark.parametrize("name", OURS)
def test_compose_only_sets_names_that_are_read(name: str) -> None:
    """A name that no setting has would be dead weight, or a typing error."""
    assert environment_of(name).keys() <= NAMES


def test_what_makes_keys_is_the_same_everywhere() -> None:
    """A key that the worker makes is good at both gateways."""
    shared = ("SECRET_KEYS", "SIGNING_KEY", "REPLY_DOMAIN", "REPLY_PREFIX", "GROUP")
    seen = {
        tuple(environment_of(name).get(f"SIGNOFF_{each}") for each in shared)
        for name in OURS
    }
    assert len(seen) == 1


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_that_is_missing_stops_compose(secret: str) -> None:
    """None of the secrets has a default that somebody could know."""
    with pytest.raises(LookupError, match=rf"^{secret} .*\.env\.example"):
        services({**SECRETS, secret: ""})


def test_the_example_names_every_secret_and_gives_none() -> None:
    """Whoever copies it unchanged is told what is missing."""
    example = read_env_file(ROOT / ".env.example")
    assert example == dict.fromkeys(SECRETS, "")


@pytest.mark.parametrize("name", ["postgres", "resonate", "worker", "mail-gateway"])
def test_what_nobody_outside_needs_has_no_published_port(name: str) -> None:
    """Who reaches the engine decides, so nothing leads there."""
    assert "ports" not in services()[name]


def test_only_our_processes_and_its_database_reach_the_engine() -> None:
    """Its networks are internal, and Mailpit is on neither."""
    networks = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["networks"]
    reach = set(services()["resonate"]["networks"])
    on_them = {n for n, each in services().items() if reach & set(each["networks"])}
    assert all(networks[name]["internal"] for name in reach)
    assert on_them == {"postgres", "resonate", *OURS}


def test_mailpit_is_published_on_this_machine_alone() -> None:
    """It shows all mail to whoever asks."""
    ports = services()["mailpit"]["ports"]
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_workers_can_be_scaled() -> None:
    """Two containers of one name, or on one port, cannot be."""
    assert not {"container_name", "ports", "volumes"} & services()["worker"].keys()


@pytest.mark.parametrize("name", [*OURS, *THEIRS])
def test_every_container_is_asked_for_its_health(name: str) -> None:
    """What others wait for says when it is there."""
    service = services()[name]
    waits = service.get("depends_on", {}).values()
    assert service["healthcheck"]["test"][0] == "CMD"
    assert all(each == {"condition": "service_healthy"} for each in waits)


def test_senders_are_believed_only_behind_mailpit() -> None:
    """The exception stands where the only way in is Mailpit's relay."""
    off = {n for n in OURS if environment_of(n).get("SIGNOFF_SENDER_AUTH") == "off"}
    assert off == {"mail-gateway"}
    assert environment_of("worker")["SIGNOFF_SMTP_URL"] == "smtp://mailpit:1025"


def test_mailpit_relays_to_the_mail_gateway() -> None:
    """Host, port and prefixes are the gateway's, and its refusals come back."""
    mailpit = read_env_file(ROOT / "mailpit.env")
    settings = Settings.from_environment(environment_of("mail-gateway"))
    matching = re.compile(mailpit["MP_SMTP_RELAY_MATCHING"])
    assert mailpit["MP_SMTP_RELAY_HOST"] in services()
    assert mailpit["MP_SMTP_RELAY_PORT"] == str(settings.mail_port)
    assert mailpit["MP_SMTP_RELAY_FWD_SMTP_ERRORS"] == "true"
    assert matching.match(f"{settings.reply_prefix}key@{settings.reply_domain}")
    assert matching.match(f"{settings.bounce_prefix}key@{settings.reply_domain}")
    assert not matching.match("approver@localhost")


@pytest.mark.skipif(shutil.which("mailpit") is None, reason="mailpit is not on PATH")
@pytest.mark.parametrize("name", read_env_file(ROOT / "mailpit.env"))
def test_mailpit_knows_each_name_it_is_given(name: str) -> None:
    """Its help lists no names of the environment, so its program is asked."""
    program = Path(str(shutil.which("mailpit"))).read_bytes()
    assert name.encode() in program
    assert b"MP_SIGNOFF" not in program


@pytest.mark.parametrize(("said", "code"), [(OK, 0), ("engine gone", 1)])
async def test_the_health_check_tells_ready_from_not(said: str, code: int) -> None:
    """The very command of a container ends with 0 only where /readyz is 200."""
    _, python, option, program = services()["worker"]["healthcheck"]["test"]
    assert python == "python"

    async def ready() -> dict[str, str]:
        return {"engine": said}

    port = free_port()
    async with health_server("127.0.0.1", port, ready):
        moved = program.replace("8080", str(port))
        ended = await _exit_code(sys.executable, option, moved)
    assert ended == code


@pytest.mark.parametrize("name", OURS)
def test_the_health_check_asks_where_the_process_answers(name: str) -> None:
    """The port of the check is the port of the setting."""
    settings = Settings.from_environment(environment_of(name))
    port = settings.health_port or settings.http_port
    check = services()[name]["healthcheck"]["test"][-1]
    assert f"http://127.0.0.1:{port}/readyz" in check


def test_the_image_runs_as_nobody_in_particular() -> None:
    """The last user is a number other than root's, so that Kubernetes can tell."""
    users = [rest for instruction, rest in dockerfile() if instruction == "USER"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1])


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    """.dockerignore lets in what the Dockerfile copies, and nothing more."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copies = [
        rest.split() for instruction, rest in dockerfile() if instruction == "COPY"
    ]
    copied = {name for each in copies if "--" not in each[0] for name in each[:-1]}
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)
    assert not any(fnmatch(".env", name) for name in let_in)


async def _exit_code(*command: str) -> int:
    process = await asyncio.create_subprocess_exec(*command, stderr=subprocess.DEVNULL)
    return await process.wait()
