"""Mail addresses: what is one, and when two are the same.

Two addresses are the same when their domains agree as A-labels (RFC 5890) and
their local parts agree in lower case. Local parts are never normalised further:
full case folding and NFKC would let one person's address stand for another's
(``straße`` for ``strasse``).
"""

import re
from email.headerregistry import Address
from email.utils import parseaddr

import idna

#: RFC 5321 §4.5.3.1: octets in a local part, and in a path less its brackets.
_MAX_LOCAL, _MAX_ADDRESS = 64, 254
#: RFC 5322 dot-atom, with RFC 6531's letters beyond ASCII.
_LOCAL = re.compile(
    r"[^\s\x00-\x20\x7f-\x9f()<>\[\]:;@\\,.\"]+(\.[^\s\x00-\x20\x7f-\x9f()<>\[\]:;@\\,.\"]+)*"
)
_HOST = re.compile(
    r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)


def parse_address(text: str) -> str:
    """Read one bare address such as ``ada@example.com``.

    ``approver@localhost`` is a good address. The domain comes back in lower
    case, the local part as it was written.

    Raises:
        ValueError: What is wrong with it, in words for whoever wrote it.
    """
    local, at, domain = text.strip().rpartition("@")
    if not at or _LOCAL.fullmatch(local) is None:
        raise ValueError(
            f"{text!r} is no mail address; it should look like ada@example.com"
        )
    if len(local.encode()) > _MAX_LOCAL or len(text.encode()) > _MAX_ADDRESS:
        raise ValueError(f"{text!r} is too long for a mail address")
    if _HOST.fullmatch(_a_label(domain)) is None:
        raise ValueError(f"{text!r} has no valid domain behind the @")
    return f"{local}@{domain.lower()}"


def parse_mailbox(text: str) -> tuple[str, str]:
    """Read ``Ada Lovelace <ada@example.com>`` or a bare address.

    Returns:
        The display name (may be empty) and the address.

    Raises:
        ValueError: As `parse_address`, or the name has control characters.
    """
    name, address = parseaddr(text)
    if not address or any(ord(character) < ord(" ") for character in text):
        raise ValueError(f"{text!r} is no mailbox; write Name <ada@example.com>")
    return name, parse_address(address)


def canonical(address: str) -> str:
    """Return the form in which two spellings of an address are equal."""
    local, _, domain = address.strip().rpartition("@")
    return f"{''.join(map(_lower, local))}@{_a_label(domain)}"


def same_address(one: str, other: str) -> bool:
    """Say whether two addresses reach the same mailbox, as far as they tell."""
    return canonical(one) == canonical(other)


def mailbox(name: str, address: str) -> str:
    """Render a name and an address for a header, quoted as RFC 5322 needs it."""
    local, _, domain = address.rpartition("@")
    return str(Address(name, local, domain))


def _lower(character: str) -> str:
    """Lower one letter; what is not ASCII never becomes ASCII (U+212A is no k)."""
    lowered = character.lower()
    return character if lowered.isascii() and not character.isascii() else lowered


def _a_label(domain: str) -> str:
    """Return the ASCII form of a domain; one that has none is left as it is."""
    try:
        return idna.encode(domain, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        return domain.lower()
