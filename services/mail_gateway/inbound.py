"""Read a raw message: who wrote it, to whom, what it is and what it newly says."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any, Literal

from .absence import absent_until
from .automatic import automatic_reason
from .bodies import decode_text, read_bodies
from .bounces import DeliveryReport, Letterhead, read_report
from .costly_octets import cut_costly
from .reply import extract_reply

#: Octets of a message that are parsed: photographs may stand before the text.
MAX_MESSAGE = 12 * 1024 * 1024
#: Boundaries in a message; the parser's time grows with their nesting.
MAX_BOUNDARIES = 60
#: Boundaries times octets: how long the parser of nested parts may take.
MAX_NESTING = 64 * 1024 * 1024
#: Lines that may be boundaries; a long text has some rules.
MAX_DASHED = 5000
#: Octets of a delivery report: what it reports stands before what it returns.
MAX_REPORT = 256 * 1024
#: Octets of the header block; a person's mail has a few thousand.
MAX_HEADER = 256 * 1024
#: Characters of one header field that are read.
MAX_FIELD = 16 * 1024
#: What the reader of reports says of one by RFC 3464.
STANDARD_REPORT = "delivery status notification"
#: Fields of one name that are read.
MAX_FIELDS = 20

_ID = re.compile(r"<([^<>\s]{1,998})>|([^<>\s,]{1,998}@[^<>\s,]{1,998})")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_BOUNDARY = re.compile(rb"boundary[ \t]*=", re.IGNORECASE)
_NULL_SENDERS = frozenset({"<>", "", "<mailer-daemon>"})
_RECIPIENT_FIELDS = ("To", "Cc", "Delivered-To", "X-Original-To", "X-Forwarded-To")

type Kind = Literal["human", "auto_reply", "bounce", "delayed"]
type Parsed = Message[Any, Any]


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """What a message that came in is and says."""

    #: Whether a person wrote it, and if not, what it is.
    kind: Kind
    #: Why it is of this kind.
    reason: str
    #: The new text that its author wrote, ``""`` where there is none.
    reply_text: str
    #: The address in its From field; None unless there is exactly one.
    sender: str | None
    #: The subject, decoded, on one line.
    subject: str
    #: The Message-ID without brackets, or None.
    message_id: str | None
    #: Addresses of To, Cc, Delivered-To, X-Original-To and X-Forwarded-To.
    recipients: tuple[str, ...]
    #: Ids of In-Reply-To, then of References, without brackets.
    references: tuple[str, ...]
    #: SHA-256 of the reply text in UTF-8, in hexadecimal.
    body_digest: str
    #: Whom a bounce or a delay speaks of.
    failed_recipients: tuple[str, ...] = ()
    #: When an absence ends, where the note says so.
    absent_until: date | None = None


def read_message(raw: bytes) -> InboundMessage:
    """Read a message; any octets are some message, so this never raises.

    Args:
        raw: The message as it came, without its envelope.
    """
    message, plain, html = _parse(raw)
    text = extract_reply(plain, html=html)
    subject = _decoded(_field(message, "Subject"))
    head = Letterhead(
        _decoded(_field(message, "From")).casefold(),
        subject.casefold(),
        _null_sender(message),
        len(raw),
    )
    whole = plain if plain.strip() else text
    kind, reason, report = _classify(message, head, whole)
    return InboundMessage(
        kind=kind,
        reason=reason,
        reply_text=text,
        sender=_sender(message),
        subject=subject,
        message_id=next(iter(_ids(_field(message, "Message-ID"))), None),
        recipients=_recipients(message),
        references=_references(message),
        body_digest=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
        failed_recipients=report.recipients if report else (),
        absent_until=_absence(kind, message, f"{subject}\n{whole}"),
    )


def _parse(raw: bytes) -> tuple[Parsed, str, str]:
    """Parse a message; of one that is nested to harm only the header is read."""
    raw = _bounded(raw)
    try:
        if _is_harmless(raw):
            message = message_from_bytes(raw, policy=policy.compat32)
            return message, *read_bodies(message)
    except (MessageError, RecursionError, ValueError, LookupError, TypeError):
        pass
    header = _HEADER_END.split(raw, maxsplit=1)[0]
    plain_header = re.sub(rb"(?im)^content-type:", b"X-Content-Type:", header)
    message = message_from_bytes(plain_header + b"\n\n", policy=policy.compat32)
    return message, "", ""


def _is_harmless(raw: bytes) -> bool:
    boundaries = len(_BOUNDARY.findall(raw))
    if boundaries > MAX_BOUNDARIES or boundaries * len(raw) > MAX_NESTING:
        return False
    return raw.count(b"\n--") <= MAX_DASHED or not boundaries


def _bounded(raw: bytes) -> bytes:
    """Cut what costs time without end: header fields, groups of a status report."""
    raw = cut_costly(raw[:MAX_MESSAGE])
    end = _HEADER_END.search(raw)
    if end is None or end.start() > MAX_HEADER:
        return raw[:MAX_HEADER]
    reports = b"delivery-status" in raw[: end.start() + MAX_HEADER].lower()
    return raw[:MAX_REPORT] if reports else raw


def _classify(
    message: Parsed, head: Letterhead, text: str
) -> tuple[Kind, str, DeliveryReport | None]:
    """Test for a bounce first: many carry ``Auto-Submitted: auto-replied``."""
    report = read_report(message, head, text)
    if report and _is_only_attached(message, head, report):
        report = None
    if report and report.kind != "delivered":
        return report.kind, report.reason, report
    if report:
        return "auto_reply", report.reason, None
    if reason := automatic_reason(message, head, text):
        return "auto_reply", reason, None
    return "human", "no sign of a program", None


def _is_only_attached(
    message: Parsed, head: Letterhead, report: DeliveryReport
) -> bool:
    """Tell whether a person attached a status notification to what they wrote."""
    if report.reason != STANDARD_REPORT or head.is_daemon or head.null_sender:
        return False
    kind = message.get_content_type()
    return kind not in {"multipart/report", "message/delivery-status"}


def _fields(message: Parsed, name: str) -> list[str]:
    """Return the values of a field as they stand: octets beyond ASCII are kept."""
    wanted = name.lower()
    values = [value for key, value in message.raw_items() if key.lower() == wanted]
    return [str(value)[:MAX_FIELD] for value in values[:MAX_FIELDS]]


def _field(message: Parsed, name: str) -> str:
    return next(iter(_fields(message, name)), "")


def _decoded(value: str) -> str:
    """Decode the encoded words of a field; what cannot be decoded stays."""
    try:
        pieces = decode_header(value)
    except (MessageError, ValueError, LookupError):
        return _one_line(value)
    return _one_line("".join(_piece(data, charset) for data, charset in pieces))


def _piece(data: bytes | str, charset: str | None) -> str:
    if isinstance(data, str):
        return data
    return decode_text(data, (charset or "").lower())


def _one_line(value: str) -> str:
    readable = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(readable.split())


def _null_sender(message: Parsed) -> bool:
    fields = _fields(message, "Return-Path") + _fields(message, "X-Envelope-From")
    return any(value.strip().lower() in _NULL_SENDERS for value in fields)


def _sender(message: Parsed) -> str | None:
    """Return the address of the one mailbox in the one From field (RFC 5322)."""
    fields = _fields(message, "From")
    if len(fields) != 1 or len(fields[0]) >= MAX_FIELD:
        return None
    mailboxes = _mailboxes(fields)
    return mailboxes[0] if len(mailboxes) == 1 and _is_address(mailboxes[0]) else None


def _mailboxes(fields: list[str]) -> list[str]:
    """Return what stands in place of addresses; a malformed one is none of them."""
    try:
        pairs = getaddresses(fields)
    except (MessageError, ValueError, IndexError, RecursionError, TypeError):
        return []
    return [_one_line(address) for _, address in pairs]


def _is_address(text: str) -> bool:
    return "@" in text and " " not in text


def _addresses(fields: list[str]) -> list[str]:
    return list(filter(_is_address, _mailboxes(fields)))


def _recipients(message: Parsed) -> tuple[str, ...]:
    fields = [value for name in _RECIPIENT_FIELDS for value in _fields(message, name)]
    found = [address for field in fields for address in _addresses([field])]
    return tuple(dict.fromkeys(found))


def _references(message: Parsed) -> tuple[str, ...]:
    fields = [_field(message, "In-Reply-To"), _field(message, "References")]
    return tuple(dict.fromkeys(found for field in fields for found in _ids(field)))


def _ids(field: str) -> list[str]:
    """Return the ids of a field; Outlook and iOS join them by commas."""
    return [_one_line(match[1] or match[2]) for match in _ID.finditer(field)]


def _absence(kind: Kind, message: Parsed, text: str) -> date | None:
    if kind != "auto_reply":
        return None
    try:
        written = parsedate_to_datetime(_field(message, "Date")).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        written = None
    return absent_until(text, written)
