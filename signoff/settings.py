"""What the environment says: every setting of every process, read once.

`Settings.from_environment` reads names and nothing else: no file, no network.
It collects everything that is wrong before it complains. What only one process
needs is asked for by `Settings.problems_for`, so that the mail gateway starts
without an SMTP server that it never uses.

`SettingsError` stands outside `signoff.errors` on purpose: nothing may catch a
wrong configuration by accident.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from signoff import internal_names
from signoff import setting_values as parse
from signoff.setting_checks import CHECKS, WARNINGS
from signoff.setting_values import MailAddress, SmtpUrl, connect_host, is_loopback

__all__ = ["VARIABLES", "MailAddress", "Settings", "SettingsError", "SmtpUrl"]

type SenderAuth = Literal["off", "confirm", "require"]


class SettingsError(Exception):
    """The environment does not describe a Signoff that can run."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        #: One line each: which name, what is wrong, what would be right.
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Variable:
    """One name of the environment, and how its text is read."""

    #: The name in the environment.
    name: str
    #: The field of `Settings`.
    field: str
    #: Text to value; raises ``ValueError`` with what would be right.
    read: Callable[[str], Any]
    #: What holds without it; none where nothing does, or where it is computed.
    default: str | None = None
    #: Whether its text may not be shown.
    secret: bool = False


#: Every setting. What is not here and begins with SIGNOFF_ is refused.
VARIABLES = (
    Variable("SIGNOFF_DATA_DIR", "data_dir", parse.parse_path, ".signoff"),
    Variable("SIGNOFF_HTTP_HOST", "http_host", parse.parse_host, "127.0.0.1"),
    Variable("SIGNOFF_HTTP_PORT", "http_port", parse.parse_port, "5001"),
    Variable("SIGNOFF_MAIL_HOST", "mail_host", parse.parse_host, "127.0.0.1"),
    Variable("SIGNOFF_MAIL_PORT", "mail_port", parse.parse_port, "2525"),
    Variable("SIGNOFF_ENGINE_HOST", "engine_host", parse.parse_host, "127.0.0.1"),
    Variable("SIGNOFF_ENGINE_PORT", "engine_port", parse.parse_port, "8001"),
    Variable("SIGNOFF_HEALTH_HOST", "health_host", parse.parse_host, "127.0.0.1"),
    Variable("SIGNOFF_HEALTH_PORT", "health_port", parse.parse_optional_port, "0"),
    Variable("RESONATE_URL", "resonate_url", parse.parse_http_url),
    Variable("RESONATE_TOKEN", "resonate_token", parse.parse_token, secret=True),
    Variable("SIGNOFF_GROUP", "group", parse.parse_group, "signoff"),
    Variable("SIGNOFF_LEASE", "lease", parse.parse_lease, "15s"),
    Variable("SIGNOFF_PUBLIC_URL", "public_url", parse.parse_http_url),
    Variable("SIGNOFF_SMTP_URL", "smtp_url", parse.parse_smtp_url, secret=True),
    Variable(
        "SIGNOFF_MAIL_FROM",
        "mail_from",
        parse.parse_mail_address,
        "Signoff <signoff@localhost>",
    ),
    Variable("SIGNOFF_REPLY_DOMAIN", "reply_domain", parse.parse_domain, "localhost"),
    Variable("SIGNOFF_REPLY_PREFIX", "reply_prefix", parse.parse_prefix, "approve+"),
    Variable("SIGNOFF_BOUNCE_PREFIX", "bounce_prefix", parse.parse_prefix, "bounce+"),
    Variable(
        "SIGNOFF_SENDER_AUTH",
        "sender_auth",
        parse.one_of("off", "confirm", "require"),
    ),
    Variable(
        "SIGNOFF_DEFAULT_APPROVER",
        "default_approver",
        parse.parse_mail_address,
        "approver@localhost",
    ),
    Variable(
        "SIGNOFF_DEFAULT_DEADLINE", "default_deadline", parse.parse_deadline, "7d"
    ),
    Variable(
        "SIGNOFF_SECRET_KEYS", "secret_keys", parse.parse_secret_keys, secret=True
    ),
    Variable("SIGNOFF_SIGNING_KEY", "signing_key", parse.parse_signing_key),
    Variable("SIGNOFF_API_KEYS", "api_keys", parse.parse_api_keys, "", secret=True),
    Variable("SIGNOFF_WORKFLOWS", "workflows", parse.parse_modules, ""),
)

_PREFIX, _FOREIGN_PREFIXES = "SIGNOFF_", ("SIGNOFF_TEST_", "SIGNOFF_INTERNAL_")


@dataclass(frozen=True)
class Settings:
    """Everything that a process is told from outside."""

    #: Engine, generated secrets, development inbox.
    data_dir: Path
    #: Where the HTTP gateway listens.
    http_host: str
    #: Its port.
    http_port: int
    #: Where the mail gateway listens.
    mail_host: str
    #: Its port.
    mail_port: int
    #: Where the embedded engine listens.
    engine_host: str
    #: Its port.
    engine_port: int
    #: Where worker and mail gateway answer for their health.
    health_host: str
    #: Their port for it; 0: they do not.
    health_port: int
    #: A Resonate server in place of the embedded engine.
    resonate_url: str | None
    #: The bearer token for either; none: generated (see `secret_files`).
    resonate_token: str | None = field(repr=False)
    #: The worker group.
    group: str
    #: How long a task belongs to a worker that is silent.
    lease: timedelta
    #: What links begin with, without a final slash.
    public_url: str
    #: Where mail goes; none: into the development inbox.
    smtp_url: SmtpUrl | None
    #: From of what goes out.
    mail_from: MailAddress
    #: The domain of reply addresses, in lower case.
    reply_domain: str
    #: What stands before the key in a reply address.
    reply_prefix: str
    #: What stands before the key in an envelope sender.
    bounce_prefix: str
    #: How far a sender must be authenticated.
    sender_auth: SenderAuth
    #: Who is asked where a request names nobody.
    default_approver: MailAddress
    #: How long a request waits where it does not say.
    default_deadline: timedelta
    #: Secrets by id; empty: generated (see `secret_files`).
    secret_keys: dict[str, bytes] = field(repr=False)
    #: Which of them signs; none: the generated one.
    signing_key: str | None
    #: Who may use the operator face; empty: loopback may.
    api_keys: tuple[str, ...] = field(repr=False)
    #: Modules with users' workflows.
    workflows: tuple[str, ...]

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings; a name that is empty counts as not set.

        Raises:
            SettingsError: With everything that is wrong, a line each.
        """
        values, problems = _read_variables(environ)
        problems += _unknown_names(environ) + _signing_problems(values)
        if problems:
            raise SettingsError(problems)
        if port := environ.get(internal_names.HEALTH_PORT):
            values |= {"health_host": "127.0.0.1", "health_port": int(port)}
        return cls(**_complete(values))

    @property
    def engine_url(self) -> str:
        """Where the engine is reached, embedded or not, without a final slash."""
        here = f"http://{connect_host(self.engine_host)}:{self.engine_port}"
        return self.resonate_url or here

    @property
    def http_url(self) -> str:
        """Where the HTTP gateway is reached on this machine."""
        return f"http://{connect_host(self.http_host)}:{self.http_port}"

    @property
    def engine_database(self) -> Path:
        """The embedded engine's file."""
        return self.data_dir / "engine.sqlite3"

    @property
    def inbox_dir(self) -> Path:
        """Where mail goes when there is no SMTP server."""
        return self.data_dir / "inbox"

    def problems_for(self, process: str) -> list[str]:
        """List what keeps one process (or ``up``) from starting, a line each."""
        return [line for check in CHECKS[process] for line in check(self)]

    def require(self, process: str) -> None:
        """Insist that a process can start.

        Raises:
            SettingsError: With what `problems_for` lists.
        """
        if problems := self.problems_for(process):
            raise SettingsError(problems)

    def warnings_for(self, process: str) -> list[str]:
        """List what works but should be known when a process starts."""
        return [line for check in WARNINGS.get(process, ()) for line in check(self)]


def _read_variables(environ: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    problems: list[str] = []
    for variable in VARIABLES:
        text = environ.get(variable.name, "").strip() or variable.default
        try:
            values[variable.field] = None if text is None else variable.read(text)
        except ValueError as error:
            shown = "its value" if variable.secret else repr(text)
            problems.append(f"{variable.name}: {shown} is not right; {error}")
    return values, problems


def _unknown_names(environ: Mapping[str, str]) -> list[str]:
    known = {variable.name for variable in VARIABLES}
    ours = {name for name in environ if name.startswith(_PREFIX)}
    return [
        _unknown_name(name)
        for name in sorted(ours - known)
        if not name.startswith(_FOREIGN_PREFIXES)
    ]


def _unknown_name(name: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 (only a mistake pays for it)

    known = [variable.name for variable in VARIABLES]
    close = get_close_matches(name, known, n=1, cutoff=0.8)
    advice = f"did you mean {close[0]}?" if close else "remove it"
    return f"{name}: no setting has this name; {advice}"


def _signing_problems(values: Mapping[str, Any]) -> list[str]:
    secrets, signing = values.get("secret_keys"), values.get("signing_key")
    if not secrets or signing in secrets or (signing is None and len(secrets) == 1):
        return []
    if signing is None:
        wrong = "SIGNOFF_SECRET_KEYS holds several and none is chosen"
    else:
        wrong = f"{signing!r} is none of SIGNOFF_SECRET_KEYS"
    return [f"SIGNOFF_SIGNING_KEY: {wrong}; give one of {', '.join(sorted(secrets))}"]


def _complete(values: dict[str, Any]) -> dict[str, Any]:
    """Add the defaults that follow from other settings."""
    auth: SenderAuth = "off" if is_loopback(values["mail_host"]) else "require"
    secrets: dict[str, bytes] = values["secret_keys"] or {}
    return values | {
        "secret_keys": secrets,
        "signing_key": values["signing_key"] or next(iter(secrets), None),
        "public_url": values["public_url"] or f"http://localhost:{values['http_port']}",
        "sender_auth": values["sender_auth"] or auth,
    }
