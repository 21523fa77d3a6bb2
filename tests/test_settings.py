"""The environment is read whole, and everything wrong with it is said at once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from signoff.settings import VARIABLES, MailAddress, Settings, SettingsError, SmtpUrl

SECRET = "0123456789abcdef"
ANY = "0.0.0.0"  # noqa: S104 (read, never bound)
REAL_MAIL = {"SIGNOFF_SMTP_URL": "smtp+starttls://mail.example.com"}
REAL_NAMES = {
    "SIGNOFF_PUBLIC_URL": "https://signoff.example.com",
    "SIGNOFF_REPLY_DOMAIN": "reply.example.com",
}
SERVER = {"RESONATE_URL": "http://resonate:8001"}
COMPLETE = SERVER | REAL_MAIL | REAL_NAMES | {"SIGNOFF_SECRET_KEYS": f"a:{SECRET}"}


def read(**environ: str) -> Settings:
    """Read settings from these names alone."""
    return Settings.from_environment(environ)


def problems_of(environ: dict[str, str]) -> tuple[str, ...]:
    """Return what is wrong with an environment."""
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(environ)
    return caught.value.problems


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("data_dir", Path(".signoff")),
        ("http_host", "127.0.0.1"),
        ("http_port", 5001),
        ("mail_port", 2525),
        ("engine_port", 8001),
        ("health_port", 0),
        ("resonate_url", None),
        ("group", "signoff"),
        ("lease", timedelta(seconds=15)),
        ("public_url", "http://localhost:5001"),
        ("smtp_url", None),
        ("mail_from", MailAddress("Signoff", "signoff@localhost")),
        ("reply_domain", "localhost"),
        ("reply_prefix", "approve+"),
        ("bounce_prefix", "bounce+"),
        ("sender_auth", "off"),
        ("default_approver", MailAddress("", "approver@localhost")),
        ("default_deadline", timedelta(days=7)),
        ("secret_keys", {}),
        ("signing_key", None),
        ("api_keys", ()),
        ("workflows", ()),
    ],
)
def test_defaults_are_for_one_machine(field: str, value: object) -> None:
    """Nothing has to be set to try it."""
    assert getattr(read(), field) == value


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("SIGNOFF_LEASE", "15", "lease", timedelta(seconds=15)),
        ("SIGNOFF_LEASE", "1.5s", "lease", timedelta(seconds=1.5)),
        ("SIGNOFF_LEASE", "2m", "lease", timedelta(minutes=2)),
        ("SIGNOFF_DEFAULT_DEADLINE", "90m", "default_deadline", timedelta(minutes=90)),
        ("SIGNOFF_HTTP_HOST", "[::1]", "http_host", "::1"),
        ("SIGNOFF_PUBLIC_URL", "http://h.example/x/", "public_url", "http://h.example/x"),
        ("SIGNOFF_REPLY_DOMAIN", "Reply.Example", "reply_domain", "reply.example"),
        ("SIGNOFF_API_KEYS", f"{SECRET}, {SECRET}", "api_keys", (SECRET, SECRET)),
        ("SIGNOFF_WORKFLOWS", "a.b,c,a.b", "workflows", ("a.b", "c")),
        ("SIGNOFF_SECRET_KEYS", f"a:{SECRET}", "secret_keys", {"a": SECRET.encode()}),
        ("SIGNOFF_SECRET_KEYS", f"b:{SECRET}", "signing_key", "b"),
        ("SIGNOFF_MAIL_HOST", ANY, "sender_auth", "require"),
        ("SIGNOFF_MAIL_HOST", "127.8.8.8", "sender_auth", "off"),
        ("SIGNOFF_HTTP_PORT", "8080", "public_url", "http://localhost:8080"),
        ("SIGNOFF_HTTP_PORT", " ", "http_port", 5001),
        ("SIGNOFF_DATA_DIR", "~", "data_dir", Path.home()),
    ],
)  # fmt: skip
def test_values_are_read(name: str, text: str, field: str, value: object) -> None:
    """Each kind of setting has its form."""
    assert getattr(read(**{name: text}), field) == value


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("smtp://mail", SmtpUrl("mail", 25)),
        ("smtp://127.0.0.1:1025", SmtpUrl("127.0.0.1", 1025)),
        ("smtp://[::1]:1025", SmtpUrl("::1", 1025)),
        ("smtps://u:p@mail", SmtpUrl("mail", 465, "u", "p", "implicit")),
        (
            "smtp+starttls://a%40b:p%3A%2F@mail",
            SmtpUrl("mail", 587, "a@b", "p:/", "starttls"),
        ),
    ],
)
def test_smtp_urls_are_read(text: str, url: SmtpUrl) -> None:
    """The scheme says how the connection is secured."""
    environ = REAL_NAMES | {"SIGNOFF_SMTP_URL": text}
    assert Settings.from_environment(environ).smtp_url == url


@pytest.mark.parametrize(
    ("name", "text", "right"),
    [
        ("SIGNOFF_HTTP_PORT", "0", "from 1 to 65535"),
        ("SIGNOFF_HTTP_PORT", "5001x", "from 1 to 65535"),
        ("SIGNOFF_MAIL_PORT", "65536", "from 1 to 65535"),
        ("SIGNOFF_HTTP_HOST", "a b", "127.0.0.1"),
        ("SIGNOFF_LEASE", "0.1s", "from 0.5s to 1h"),
        ("SIGNOFF_LEASE", "soon", "15, 15s or 2m"),
        ("SIGNOFF_DEFAULT_DEADLINE", "366d", "at most 365d"),
        ("SIGNOFF_DEFAULT_DEADLINE", "0s", "more than nothing"),
        ("SIGNOFF_PUBLIC_URL", "example.com", "https://"),
        ("SIGNOFF_PUBLIC_URL", "https://h/?a=b", "without user, query"),
        ("SIGNOFF_PUBLIC_URL", "https://h:port/", "https://"),
        ("SIGNOFF_SMTP_URL", "mail:25", "smtp://"),
        ("SIGNOFF_SMTP_URL", "smtp://user@mail", "both a user and a password"),
        ("SIGNOFF_SMTP_URL", "smtp://mail/path", "smtp://"),
        ("SIGNOFF_MAIL_FROM", "nobody", "Name <ada@example.com>"),
        ("SIGNOFF_DEFAULT_APPROVER", "a@b\nBcc: c@d", "Name <ada@example.com>"),
        ("SIGNOFF_REPLY_DOMAIN", "a_b.example", "reply.example.com"),
        ("SIGNOFF_REPLY_PREFIX", "Approve+", "lower case"),
        ("SIGNOFF_BOUNCE_PREFIX", "a" * 22, "1 to 21"),
        ("SIGNOFF_SENDER_AUTH", "maybe", "off, confirm or require"),
        ("SIGNOFF_SECRET_KEYS", "a:short", "at least 16"),
        ("SIGNOFF_SECRET_KEYS", f"1:{SECRET}", "a-z 2-7"),
        ("SIGNOFF_SECRET_KEYS", f"a:{SECRET},a:{SECRET}", "used once"),
        ("SIGNOFF_SIGNING_KEY", "ab", "a-z 2-7"),
        ("SIGNOFF_API_KEYS", "short", "at least 16"),
        ("SIGNOFF_WORKFLOWS", "my-flows", "names of modules"),
        ("SIGNOFF_GROUP", "a/b", "A-Z a-z 0-9"),
        ("RESONATE_TOKEN", "a b", "without a space"),
        ("RESONATE_URL", "ftp://resonate", "https://"),
    ],
)
def test_a_bad_value_is_answered_with_what_is_right(
    name: str, text: str, right: str
) -> None:
    """The line begins with the name and ends with what to write."""
    (line,) = problems_of({name: text})
    assert line.startswith(f"{name}: ")
    assert right in line


def test_all_problems_are_told_at_once() -> None:
    """Nobody has to start five times to find five mistakes."""
    bad = {"SIGNOFF_HTTP_PORT": "x", "SIGNOFF_LEASE": "x", "SIGNOFF_XYZ": "x"}
    assert [line.partition(":")[0] for line in problems_of(bad)] == list(bad)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("SIGNOFF_HTP_PORT", "did you mean SIGNOFF_HTTP_PORT?"),
        ("SIGNOFF_COLOUR", "remove it"),
    ],
)
def test_an_unknown_name_is_refused(name: str, advice: str) -> None:
    """A setting that is misspelt must not be taken for one that is not set."""
    assert problems_of({name: "1"}) == (f"{name}: no setting has this name; {advice}",)


@pytest.mark.parametrize("name", ["SIGNOFF_TEST_X", "SIGNOFF_INTERNAL_X", "PATH"])
def test_names_of_others_are_left_alone(name: str) -> None:
    """Tests and `signoff up` have names of their own."""
    assert read(**{name: "anything"}) == read()


@pytest.mark.parametrize(
    "environ",
    [
        {"SIGNOFF_SMTP_URL": "smtp://u:hush-hush@ma il"},
        {"SIGNOFF_SECRET_KEYS": "a:hush-hush"},
        {"SIGNOFF_API_KEYS": "hush-hush"},
        {"RESONATE_TOKEN": "hush-hush hush"},
    ],
    ids=lambda environ: next(iter(environ)),
)
def test_a_bad_secret_is_not_repeated(environ: dict[str, str]) -> None:
    """Messages end in logs."""
    assert "hush" not in str(problems_of(environ))


def test_no_secret_shows_in_the_representation() -> None:
    """Settings may end in a log too."""
    settings = read(
        SIGNOFF_SMTP_URL="smtp://u:hush-hush@localhost",
        SIGNOFF_SECRET_KEYS="a:hush-hush-hush-hush",
        SIGNOFF_API_KEYS="hush-hush-hush-hush",
        RESONATE_TOKEN="hush-hush",
    )
    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    ("signing", "wrong"),
    [("c", "'c' is none of SIGNOFF_SECRET_KEYS"), ("", "holds several")],
    ids=["unknown", "ambiguous"],
)
def test_the_key_that_signs_must_be_clear(signing: str, wrong: str) -> None:
    """Of several secrets one is chosen, and it is among them."""
    secrets = f"a:{SECRET},b:{SECRET}"
    environ = {"SIGNOFF_SECRET_KEYS": secrets, "SIGNOFF_SIGNING_KEY": signing}
    (line,) = problems_of(environ)
    assert wrong in line
    assert "give one of a, b" in line


@pytest.mark.parametrize(
    ("process", "environ", "missing"),
    [
        ("worker", {}, []),
        ("up", {}, []),
        ("engine", SERVER, []),
        ("worker", COMPLETE, []),
        ("up", COMPLETE, []),
        ("worker", SERVER, ["SIGNOFF_SECRET_KEYS", "SIGNOFF_SMTP_URL"]),
        ("mail-gateway", SERVER, ["SIGNOFF_SECRET_KEYS"]),
        ("http-gateway", SERVER, ["SIGNOFF_SECRET_KEYS"]),
        ("worker", REAL_MAIL, ["SIGNOFF_PUBLIC_URL", "SIGNOFF_REPLY_DOMAIN"]),
        ("up", REAL_MAIL, ["SIGNOFF_PUBLIC_URL", "SIGNOFF_REPLY_DOMAIN"]),
        ("mail-gateway", REAL_MAIL, []),
        ("worker", {"SIGNOFF_SMTP_URL": "smtp://localhost:1025"}, []),
        ("worker", {"SIGNOFF_SMTP_URL": "smtp://mailpit:1025"}, []),
        ("http-gateway", {"SIGNOFF_HTTP_HOST": ANY}, ["SIGNOFF_API_KEYS"]),
        ("worker", {"SIGNOFF_HTTP_HOST": ANY}, []),
        ("up", {"SIGNOFF_HTTP_HOST": "::"}, ["SIGNOFF_API_KEYS"]),
        ("http-gateway", {"SIGNOFF_HTTP_HOST": "::1"}, []),
        ("up", {"SIGNOFF_MAIL_PORT": "5001"}, ["SIGNOFF_MAIL_PORT"]),
        ("http-gateway", {"SIGNOFF_MAIL_PORT": "5001"}, []),
    ],
)
def test_each_process_asks_for_what_it_needs(
    process: str, environ: dict[str, str], missing: list[str]
) -> None:
    """What only another process needs keeps none from starting."""
    found = Settings.from_environment(environ).problems_for(process)
    assert [line.partition(":")[0] for line in found] == missing


def test_what_a_process_cannot_do_without_is_raised() -> None:
    """`require` raises what `problems_for` lists."""
    with pytest.raises(SettingsError, match="SIGNOFF_API_KEYS"):
        read(SIGNOFF_HTTP_HOST=ANY).require("http-gateway")


@pytest.mark.parametrize(
    ("process", "environ", "warned"),
    [
        ("mail-gateway", {"SIGNOFF_MAIL_HOST": ANY}, []),
        (
            "mail-gateway",
            {"SIGNOFF_MAIL_HOST": ANY, "SIGNOFF_SENDER_AUTH": "off"},
            ["SIGNOFF_SENDER_AUTH"],
        ),
        ("mail-gateway", {"SIGNOFF_SENDER_AUTH": "off"}, []),
        ("worker", {"SIGNOFF_SMTP_URL": "smtp://u:p@localhost"}, []),
        (
            "worker",
            {"SIGNOFF_SMTP_URL": "smtp://u:p@mail", "SIGNOFF_MAIL_FROM": "a@b.example"},
            ["SIGNOFF_SMTP_URL"],
        ),
        ("worker", REAL_MAIL, ["SIGNOFF_MAIL_FROM"]),
        ("http-gateway", {"SIGNOFF_PUBLIC_URL": "http://localhost/s"}, []),
        (
            "http-gateway",
            {"SIGNOFF_PUBLIC_URL": "https://signoff.example"},
            ["SIGNOFF_API_KEYS"],
        ),
    ],
)
def test_what_works_but_is_unsafe_is_warned_of(
    process: str, environ: dict[str, str], warned: list[str]
) -> None:
    """Nobody is kept from it, and nobody does it unknowingly."""
    found = Settings.from_environment(environ).warnings_for(process)
    assert [line.partition(":")[0] for line in found] == warned


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, "http://127.0.0.1:8001"),
        ({"SIGNOFF_ENGINE_HOST": ANY}, "http://127.0.0.1:8001"),
        ({"SIGNOFF_ENGINE_HOST": "::1"}, "http://[::1]:8001"),
        ({"RESONATE_URL": "http://resonate:8001/"}, "http://resonate:8001"),
    ],
)
def test_the_engine_is_reached_by_one_url(environ: dict[str, str], url: str) -> None:
    """Whoever speaks to the engine need not know which it is."""
    assert Settings.from_environment(environ).engine_url == url


def test_the_port_that_up_chose_is_on_loopback() -> None:
    """A child of `signoff up` answers there whatever the settings say."""
    settings = read(SIGNOFF_HEALTH_HOST="10.0.0.1", SIGNOFF_INTERNAL_HEALTH_PORT="7")
    assert (settings.health_host, settings.health_port) == ("127.0.0.1", 7)


def test_every_field_has_one_name() -> None:
    """The table and the record cannot drift apart."""
    fields: Any = Settings.__dataclass_fields__
    assert sorted(variable.field for variable in VARIABLES) == sorted(fields)
