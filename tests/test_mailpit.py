"""Mailpit shows what goes out and hands answers to the mail gateway."""

import asyncio
import os
import shutil
import smtplib
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from signoff.child import ChildSpec
from signoff.mailpit import (
    listening_place,
    mailpit_child,
    mailpit_environment,
    read_env_file,
    smtp_url,
    ui_url,
)
from signoff.probe import answers, free_port
from signoff.processes import mailpit_env
from signoff.settings import Settings, SettingsError
from tests.children import LIMIT

MAIL = "From: ada@example.com\r\nSubject: Re: x\r\n\r\nAPPROVE\r\n"
SECRETS = {
    "SIGNOFF_SECRET_KEYS": "a:0123456789abcdef",
    "SIGNOFF_API_KEYS": "0123456789abcdef",
    "RESONATE_TOKEN": "0123456789abcdef",
}
needs_mailpit = pytest.mark.skipif(
    shutil.which("mailpit") is None, reason="mailpit is not on PATH"
)


class Gateway:
    """A mail gateway that keeps whom it took mail for, and refuses some."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Refuse what the address says, in its own words."""
        self.taken += envelope.rcpt_tos
        if "later" in envelope.rcpt_tos[0]:
            return "451 4.3.0 later"
        return "550 5.1.1 never" if "never" in envelope.rcpt_tos[0] else "250 ok"


@contextmanager
def running(spec: ChildSpec) -> Generator[subprocess.Popen[bytes]]:
    """Run a child as a supervisor does, from when it is ready."""
    with subprocess.Popen(  # noqa: S603 (our own command)
        spec.argv, env=spec.env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as process:
        asyncio.run(_until_ready(spec))
        yield process
        process.terminate()


async def _until_ready(spec: ChildSpec) -> None:
    async with asyncio.timeout(LIMIT):
        while True:
            if await answers(spec.ready_url or ""):
                return
            await asyncio.sleep(0.02)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Return names that let Mailpit and the gateway listen by themselves."""
    return {
        "PATH": os.environ["PATH"],
        "MP_SMTP_BIND_ADDR": f"127.0.0.1:{free_port()}",
        "MP_UI_BIND_ADDR": f"127.0.0.1:{free_port()}",
        "SIGNOFF_MAIL_PORT": str(free_port()),
        "SIGNOFF_DATA_DIR": str(tmp_path),
        "SIGNOFF_INTERNAL_PARENT": str(tmp_path / "children.lock"),
    }


@pytest.fixture
def gateway(environ: dict[str, str]) -> Generator[Gateway]:
    """A listener where the mail gateway would be."""
    handler = Gateway()
    port = int(environ["SIGNOFF_MAIL_PORT"])
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def mailpit(environ: dict[str, str]) -> Generator[subprocess.Popen[bytes]]:
    """A Mailpit that runs as `signoff up` runs it."""
    with running(mailpit_child(Settings.from_environment(environ), environ)) as process:
        yield process


@pytest.fixture
def sender(
    environ: dict[str, str], mailpit: subprocess.Popen[bytes]
) -> Generator[smtplib.SMTP]:
    """A person's mail program that sends through Mailpit."""
    assert mailpit.poll() is None
    with smtplib.SMTP(*listening_place(environ, "MP_SMTP_BIND_ADDR")) as client:
        yield client


@needs_mailpit
@pytest.mark.parametrize(
    "address", ["approve+k@localhost", "bounce+k@localhost", "APPROVE+K@LOCALHOST"]
)
def test_an_answer_reaches_the_gateway(
    gateway: Gateway, sender: smtplib.SMTP, address: str
) -> None:
    """Mail to the addresses that we read is relayed, in any case of letters."""
    sender.sendmail("ada@example.com", [address], MAIL)
    assert gateway.taken == [address]


@needs_mailpit
def test_other_mail_stays_there(gateway: Gateway, sender: smtplib.SMTP) -> None:
    """What goes out to people is shown and sent nowhere."""
    sender.sendmail("signoff@localhost", ["approver@localhost"], MAIL)
    assert gateway.taken == []


@needs_mailpit
@pytest.mark.parametrize(("word", "code"), [("later", 451), ("never", 550)])
def test_what_the_gateway_refuses_is_handed_back(
    gateway: Gateway, sender: smtplib.SMTP, word: str, code: int
) -> None:
    """Mailpit must not say 250 for what nobody keeps."""
    with pytest.raises(smtplib.SMTPDataError) as caught:
        sender.sendmail("ada@example.com", [f"approve+{word}@localhost"], MAIL)
    assert caught.value.smtp_code == code
    assert gateway.taken == [f"approve+{word}@localhost"]


@needs_mailpit
def test_it_ends_when_nobody_holds_its_input(
    mailpit: subprocess.Popen[bytes], environ: dict[str, str]
) -> None:
    """Kill -9 of `signoff up` leaves no Mailpit behind."""
    assert mailpit.stdin is not None
    mailpit.stdin.close()
    mailpit.wait(LIMIT)
    assert not asyncio.run(answers(f"{ui_url(environ)}/readyz"))


def test_it_is_told_no_secret() -> None:
    """It is a program of others and needs none of ours."""
    told = mailpit_environment(Settings.from_environment(SECRETS), SECRETS)
    assert not [name for name in told if not name.startswith("MP_")]


def test_prefixes_of_ones_own_are_relayed() -> None:
    """What stands before the key is a setting, and literal."""
    environ = {"SIGNOFF_REPLY_PREFIX": "ok.", "SIGNOFF_BOUNCE_PREFIX": "b-"}
    told = mailpit_environment(Settings.from_environment(environ), {})
    assert told["MP_SMTP_RELAY_MATCHING"] == "(?i)^(ok[.]|b-).*@"


def test_compose_and_up_relay_alike() -> None:
    """With the default prefixes the file says what we would."""
    told = mailpit_environment(Settings.from_environment({}), {})
    name = "MP_SMTP_RELAY_MATCHING"
    assert read_env_file(mailpit_env())[name] == told[name]


@pytest.mark.parametrize(
    ("bound", "url"),
    [
        ("", "smtp://127.0.0.1:1025"),
        ("[::]:26", "smtp://[::1]:26"),
        ("mail.local:2525", "smtp://mail.local:2525"),
    ],
)
def test_mail_is_sent_where_it_listens(bound: str, url: str) -> None:
    """Its own names of the environment count."""
    assert smtp_url({"MP_SMTP_BIND_ADDR": bound}) == url


@pytest.mark.parametrize("bound", ["1025", ":1025", "localhost:smtp"])
def test_a_place_must_be_host_and_port(bound: str) -> None:
    """We say so before Mailpit does."""
    with pytest.raises(SettingsError, match="give host:port"):
        smtp_url({"MP_SMTP_BIND_ADDR": bound})
