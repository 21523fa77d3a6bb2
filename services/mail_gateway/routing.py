"""Say from a recipient's address alone what its mail is for.

No engine is asked: the key in the address carries its own proof, so whoever
guesses addresses learns nothing about what exists.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from signoff.domain.addresses import same_address
from signoff.domain.keys import Keyring, Purpose
from signoff.errors import ForgedKeyError, UnknownSecretError

#: RFC 5321 §4.5.1 and RFC 2142 §5: every domain that takes mail has these.
_ROLES = frozenset({"postmaster", "abuse"})


@dataclass(frozen=True)
class Reply:
    """Mail to the reply address of an invitation: it may decide."""

    #: The invitation's id.
    invitation: str


@dataclass(frozen=True)
class Bounce:
    """Mail to the envelope sender of an invitation: what became of its message."""

    #: The invitation's id.
    invitation: str


@dataclass(frozen=True)
class NoticeBounce:
    """Mail to the envelope sender of a notice or a confirmation."""

    #: The id of that message.
    message: str


@dataclass(frozen=True)
class Postmaster:
    """Mail to whoever runs this domain."""


class Refused(Enum):
    """Why an address takes no mail."""

    #: It is of another domain.
    FOREIGN = auto()
    #: It is none of ours, or forged.
    UNKNOWN = auto()
    #: Its key was signed with a secret that is not here: not yet, perhaps.
    UNDECIDED = auto()


#: A route that names one invitation or message.
type Keyed = Reply | Bounce | NoticeBounce
type Route = Keyed | Postmaster

_ROUTES = {
    Purpose.REPLY: Reply,
    Purpose.BOUNCE: Bounce,
    Purpose.VERDICT: NoticeBounce,
}


def read_recipient(
    address: str, keyring: Keyring, *, reply_prefix: str, bounce_prefix: str
) -> Route | Refused:
    """Say what mail to an address is for, in any case of its letters.

    Args:
        address: The recipient as RCPT names it; a bare ``postmaster`` is one.
        keyring: Our secrets, and the reply domain.
        reply_prefix: What stands before the key in a reply address.
        bounce_prefix: What stands before it in an envelope sender.
    """
    local, at, domain = address.rpartition("@")
    if not at:
        return Postmaster() if address.lower() == "postmaster" else Refused.UNKNOWN
    if not same_address(f"x@{domain}", f"x@{keyring.domain}"):
        return Refused.FOREIGN
    if local.lower() in _ROLES:
        return Postmaster()
    purposes = (
        (reply_prefix, Purpose.REPLY),
        (bounce_prefix, Purpose.BOUNCE),
        (bounce_prefix, Purpose.VERDICT),
    )
    return _open_key(keyring, _candidates(local.lower(), purposes))


def _candidates(
    local: str, purposes: tuple[tuple[str, Purpose], ...]
) -> Iterator[tuple[Purpose, str]]:
    """Yield what the key could be; one prefix may begin with the other."""
    for prefix, purpose in purposes:
        if local.startswith(prefix):
            yield purpose, local.removeprefix(prefix)


def _open_key(
    keyring: Keyring, candidates: Iterator[tuple[Purpose, str]]
) -> Route | Refused:
    refused = Refused.UNKNOWN
    for purpose, key in candidates:
        try:
            return _ROUTES[purpose](keyring.open(purpose, key))
        except UnknownSecretError:
            refused = Refused.UNDECIDED
        except ForgedKeyError:
            continue
    return refused
