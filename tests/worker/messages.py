"""Messages to compose, and who sends them."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from services.worker.compose import ComposedMail, SenderIdentity, compose
from signoff.domain.choices import DEFAULT_CHOICES
from signoff.domain.keys import Keyring
from signoff.domain.message import Message, MessageKind
from signoff.domain.request import Approver
from signoff.domain.request_json import choice_to_json

INVITATION, NOTICE = "b" * 26, "c" * 26
DATE = datetime(2026, 11, 23, 21, 10, 5, tzinfo=UTC)
DEADLINE = "2026-11-30T21:10:05+00:00"
KEYS = Keyring({"a": b"a secret of 20 bytes"}, "a", "reply.example.com")
SENDER = SenderIdentity(
    keyring=KEYS,
    mail_from=("Signoff", "signoff@example.com"),
    reply_domain="reply.example.com",
    reply_prefix="approve+",
    bounce_prefix="bounce+",
    public_url="https://signoff.example.com/desk",
)
REQUEST: dict[str, Any] = {
    "subject": "Roll out release 4.2",
    "body": "We would like to roll out **release 4.2** on Thursday.",
    "approvers": [{"address": "grace@example.com"}],
    "policy": "any",
    "requester": "Ada Lovelace <ada@example.com>",
}
ANSWER: dict[str, Any] = {
    "approver": "grace@example.com",
    "choice": "approve",
    "comment": "Fine with me.",
    "channel": "reply",
    "at": "2026-11-23T22:00:00+00:00",
}
SUMMARY: dict[str, Any] = {
    "kind": "summary",
    "outcome": "reject",
    "approved": False,
    "reason": "unmeetable",
    "decided_at": "2026-11-23T23:00:00+00:00",
    "answers": [["bob@example.com", "reject"]],
}


def make_message(kind: MessageKind, facts: dict[str, Any], **changes: Any) -> Message:
    """Make a message; `changes` replace its other members."""
    common = {
        "subject": "Roll out release 4.2",
        "workflow": "hitl-001",
        "deadline": DEADLINE,
        "digest": "1a2b3c4d5e6f7788" * 4,
        "choices": [choice_to_json(choice) for choice in DEFAULT_CHOICES],
    }
    members: dict[str, Any] = {
        "kind": kind,
        "id": INVITATION if kind == "invitation" else NOTICE,
        "invitation": INVITATION,
        "to": Approver("grace@example.com", "Grace Hopper"),
        "date": DATE,
        "boundary": "q" * 26,
        "secret_id": "a",
        "facts": common | facts,
    }
    return Message(**members | changes)


def invitation(**request: Any) -> Message:
    """Make an invitation to a request with these members."""
    return make_message("invitation", {"request": REQUEST | request})


def confirmation(*, counted: bool = True, **answer: Any) -> Message:
    """Make a confirmation of an answer with these members."""
    facts = {"answer": ANSWER | answer, "counted": counted}
    return make_message("confirmation", facts)


def notice(why: str, **facts: Any) -> Message:
    """Make a notice."""
    nothing = {"reason": "", "answer": None, "summary": None}
    return make_message("notice", {"why": why, **nothing, **facts})


def read_back(mail: ComposedMail) -> EmailMessage:
    """Read a mail as a mail program does."""
    return cast("EmailMessage", message_from_bytes(mail.content, policy=policy.default))


def part(message: Message, subtype: str) -> str:
    """Return the text or the HTML part that a message is composed to."""
    body = read_back(compose(message, SENDER)).get_body((subtype,))
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


def flat(text: str) -> str:
    """Return text without its line breaks, so that sentences can be looked for."""
    return " ".join(text.split())
