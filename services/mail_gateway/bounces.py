"""Read what a mail system says about mail of ours that it could not deliver."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any, Literal

from flufl.bounce import all_failures

from .automatic_words import (
    BOUNCE_SUBJECTS,
    BOUNCE_TEXTS,
    DAEMONS,
    DELAY_TEXTS,
    NO_REPLY,
    TELLING_STEMS,
)
from .bodies import decode_part, leaf_parts, parameter

#: Characters in which a bounce says that it is one.
TELLING = 2500
#: Recipients that are reported at most.
MAX_RECIPIENTS = 50
#: Groups of fields in a report that are read, one for each recipient.
MAX_GROUPS = 200
#: Octets of a message that the detectors of others are given.
MAX_DETECTED = 256 * 1024

_FIELD = re.compile(
    r"^(action|status|final-recipient|original-recipient)[ \t]*:[ \t]*([^\r\n]{0,998})",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,255}\w")
_LISTED = re.compile(rf"^[ \t>*-]*<?({_ADDRESS.pattern})>?(?=[\s:.(,]|$)", re.MULTILINE)
_NAMED = re.compile(
    rf"(?:\bto|\bfor|recipient|address|user|宛先|emailAddress)[\s:\"'(<]{{1,6}}({_ADDRESS.pattern})",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"\s*(?:re|aw|sv|antw|odp|ynt|vs|fwd?|wg|tr|rv|vá|rif|r|bls|atb|odg|ang|doorst|enc|res|ha|回复|回覆|答复|转发|返信"
    r"|회신|답장|ответ|відповідь|отг|απ|رد|השב|תשובה|पुनः)\s*(?:\[\d+\])?\s*[:\uff1a]",
    re.IGNORECASE,
)

type Part = Message[Any, Any]
type Failure = Literal["bounce", "delayed", "delivered"]


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a mail system reports of mail that was sent."""

    #: ``bounce`` where it gave up, ``delayed`` where it still tries.
    kind: Failure
    #: Addresses it speaks of, as they stand there.
    recipients: tuple[str, ...]
    #: What showed that it is a report.
    reason: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The header fields that tell a program from a person, lower case."""

    #: The From field, decoded.
    sender: str
    #: The subject, decoded.
    subject: str
    #: Whether the envelope sender was empty, as far as a relay noted it.
    null_sender: bool
    #: Octets of the whole message.
    size: int

    @property
    def is_daemon(self) -> bool:
        """Whether a program that returns mail is named as the author."""
        return any(daemon in self.sender for daemon in DAEMONS)

    @property
    def is_no_reply(self) -> bool:
        """Whether the address says that nobody reads what is sent to it."""
        return self.sender.rpartition("<")[2].startswith(NO_REPLY)

    @property
    def is_reply(self) -> bool:
        """Whether the subject begins as a person's answer does."""
        return bool(_REPLY.match(self.subject))


def read_report(message: Part, head: Letterhead, text: str) -> DeliveryReport | None:
    """Return the delivery report that a message is, or None.

    Args:
        message: The parsed message.
        head: Its telling header fields.
        text: Its text, decoded.
    """
    return _standard_report(message, head) or _old_style_report(message, head, text)


def _standard_report(message: Part, head: Letterhead) -> DeliveryReport | None:
    """Read a delivery status notification (RFC 3464)."""
    kind = message.get_content_type()
    report_type = parameter(message, "report-type")
    statuses = list(_status_texts(message))
    if not statuses and not (
        kind == "multipart/report" and report_type == "delivery-status"
    ):
        return None
    fields = [found for text in statuses for found in _FIELD.findall(text)]
    values = [(name.lower(), value.strip().lower()) for name, value in fields]
    failure = _failure(values)
    recipients = _unique(
        address
        for name, value in fields
        if name.lower() == "final-recipient"
        for address in _ADDRESS.findall(value)
    )
    if not recipients:
        recipients = _detected(message, head)
    return DeliveryReport(failure, recipients, "delivery status notification")


def _status_texts(message: Part) -> Iterator[str]:
    for part in leaf_parts(message):
        if part.get_content_type() == "message/delivery-status":
            yield _status_text(part)[: 64 * 1024]


def _status_text(part: Part) -> str:
    """Return the fields; the parser makes each group of them a message."""
    if not part.is_multipart():
        return decode_part(part)
    inside: list[Any] = list(part.get_payload())[:MAX_GROUPS]
    groups = [group for group in inside if isinstance(group, Message)]
    return "\n".join(
        f"{name}: {value}" for group in groups for name, value in group.items()
    )


def _failure(values: list[tuple[str, str]]) -> Failure:
    actions = {
        value.split()[0].strip(";,")
        for name, value in values
        if name == "action" and value
    }
    statuses = {value[:1] for name, value in values if name == "status"}
    if any(action.startswith("fail") for action in actions):
        return "bounce"
    if "delayed" in actions:
        return "delayed"
    if actions & {"delivered", "relayed", "expanded"} or statuses == {"2"}:
        return "delivered"
    return "delayed" if statuses == {"4"} else "bounce"


def _old_style_report(
    message: Part, head: Letterhead, text: str
) -> DeliveryReport | None:
    """Read the many that no standard describes."""
    reasons = _old_style_reasons(message, head, text[:TELLING].casefold())
    reason = next(reasons, "")
    if not reason:
        return None
    listed = _detected(message, head) or _named_in_header(message) or _listed(text)
    delayed = _speaks_of_delay(head, text)
    return DeliveryReport("delayed" if delayed else "bounce", listed, reason)


def _old_style_reasons(message: Part, head: Letterhead, start: str) -> Iterator[str]:
    if message.get("X-Failed-Recipients") and not head.is_reply:
        yield "X-Failed-Recipients"
    if _notifies_bounce(start):
        yield "bounce notification"
    said = [phrase for phrase in BOUNCE_TEXTS + DELAY_TEXTS if phrase in start]
    named = any(phrase in head.subject for phrase in BOUNCE_SUBJECTS + DELAY_TEXTS)
    person = head.sender.rpartition("<")[2].startswith("postmaster@")
    answers = person and head.is_reply and not head.null_sender and not named
    if (
        head.is_daemon
        and not answers
        and (said or named or head.null_sender or _detected(message, head))
    ):
        yield "from a mail system"
    telling = any(stem in phrase for phrase in said for stem in TELLING_STEMS)
    if head.null_sender and (telling or named) and not head.is_reply:
        yield "returned by a mail system"
    if telling and (named or head.is_no_reply) and not head.is_reply:
        yield "subject and text of a returned mail"


def _notifies_bounce(start: str) -> bool:
    """Recognise the notice in JSON that a sending service mails."""
    return start.lstrip().startswith("{") and (
        '"notificationtype":"bounce"' in start or '"eventtype":"bounce"' in start
    )


def _speaks_of_delay(head: Letterhead, text: str) -> bool:
    if any(phrase in head.subject for phrase in DELAY_TEXTS):
        return True
    start = text[:600].casefold()
    if any(word in start for word in ("permanent", "failed permanently", "given up")):
        return False
    return any(phrase in start for phrase in DELAY_TEXTS)


def _detected(message: Part, head: Letterhead) -> tuple[str, ...]:
    """Ask flufl.bounce, which raises on some broken messages."""
    if head.size > MAX_DETECTED:
        return ()
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
    try:
        _forget_charsets(message)
        temporary, permanent = all_failures(message)
    except Exception:  # noqa: BLE001 -- whatever its detectors stumble on is no report
        return ()
    found = sorted(permanent) or sorted(temporary)
    return _unique(address.decode("utf-8", "replace") for address in found)


def _forget_charsets(message: Part) -> None:
    """Leave the detectors no charset to decode by: some take their time on purpose."""
    for part in message.walk():
        kind = part.get_content_type()
        del part["Content-Type"]
        part["Content-Type"] = kind


def _named_in_header(message: Part) -> tuple[str, ...]:
    fields = map(str, message.get_all("X-Failed-Recipients", []))
    return _unique(address for field in fields for address in _ADDRESS.findall(field))


def _listed(text: str) -> tuple[str, ...]:
    start = text[:TELLING]
    return _unique(_LISTED.findall(start) or _NAMED.findall(start))


def _unique(addresses: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(addresses))[:MAX_RECIPIENTS]
