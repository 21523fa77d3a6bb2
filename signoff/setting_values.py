"""How one setting's text becomes a value: a parser for each kind.

Each parser takes the text of one environment variable and returns its value,
or raises `ValueError` with what would be right. The message never repeats the
text: `signoff.settings` adds it where the setting is no secret.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from signoff.domain.addresses import mailbox, parse_mailbox
from signoff.domain.durations import parse_duration

type Tls = Literal["none", "starttls", "implicit"]

#: How each scheme of an SMTP URL is secured, and its registered port.
_SMTP_SCHEMES: dict[str, tuple[Tls, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("implicit", 465),
}
#: Below this, a random secret can be guessed.
_LEAST_SECRET = 16
#: RFC 5321 §4.5.3.1.1 allows a local part of 64 octets; a key takes 43.
_LONGEST_PREFIX = 64 - 43
_LONGEST_DEADLINE = timedelta(days=365)
_SHORTEST_LEASE, _LONGEST_LEASE = timedelta(seconds=0.5), timedelta(hours=1)
_LAST_PORT = 65535
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*", re.ASCII)
_SECONDS = re.compile(r"([0-9]{1,6}(\.[0-9]{1,3})?)s?", re.ASCII)
#: Mail catchers by the name that a container network gives them. What they are
#: sent never leaves them, so links to localhost do no harm there.
_CATCHERS = frozenset({"mailpit"})


@dataclass(frozen=True)
class MailAddress:
    """A mailbox as a header shows it."""

    #: The display name; may be empty.
    name: str
    #: The bare address.
    address: str

    def __str__(self) -> str:
        return mailbox(self.name, self.address)


@dataclass(frozen=True)
class SmtpUrl:
    """The server that takes outgoing mail."""

    #: Name or address of the server.
    host: str
    #: Its port.
    port: int
    #: Whom to log in as; none: without logging in.
    username: str | None = None
    #: The password; never shown.
    password: str | None = field(default=None, repr=False)
    #: ``implicit`` is TLS from the first octet (RFC 8314).
    tls: Tls = "none"

    @property
    def reaches_people(self) -> bool:
        """Whether what is sent there may leave this machine."""
        return not is_loopback(self.host) and self.host not in _CATCHERS


def is_loopback(host: str) -> bool:
    """Say whether a name or an address means this machine and no other.

    ``localhost`` and all below it do (RFC 6761 §6.3), as does every loopback
    address, with or without brackets.
    """
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def connect_host(host: str) -> str:
    """Return where to connect to for what listens on `host`, ready for a URL.

    A wildcard is reached by loopback; an IPv6 address gets its brackets.
    """
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (read, not bound)
    return f"[{reachable}]" if ":" in reachable else reachable


def parse_path(text: str) -> Path:
    """Read a path; ``~`` is the home directory."""
    return Path(text).expanduser()


def parse_port(text: str, *, least: int = 1) -> int:
    """Read a TCP port."""
    if not (text.isascii() and text.isdigit() and least <= int(text) <= _LAST_PORT):
        raise ValueError(f"give a port from {least} to {_LAST_PORT}")
    return int(text)


def parse_optional_port(text: str) -> int:
    """Read a TCP port, where 0 means none."""
    return parse_port(text, least=0)


def parse_host(text: str) -> str:
    """Read a host name or an address to listen on."""
    bare = text.removeprefix("[").removesuffix("]")
    if _is_address(bare) or _DOMAIN.fullmatch(bare.lower()):
        return bare
    raise ValueError("give a host name or an address, such as 127.0.0.1")


def parse_domain(text: str) -> str:
    """Read a mail domain, in lower case."""
    if _DOMAIN.fullmatch(text.lower()) is None:
        raise ValueError("give a domain in ASCII, such as reply.example.com")
    return text.lower()


def parse_prefix(text: str) -> str:
    """Read what stands before the key in an address."""
    if not re.fullmatch(rf"[a-z0-9][a-z0-9+.-]{{0,{_LONGEST_PREFIX - 1}}}", text):
        raise ValueError(
            f"give 1 to {_LONGEST_PREFIX} of a-z 0-9 + - . in lower case "
            "(mail may lose the case), such as approve+"
        )
    return text


def parse_http_url(text: str) -> str:
    """Read an HTTP address, perhaps with a path; a final slash is dropped."""
    advice = "give an address such as https://signoff.example.com"
    parts = _split(text, advice)
    extras = parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in {"http", "https"} or not parts.hostname or extras:
        raise ValueError(f"{advice}, without user, query or fragment")
    return text.rstrip("/")


def parse_smtp_url(text: str) -> SmtpUrl:
    """Read ``smtp://``, ``smtps://`` or ``smtp+starttls://``."""
    advice = (
        "give smtp://[user:password@]host:port, smtps://… or smtp+starttls://…, "
        "with odd characters of the password percent-encoded"
    )
    parts = _split(text, advice)
    extras = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in _SMTP_SCHEMES or not parts.hostname or extras:
        raise ValueError(advice)
    if bool(parts.username) != bool(parts.password):
        raise ValueError("give both a user and a password, or neither")
    tls, default_port = _SMTP_SCHEMES[parts.scheme]
    return SmtpUrl(
        parts.hostname,
        parts.port or default_port,
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
        tls,
    )


def parse_mail_address(text: str) -> MailAddress:
    """Read ``Ada Lovelace <ada@example.com>`` or a bare address."""
    try:
        return MailAddress(*parse_mailbox(text))
    except ValueError as error:
        raise ValueError("give a mailbox such as Name <ada@example.com>") from error


def parse_deadline(text: str) -> timedelta:
    """Read a duration of at most 365 days."""
    advice = "give more than nothing and at most 365d, such as 90m, 4h or 7d"
    try:
        deadline = parse_duration(text)
    except ValueError as error:
        raise ValueError(advice) from error
    if not timedelta(0) < deadline <= _LONGEST_DEADLINE:
        raise ValueError(advice)
    return deadline


def parse_lease(text: str) -> timedelta:
    """Read a task lease: seconds with or without the ``s``, or ``2m``."""
    advice = "give from 0.5s to 1h, such as 15, 15s or 2m"
    seconds = _SECONDS.fullmatch(text)
    try:
        lease = (
            timedelta(seconds=float(seconds[1])) if seconds else parse_duration(text)
        )
    except ValueError as error:
        raise ValueError(advice) from error
    if not _SHORTEST_LEASE <= lease <= _LONGEST_LEASE:
        raise ValueError(advice)
    return lease


def parse_group(text: str) -> str:
    """Read the name of a worker group; it stands in the engine's addresses."""
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,100}", text):
        raise ValueError("give 1 to 100 of A-Z a-z 0-9 . _ -")
    return text


def parse_token(text: str) -> str:
    """Read a bearer token (RFC 6750 §2.1: visible ASCII, so that it fits a header)."""
    if not re.fullmatch(r"[!-~]+", text):
        raise ValueError("give visible ASCII characters without a space")
    return text


def parse_api_keys(text: str) -> tuple[str, ...]:
    """Read keys of the operator face, separated by commas."""
    keys = _split_list(text)
    if not all(re.fullmatch(rf"[!-~]{{{_LEAST_SECRET},}}", key) for key in keys):
        raise ValueError(
            f"give keys of at least {_LEAST_SECRET} visible ASCII characters, "
            "separated by commas"
        )
    return keys


def parse_secret_keys(text: str) -> dict[str, bytes]:
    """Read ``id:secret`` pairs, separated by commas."""
    advice = (
        "give id:secret pairs separated by commas; each id one of a-z 2-7 and "
        f"used once, each secret at least {_LEAST_SECRET} characters"
    )
    pairs = [pair.partition(":") for pair in _split_list(text)]
    found = {id_: secret.encode() for id_, _, secret in pairs}
    good = all(_is_key_id(id_) and len(key) >= _LEAST_SECRET for id_, _, key in pairs)
    if not good or len(found) != len(pairs):
        raise ValueError(advice)
    return found


def parse_signing_key(text: str) -> str:
    """Read the id of the secret that signs."""
    if not _is_key_id(text):
        raise ValueError("give the id of one of SIGNOFF_SECRET_KEYS: one of a-z 2-7")
    return text


def parse_modules(text: str) -> tuple[str, ...]:
    """Read names of Python modules, separated by commas."""
    names = _split_list(text)
    if not all(part.isidentifier() for name in names for part in name.split(".")):
        raise ValueError("give names of modules separated by commas, such as my.flows")
    return tuple(dict.fromkeys(names))


def one_of(*words: str) -> Callable[[str], str]:
    """Make the parser of a setting that takes one of a few words."""

    def parse_word(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(f"give {', '.join(words[:-1])} or {words[-1]}")
        return text.lower()

    return parse_word


def _split(text: str, advice: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # read here, because it is checked only when read
    except ValueError as error:
        raise ValueError(advice) from error
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(advice)
    return parts


def _split_list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _is_key_id(text: str) -> bool:
    return re.fullmatch(r"[a-z2-7]", text) is not None


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
