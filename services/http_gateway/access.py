"""Who may use the operator face, and which pages may send the public form.

Pure: headers in, a refusal or None out. With keys, the key decides alone: no
browser sends it by itself, so no foreign page can borrow it. Without keys this
machine is trusted, and everything that shows that a request comes from elsewhere
refuses it: a name that a foreign site may have rebound to us, a page of another
origin, a proxy in front.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from werkzeug.datastructures import Headers

from signoff.setting_values import is_loopback


@dataclass(frozen=True)
class Refusal:
    """Why a request is not served."""

    #: The HTTP status.
    status: int
    #: What was wrong and what would be right.
    detail: str


NO_KEY = Refusal(401, "send Authorization: Bearer with one of SIGNOFF_API_KEYS")
WRONG_KEY = Refusal(401, "the bearer token is none of SIGNOFF_API_KEYS")
PROXIED = Refusal(401, "behind a proxy a key is needed; set SIGNOFF_API_KEYS")
FOREIGN_HOST = Refusal(403, "without SIGNOFF_API_KEYS only localhost is answered")
FOREIGN_ORIGIN = Refusal(403, "pages of another origin are not answered")

#: What proxies add to what they pass on.
_PROXY_MARKS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")
#: RFC 9110 §11.1: the scheme's case does not matter.
_SCHEME = "bearer "


def judge_operator(
    headers: Headers,
    keys: Sequence[str],
    *,
    loopback: bool,
    public_url: str,
) -> Refusal | None:
    """Say what keeps a request from the operator face; None: nothing.

    Args:
        headers: The request's header fields.
        keys: The keys that are good; empty: none is needed on this machine.
        loopback: Whether only this machine reaches the gateway.
        public_url: The address of our own pages.
    """
    if keys or not loopback:
        return _judge_key(headers.get("Authorization", ""), keys)
    if any(mark in headers for mark in _PROXY_MARKS):
        return PROXIED
    if not is_loopback(_host_name(headers.get("Host", ""))):
        return FOREIGN_HOST
    return _judge_origin(headers, public_url, null_is_ours=False)


def judge_form(headers: Headers, public_url: str) -> Refusal | None:
    """Say what keeps a request from deciding: it was sent by a foreign page.

    An origin of ``null`` is taken for ours, because our pages send no referrer
    and browsers then hide the origin; the key in the address is what counts.
    """
    return _judge_origin(headers, public_url, null_is_ours=True)


def _judge_key(authorization: str, keys: Sequence[str]) -> Refusal | None:
    if not authorization.lower().startswith(_SCHEME):
        return NO_KEY
    given = authorization[len(_SCHEME) :].strip().encode()
    # Each is compared, so that the time tells nothing of which came close.
    matches = [hmac.compare_digest(given, key.encode()) for key in keys]
    return None if any(matches) else WRONG_KEY


def _judge_origin(
    headers: Headers, public_url: str, *, null_is_ours: bool
) -> Refusal | None:
    if headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return FOREIGN_ORIGIN
    origin = headers.get("Origin")
    if origin == "null" and null_is_ours:
        return None
    ours = {headers.get("Host", "").lower(), urlsplit(public_url).netloc.lower()}
    if origin is not None and _origin_place(origin) not in ours:
        return FOREIGN_ORIGIN
    return None


def _origin_place(origin: str) -> str:
    """Return host and port of an origin; its scheme may differ behind a proxy."""
    scheme, _, place = origin.lower().partition("://")
    return place if scheme in {"http", "https"} else ""


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
