"""Composing: a message and who sends it become the bytes of a mail.

Pure: the same message and identity make the same bytes in every process, so
that a repeat after a crash is known as the same mail.
"""

from dataclasses import dataclass
from email.utils import format_datetime

from signoff.domain.addresses import canonical
from signoff.domain.message import Message, MessageKind
from signoff.rendering import clean_line

from .identity import (
    SenderIdentity,
    envelope_sender,
    invitation_message_id,
    message_id,
    message_key,
    page_link,
    reply_address,
)
from .letters import Letter, write_letter
from .mime import alternative, mailbox_value, text_value

__all__ = ["ComposedMail", "SenderIdentity", "compose"]

#: RFC 3834 §5: a notice answers a mail; an invitation answers nothing.
_AUTO_SUBMITTED: dict[MessageKind, str] = {
    "invitation": "auto-generated",
    "confirmation": "auto-replied",
    "notice": "auto-replied",
}


@dataclass(frozen=True, kw_only=True)
class ComposedMail:
    """A mail as it goes to an SMTP server."""

    #: The key that its Message-ID is made of.
    key: str
    #: The envelope sender (VERP).
    envelope_from: str
    #: The one envelope recipient, its domain in ASCII.
    recipient: str
    #: Header and body, lines in CRLF.
    content: bytes
    #: Whether an address takes SMTPUTF8 (RFC 6531).
    smtputf8: bool


def compose(message: Message, sender: SenderIdentity) -> ComposedMail:
    """Compose the mail of a message.

    Raises:
        UnknownSecretError: The secret that signs its keys is not there any more.
    """
    recipient = _wire_address(message.to.address)
    letter = write_letter(
        message, page_link(sender, message), reply_address(sender, message)
    )
    content = alternative(
        _fields(message, sender, letter),
        letter.text,
        letter.html,
        boundary=message.boundary,
    )
    return ComposedMail(
        key=message_key(sender, message),
        envelope_from=envelope_sender(sender, message),
        recipient=recipient,
        content=content,
        smtputf8=not (recipient + sender.mail_from[1]).isascii(),
    )


def _fields(
    message: Message, sender: SenderIdentity, letter: Letter
) -> list[tuple[str, str]]:
    from_name, from_address = sender.mail_from
    from_, to = _wire_address(from_address), _wire_address(message.to.address)
    return [
        ("From", mailbox_value("From", clean_line(from_name), from_)),
        ("To", mailbox_value("To", clean_line(message.to.name), to)),
        *_reply_to(message, sender, letter),
        ("Subject", text_value("Subject", letter.subject)),
        ("Date", format_datetime(message.date)),
        ("Message-ID", message_id(sender, message)),
        *_thread(message, sender),
        ("Auto-Submitted", _AUTO_SUBMITTED[message.kind]),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("X-Signoff-Message", message.kind),
        ("Content-Language", "en"),
    ]


def _reply_to(
    message: Message, sender: SenderIdentity, letter: Letter
) -> list[tuple[str, str]]:
    """Return Reply-To where a reply can decide; else replies go to From."""
    if not letter.answerable:
        return []
    return [("Reply-To", reply_address(sender, message))]


def _thread(message: Message, sender: SenderIdentity) -> list[tuple[str, str]]:
    if message.kind == "invitation":
        return []
    first = invitation_message_id(sender, message)
    return [("In-Reply-To", first), ("References", first)]


def _wire_address(address: str) -> str:
    """Return an address with its domain as A-labels (RFC 5890)."""
    local = address.rpartition("@")[0]
    return f"{local}@{canonical(address).rpartition('@')[2]}"
