"""What each process cannot start without, and what it should warn of.

Each check looks at whole settings and returns a line per problem: the name,
what is wrong, what would be right. The tables at the end say who is checked
for what.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from signoff.setting_values import is_loopback

if TYPE_CHECKING:
    from signoff.settings import Settings


def _check_keys_of_face(settings: "Settings") -> list[str]:
    if settings.api_keys or is_loopback(settings.http_host):
        return []
    return _line(
        f"SIGNOFF_API_KEYS: not set, but SIGNOFF_HTTP_HOST={settings.http_host} is "
        "reached from other machines; give keys, or listen on 127.0.0.1"
    )


def _check_secrets(settings: "Settings") -> list[str]:
    if not settings.resonate_url or settings.secret_keys:
        return []
    return _line(
        "SIGNOFF_SECRET_KEYS: must be set with RESONATE_URL, the same for every "
        "gateway and worker; give id:secret, such as a:<32 random characters>"
    )


def _check_smtp(settings: "Settings") -> list[str]:
    if not settings.resonate_url or settings.smtp_url:
        return []
    return _line(
        "SIGNOFF_SMTP_URL: must be set with RESONATE_URL; give "
        "smtp://[user:password@]host:port, smtps://… or smtp+starttls://…"
    )


def _check_reachable(settings: "Settings") -> list[str]:
    """Refuse to mail people links and addresses that only work on this machine."""
    if not settings.smtp_url or not settings.smtp_url.reaches_people:
        return []
    why = "cannot be localhost while SIGNOFF_SMTP_URL sends to real people; give"
    problems: list[str] = []
    if is_loopback(urlsplit(settings.public_url).hostname or ""):
        problems.append(f"SIGNOFF_PUBLIC_URL: {why} what approvers reach, https://…")
    if is_loopback(settings.reply_domain):
        right = "the domain whose mail reaches the mail gateway"
        problems.append(f"SIGNOFF_REPLY_DOMAIN: {why} {right}")
    return problems


def _check_ports(settings: "Settings") -> list[str]:
    """Refuse one port for two listeners of the same `up`."""
    taken: dict[int, str] = {}
    problems: list[str] = []
    for name, port in (
        ("SIGNOFF_HTTP_PORT", settings.http_port),
        ("SIGNOFF_MAIL_PORT", settings.mail_port),
        ("SIGNOFF_ENGINE_PORT", settings.engine_port),
    ):
        if (other := taken.setdefault(port, name)) != name:
            problems.append(f"{name}: {other} is {port} too; give another port")
    return problems


def _warn_of_sender_auth(settings: "Settings") -> list[str]:
    if settings.sender_auth != "off" or is_loopback(settings.mail_host):
        return []
    return _line(
        "SIGNOFF_SENDER_AUTH: off, while other machines reach the mail gateway; "
        "whoever holds a reply address and forges its owner's From decides"
    )


def _warn_of_open_face(settings: "Settings") -> list[str]:
    host = urlsplit(settings.public_url).hostname or ""
    if settings.api_keys or is_loopback(host):
        return []
    return _line(
        f"SIGNOFF_API_KEYS: not set, while {host} is reached from other machines; a "
        "proxy that hides where requests come from opens the operator face to them"
    )


def _warn_of_clear_password(settings: "Settings") -> list[str]:
    url = settings.smtp_url
    if not url or not url.password or url.tls != "none" or not url.reaches_people:
        return []
    return _line(
        "SIGNOFF_SMTP_URL: the password travels in clear; "
        "use smtp+starttls:// or smtps:// where the server can"
    )


def _warn_of_local_sender(settings: "Settings") -> list[str]:
    domain = settings.mail_from.address.rpartition("@")[2]
    if not settings.smtp_url or not settings.smtp_url.reaches_people:
        return []
    if not is_loopback(domain):
        return []
    return _line(
        f"SIGNOFF_MAIL_FROM: {domain} is no domain that other servers believe; "
        "give an address of a domain that you may send for"
    )


def _line(text: str) -> list[str]:
    return [text]


type Check = Callable[["Settings"], list[str]]

#: What each process cannot start without.
CHECKS: dict[str, tuple[Check, ...]] = {
    "engine": (),
    "worker": (_check_secrets, _check_smtp, _check_reachable),
    "mail-gateway": (_check_secrets,),
    "http-gateway": (_check_secrets, _check_keys_of_face),
    "up": (
        _check_secrets,
        _check_smtp,
        _check_reachable,
        _check_keys_of_face,
        _check_ports,
    ),
}

#: What works, but should be known when a process starts.
WARNINGS: dict[str, tuple[Check, ...]] = {
    "http-gateway": (_warn_of_open_face,),
    "mail-gateway": (_warn_of_sender_auth,),
    "worker": (_warn_of_clear_password, _warn_of_local_sender),
}
