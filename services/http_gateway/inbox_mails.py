"""A kept mail as the inbox shows it: parsed, never trusted."""

import html
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import parse_qs, urlsplit

from signoff.inbox import KeptMail
from signoff.rendering import clean_line, clean_text

_MAILTO = re.compile(r'href="(mailto:[^"]*)"')
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
#: A click in the frame must not load a page of ours into the frame.
_BASE = '<base target="_blank">'


@dataclass(frozen=True, kw_only=True)
class ShownMail:
    """What a person sees of a mail."""

    name: str
    subject: str
    sender: str
    #: Whom it went to: the envelope recipient.
    recipient: str
    #: The envelope sender.
    envelope_from: str
    at: datetime
    #: Header fields in their order, one line each.
    headers: tuple[tuple[str, str], ...]
    text: str
    #: The HTML part; empty: there is none. Only for a sandbox.
    html: str
    #: Where a reply goes; empty: it asks for none.
    reply_to: str
    #: The ready-made answers that it offers.
    answers: tuple[str, ...]


def parse_mail(content: bytes) -> EmailMessage:
    """Parse the bytes of a mail."""
    return message_from_bytes(content, policy=policy.default)


def show_mail(kept: KeptMail) -> ShownMail:
    """Return what there is to see of a kept mail."""
    mail = parse_mail(kept.content)
    page = _part(mail, "html")
    return ShownMail(
        name=kept.name,
        subject=clean_line(mail.get("Subject", "")) or "(no subject)",
        sender=clean_line(mail.get("From", "")),
        recipient=kept.recipient,
        envelope_from=kept.envelope_from,
        at=kept.at,
        headers=tuple((name, clean_line(value)) for name, value in mail.items()),
        text=clean_text(_part(mail, "plain")),
        html=page,
        reply_to=clean_line(mail.get("Reply-To", "")),
        answers=_answers(page),
    )


def frame_html(page: str) -> str:
    """Return an HTML part for a frame: its links open beside it."""
    framed, found = _HEAD.subn(lambda head: head[0] + _BASE, page, count=1)
    return framed if found else _BASE + page


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _answers(page: str) -> tuple[str, ...]:
    """Return the bodies of the ready-made replies, in their order."""
    links = (urlsplit(html.unescape(found)) for found in _MAILTO.findall(page))
    bodies = (parse_qs(link.query).get("body", [""])[0].strip() for link in links)
    return tuple(dict.fromkeys(body for body in bodies if body and "\n" not in body))
