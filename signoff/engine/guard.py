"""Who may talk to the engine: checked before a byte of the body is read."""

from __future__ import annotations

import hmac
import ipaddress
from typing import TYPE_CHECKING

from signoff.engine.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from signoff.engine.config import EngineConfig


def check_host(headers: Mapping[str, str], config: EngineConfig) -> None:
    """Refuse a Host that is neither loopback nor configured (DNS rebinding).

    An engine bound to every address accepts every name: its operator opened it.

    Raises:
        RefusedError: 403.
    """
    host = _name_of(headers.get("Host", ""))
    known = {config.host, *config.allowed_hosts}
    if not (is_loopback(host) or host in known or _is_everywhere(config.host)):
        raise RefusedError(403, "Host is not one of this engine's")


def check_origin(headers: Mapping[str, str]) -> None:
    """Refuse what a browser sends for a page.

    Raises:
        RefusedError: 403.
    """
    if "Origin" in headers:
        raise RefusedError(403, "Requests from web pages are refused")


def check_token(headers: Mapping[str, str], token: str) -> None:
    """Refuse a request without the engine's bearer token.

    Raises:
        RefusedError: 401.
    """
    scheme, _, given = headers.get("Authorization", "").partition(" ")
    same = hmac.compare_digest(
        given.strip().encode("utf-8", "surrogateescape"), token.encode()
    )
    if scheme.lower() != "bearer" or not same:
        raise RefusedError(401, "A bearer token is required")


def is_loopback(host: str) -> bool:
    """Whether a name or address without port is this machine's own."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _name_of(host: str) -> str:
    name = host.lower().strip()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.rpartition(":")[0] if ":" in name else name


def _is_everywhere(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False
