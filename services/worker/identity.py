"""Who sends: the keyed addresses, links and ids that stand in a message."""

from dataclasses import dataclass

from signoff.domain.keys import Keyring, Purpose
from signoff.domain.message import Message


@dataclass(frozen=True, kw_only=True)
class SenderIdentity:
    """What the mails of an installation are signed and addressed with."""

    keyring: Keyring
    #: Display name (may be empty) and address of the From field.
    mail_from: tuple[str, str]
    #: The domain of reply and bounce addresses, ASCII.
    reply_domain: str
    #: What stands before the key in a reply address, such as ``approve+``.
    reply_prefix: str
    #: What stands before the key in an envelope sender, such as ``bounce+``.
    bounce_prefix: str
    #: What links begin with, without a final slash.
    public_url: str


def page_link(identity: SenderIdentity, message: Message) -> str:
    """Return the link to the page of the invitation."""
    key = _key(identity, message, Purpose.LINK, message.invitation)
    return f"{identity.public_url}/respond/{key}"


def reply_address(identity: SenderIdentity, message: Message) -> str:
    """Return the address whose replies answer the invitation."""
    key = _key(identity, message, Purpose.REPLY, message.invitation)
    return f"{identity.reply_prefix}{key}@{identity.reply_domain}"


def envelope_sender(identity: SenderIdentity, message: Message) -> str:
    """Return the address that bounces of this very message go to (VERP).

    What bounces of a confirmation or a notice says nothing of an invitation: a
    purpose of its own tells them apart.
    """
    if message.kind == "invitation":
        key = _key(identity, message, Purpose.BOUNCE, message.invitation)
    else:
        key = _key(identity, message, Purpose.VERDICT, message.id)
    return f"{identity.bounce_prefix}{key}@{identity.reply_domain}"


def message_key(identity: SenderIdentity, message: Message) -> str:
    """Return the key that the Message-ID is made of."""
    return _key(identity, message, Purpose.MESSAGE_ID, message.id)


def message_id(identity: SenderIdentity, message: Message) -> str:
    """Return the Message-ID."""
    return f"<{message_key(identity, message)}@{identity.reply_domain}>"


def invitation_message_id(identity: SenderIdentity, message: Message) -> str:
    """Return the Message-ID of the invitation that a message is about."""
    key = _key(identity, message, Purpose.MESSAGE_ID, message.invitation)
    return f"<{key}@{identity.reply_domain}>"


def _key(identity: SenderIdentity, message: Message, purpose: Purpose, id_: str) -> str:
    return identity.keyring.mint(purpose, id_, secret_id=message.secret_id)
