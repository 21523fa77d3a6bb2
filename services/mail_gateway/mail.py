"""One received mail, read: what it says, and what makes it this mail and no other."""

import re
from dataclasses import dataclass
from email.parser import BytesHeaderParser

from signoff.escaping import escape_text

from .inbound import MAX_HEADER, InboundMessage, read_message

#: Characters of outsiders' text that are kept as evidence or logged.
MAX_SHOWN = 200
_KEY_IN_TEXT = re.compile(r"[a-z2-7]{43}", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Mail:
    """A mail that was read."""

    message: InboundMessage
    #: The same for each delivery of the same mail, and for no other mail.
    identity: tuple[str, ...]


def read_mail(raw: bytes, *, null_sender: bool = False) -> Mail:
    """Read a mail as SMTP handed it over.

    Args:
        raw: The content, with CRLF line ends as they came.
        null_sender: Whether its envelope sender was empty. The reader is told as
            RFC 5321 §4.4 has it: a sign of automatic mail, and not proof.
    """
    path = b"Return-Path: <>\r\n" if null_sender else b""
    message = read_message(path + raw)
    return Mail(message, _identify(message, raw))


def show(text: str | None) -> str:
    """Return outsiders' text as evidence keeps it: printable, on a line, not long."""
    return escape_text((text or "")[:MAX_SHOWN])[:MAX_SHOWN]


def show_in_log(text: str | None) -> str:
    """Return outsiders' text as a log has it: as `show`, and without keys of ours."""
    return _KEY_IN_TEXT.sub("(key)", show(text))


def _identify(message: InboundMessage, raw: bytes) -> tuple[str, ...]:
    if message.message_id:
        return (escape_text(message.message_id), message.body_digest)
    # RFC 5322 §3.6.4 only recommends a Message-ID; Date and From are required.
    header = BytesHeaderParser().parsebytes(raw[:MAX_HEADER])
    stamp = (str(header.get(name, "")) for name in ("Date", "From"))
    return ("", *map(escape_text, stamp), message.body_digest)
