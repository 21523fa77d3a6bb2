"""Keys: what stands in a link or a reply address and names one invitation.

A key is ``<which secret: 1><id: 26><MAC: 16>`` in lower-case base32, 43
characters, because mail may lose the case of an address and allows a local
part of 64 octets (RFC 5321 §4.5.3.1.1). The MAC is HMAC-SHA-256 (RFC 2104) over
purpose, secret, id and reply domain, cut to 80 bits: a link's key is no reply
address, and a key for one domain is none for another.
"""

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from signoff.errors import ForgedKeyError, UnknownSecretError

#: Random bytes that `encode_id` turns into an id: 17 octets hold 130 bits.
ID_ENTROPY = 17
_ID_LENGTH, _MAC_OCTETS = 26, 10
_KEY = re.compile(r"([a-z2-7])([a-z2-7]{26})([a-z2-7]{16})", re.ASCII)


class Purpose(StrEnum):
    """What a key is for; a key for one purpose is worth nothing for another."""

    REPLY = "reply"
    LINK = "link"
    BOUNCE = "bounce"
    VERDICT = "verdict"
    MESSAGE_ID = "message-id"


def encode_id(entropy: bytes) -> str:
    """Turn 17 random octets into an id of 26 base32 characters (130 bits)."""
    if len(entropy) != ID_ENTROPY:
        raise ValueError(f"an id takes {ID_ENTROPY} octets, not {len(entropy)}")
    return b32encode(entropy).decode("ascii").lower()[:_ID_LENGTH]


@dataclass(frozen=True)
class Keyring:
    """Our secrets, and the domain that keys are good for."""

    #: Secrets by their one-character id.
    secrets: Mapping[str, bytes] = field(repr=False)
    #: Which of them signs.
    signing: str
    #: The reply domain.
    domain: str

    def mint(self, purpose: Purpose, id_: str, *, secret_id: str | None = None) -> str:
        """Make the key of an id; `secret_id` makes an earlier one again.

        Raises:
            UnknownSecretError: `secret_id` is not among the secrets.
        """
        which = secret_id or self.signing
        return f"{which}{id_}{self._mac(purpose, which, id_)}"

    def open(self, purpose: Purpose, key: str) -> str:
        """Return the id that a key names, in any case of letters.

        Raises:
            UnknownSecretError: It was signed with a secret we do not have.
            ForgedKeyError: It is no key of ours for this purpose.
        """
        matched = _KEY.fullmatch(key.lower())
        if matched is None:
            raise ForgedKeyError("not a key")
        which, id_, mac = matched.groups()
        if not hmac.compare_digest(mac, self._mac(purpose, which, id_)):
            raise ForgedKeyError("not a key of ours")
        return id_

    def _mac(self, purpose: Purpose, which: str, id_: str) -> str:
        secret = self.secrets.get(which)
        if secret is None:
            raise UnknownSecretError(which)
        signed = f"{purpose}\0{which}\0{id_}\0{self.domain.lower()}".encode()
        digest = hmac.digest(secret, signed, hashlib.sha256)
        return b32encode(digest[:_MAC_OCTETS]).decode("ascii").lower()
