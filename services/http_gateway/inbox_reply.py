"""Replies that are written in the inbox: real mail, sent by real SMTP."""

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from signoff.domain.addresses import mailbox, parse_mailbox
from signoff.inbox import KeptMail
from signoff.ports import Clock
from signoff.rendering import clean_line

from .inbox_mails import parse_mail
from .told import Tone

#: Longer than the mail gateway takes to give up on the engine.
_PATIENCE = 20.0
#: The gateway is on this machine; no name of it needs to be looked up.
_OUR_NAME = "localhost"
_GOOD, _TEMPORARY = 2, 4
_TONES: dict[int, Tone] = {_GOOD: "positive", _TEMPORARY: "neutral"}


@dataclass(frozen=True)
class Reply:
    """A mail that is ready to be sent."""

    sender: str
    recipient: str
    content: bytes

    @property
    def beyond_ascii(self) -> bool:
        """Whether it needs SMTPUTF8 (RFC 6531)."""
        return not (self.sender + self.recipient).isascii()


@dataclass(frozen=True)
class Verdict:
    """What the mail gateway answered."""

    #: The SMTP reply, or why there was none.
    text: str
    tone: Tone


def compose_reply(kept: KeptMail, sender: str, text: str, clock: Clock) -> Reply:
    """Make the reply that a mail program would make.

    Args:
        kept: The mail that is answered.
        sender: Who answers, as an address with or without a name.
        text: What they wrote; the original is quoted below.
        clock: Says what time it is.

    Raises:
        ValueError: The sender is no mailbox, or the mail asks for no reply.
    """
    original = parse_mail(kept.content)
    name, address = parse_mailbox(sender)
    _, recipient = parse_mailbox(clean_line(original.get("Reply-To", "")))
    reply = EmailMessage()
    reply["From"] = mailbox(name, address)
    reply["To"] = recipient
    reply["Subject"] = _reply_subject(clean_line(original.get("Subject", "")))
    reply["Date"] = format_datetime(clock())
    reply["Message-ID"] = make_msgid(domain=_OUR_NAME)
    message_id = clean_line(original.get("Message-ID", ""))
    references = clean_line(original.get("References", ""))
    reply["In-Reply-To"] = message_id
    reply["References"] = f"{references} {message_id}".strip()
    reply.set_content(f"{text}\n\n{_quote(original)}")
    return Reply(address, recipient, reply.as_bytes())


def send_reply(reply: Reply, place: tuple[str, int]) -> Verdict:
    """Send a reply and return what the mail gateway answered.

    Args:
        reply: What to send.
        place: Host and port of the mail gateway.
    """
    try:
        with smtplib.SMTP(
            *place, local_hostname=_OUR_NAME, timeout=_PATIENCE
        ) as session:
            code, text = _converse(session, reply)
    except (OSError, smtplib.SMTPException) as error:
        where = f"{place[0]}:{place[1]}"
        return Verdict(f"no answer of the mail gateway at {where}: {error}", "negative")
    said = clean_line(text.decode(errors="replace"))
    return Verdict(f"{code} {said}", _TONES.get(code // 100, "negative"))


def _converse(session: smtplib.SMTP, reply: Reply) -> tuple[int, bytes]:
    """Go through one transaction; the first refusal is the answer."""
    session.ehlo()
    options: list[str] = []
    if reply.beyond_ascii:
        session.command_encoding = "utf-8"
        options = ["SMTPUTF8", "BODY=8BITMIME"]
    code, text = session.mail(reply.sender, options)
    if code // 100 == _GOOD:
        code, text = session.rcpt(reply.recipient)
    return session.data(reply.content) if code // 100 == _GOOD else (code, text)


def _reply_subject(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def _quote(original: EmailMessage) -> str:
    body = original.get_body(("plain",))
    lines = str(body.get_content()).splitlines() if body is not None else []
    date, sender = (clean_line(original.get(name, "")) for name in ("Date", "From"))
    return "\n".join([f"On {date}, {sender} wrote:", *(f"> {line}" for line in lines)])
