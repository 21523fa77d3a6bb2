"""Mailpit beside `signoff up`: a mail server for trying things out.

It takes what the worker sends, shows it, and relays answers to the mail gateway.
Its settings are those of ``mailpit.env``, then what differs on one machine, then
the ``MP_`` names of our own environment.
"""

import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from signoff.child import ChildSpec
from signoff.errors import SignoffError
from signoff.internal_names import PARENT
from signoff.processes import mailpit_env
from signoff.setting_values import connect_host
from signoff.settings import Settings, SettingsError

_SMTP, _UI = "MP_SMTP_BIND_ADDR", "MP_UI_BIND_ADDR"
#: Names that are none of Mailpit's business: some hold secrets.
_OURS = ("SIGNOFF_", "RESONATE_")
_LOCAL = {_SMTP: "127.0.0.1:1025", _UI: "127.0.0.1:8025"}


class MailpitMissingError(SignoffError):
    """There is no ``mailpit`` to start."""

    def __init__(self) -> None:
        super().__init__(
            "mailpit is not on PATH; install it by `brew install mailpit`, by "
            "`go install github.com/axllent/mailpit@v1.30.5`, or run the image "
            "axllent/mailpit:v1.30.5 with mailpit.env and set SIGNOFF_SMTP_URL"
        )


def find_mailpit(environ: Mapping[str, str]) -> str:
    """Return the program's path.

    Raises:
        MailpitMissingError: It is not installed.
    """
    found = shutil.which("mailpit", path=environ.get("PATH"))
    if found is None:
        raise MailpitMissingError
    return found


def smtp_url(environ: Mapping[str, str]) -> str:
    """Return where Mailpit takes mail, as a value of ``SIGNOFF_SMTP_URL``.

    Raises:
        SettingsError: ``MP_SMTP_BIND_ADDR`` is no host and port.
    """
    host, port = listening_place(environ, _SMTP)
    return f"smtp://{connect_host(host)}:{port}"


def ui_url(environ: Mapping[str, str]) -> str:
    """Return where Mailpit shows the mail.

    Raises:
        SettingsError: ``MP_UI_BIND_ADDR`` is no host and port.
    """
    host, port = listening_place(environ, _UI)
    return f"http://{connect_host(host)}:{port}"


def listening_places(environ: Mapping[str, str]) -> Iterator[tuple[str, str, int]]:
    """Yield name, host and port of each of its listeners."""
    for name in (_SMTP, _UI):
        yield name, *listening_place(environ, name)


def listening_place(environ: Mapping[str, str], name: str) -> tuple[str, int]:
    """Return host and port of one listener.

    Raises:
        SettingsError: The name's value is no host and port.
    """
    host, _, port = (environ.get(name) or _LOCAL[name]).rpartition(":")
    if not (host and port.isascii() and port.isdigit()):
        raise SettingsError([f"{name}: give host:port, such as {_LOCAL[name]}"])
    return host.strip("[]"), int(port)


def mailpit_child(settings: Settings, environ: Mapping[str, str]) -> ChildSpec:
    """Describe Mailpit as a child of `signoff up`.

    Raises:
        MailpitMissingError: It is not installed.
        SettingsError: The environment has it listen nowhere.
    """
    guard = (sys.executable, "-P", "-m", "signoff.guard")
    return ChildSpec(
        name="mailpit",
        argv=(*guard, find_mailpit(environ)),
        env=mailpit_environment(settings, environ),
        ready_url=f"{ui_url(environ)}/readyz",
    )


def mailpit_environment(
    settings: Settings, environ: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment that Mailpit gets on this machine."""
    prefixes = f"{settings.reply_prefix}|{settings.bounce_prefix}"
    here = _LOCAL | {
        "MP_DATABASE": str(settings.data_dir / "mailpit.db"),
        "MP_SMTP_RELAY_HOST": connect_host(settings.mail_host),
        "MP_SMTP_RELAY_PORT": str(settings.mail_port),
        "MP_SMTP_RELAY_MATCHING": f"(?i)^({_literal(prefixes)}).*@",
    }
    passed = {
        name: value
        for name, value in environ.items()
        if name == PARENT or not name.startswith(_OURS)
    }
    return read_env_file(mailpit_env()) | here | passed


def read_env_file(path: Path) -> dict[str, str]:
    """Read lines of ``NAME=value``; comments and empty lines do not count."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if re.match(r"[A-Z]", line)]
    return {name.strip(): value.strip() for name, _, value in pairs}


def _literal(text: str) -> str:
    """Escape for Go's regular expressions what prefixes may hold, save the bar."""
    return re.sub(r"[+.]", r"[\g<0>]", text)
