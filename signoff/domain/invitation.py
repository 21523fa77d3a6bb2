"""Invitations: one approver's copy of the question, as gateways see it.

What is published here is all that a gateway needs, beside the secrets, to take
an answer: no gateway asks the workflow anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from signoff.domain.choices import Choice
from signoff.domain.decision import Decision
from signoff.domain.request import Approver
from signoff.domain.request_json import choice_from_json, choice_to_json

#: What a summary says of an approval that could not be brought to its end.
FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """One approver's copy of the question."""

    #: 26 base32 characters; the key in link and reply address names it.
    id: str
    #: The root workflow, as `GET /workflows/<id>` knows it.
    workflow: str
    #: The id of the promise that the answer settles.
    response_promise: str
    #: The id of the promise whose param is the request as it is shown.
    request_promise: str
    approver: Approver
    #: The request's subject, to name it in a notice.
    subject: str
    choices: tuple[Choice, ...]
    deadline: datetime
    #: The SHA-256, in hex, of what is shown.
    digest: str
    #: 26 base32 characters that name the approval's signal slots.
    signals: str
    #: Which secret signed the keys in its message.
    secret_id: str


@dataclass(frozen=True)
class Summary:
    """How it ended, as late clicks and replies are told: no comments."""

    outcome: str
    approved: bool
    reason: str
    decided_at: datetime
    #: The addresses of those whose answers counted, and what they chose.
    answers: tuple[tuple[str, str], ...]


def invitation_promise(id_: str) -> str:
    """Return the id of the promise that publishes an invitation."""
    return f"signoff-invitation-{id_}"


def request_promise(id_: str) -> str:
    """Return the id of the promise that publishes a request."""
    return f"signoff-request-{id_}"


def signal_promise(id_: str, slot: int) -> str:
    """Return the id of the promise that publishes a signal slot."""
    return f"signoff-signal-{id_}-{slot}"


def delivery_promise(invitation: str, change: int) -> str:
    """Return the id of the promise that publishes a change of delivery."""
    return f"signoff-delivery-{invitation}-{change}"


def summarize(decision: Decision) -> Summary:
    """Return what late clicks and replies are told of a decision."""
    return Summary(
        decision.outcome,
        decision.approved,
        decision.reason,
        decision.decided_at,
        tuple((answer.approver, answer.choice) for answer in decision.responses),
    )


def invitation_to_json(invitation: Invitation) -> dict[str, Any]:
    """Return the JSON object that is published for an invitation."""
    approver = invitation.approver
    return {
        "kind": "invitation",
        "id": invitation.id,
        "workflow": invitation.workflow,
        "response_promise": invitation.response_promise,
        "request_promise": invitation.request_promise,
        "approver": [approver.address, approver.name, approver.language],
        "subject": invitation.subject,
        "choices": [choice_to_json(choice) for choice in invitation.choices],
        "deadline": invitation.deadline.isoformat(),
        "digest": invitation.digest,
        "signals": invitation.signals,
        "secret_id": invitation.secret_id,
    }


def invitation_from_json(data: Mapping[str, Any]) -> Invitation:
    """Read an invitation that `invitation_to_json` wrote."""
    address, name, language = data["approver"]
    return Invitation(
        id=data["id"],
        workflow=data["workflow"],
        response_promise=data["response_promise"],
        request_promise=data["request_promise"],
        approver=Approver(address, name, language),
        subject=data["subject"],
        choices=tuple(map(choice_from_json, data["choices"])),
        deadline=datetime.fromisoformat(data["deadline"]),
        digest=data["digest"],
        signals=data["signals"],
        secret_id=data["secret_id"],
    )


def summary_to_json(summary: Summary) -> dict[str, Any]:
    """Return a summary as JSON."""
    return {
        "kind": "summary",
        "outcome": summary.outcome,
        "approved": summary.approved,
        "reason": summary.reason,
        "decided_at": summary.decided_at.isoformat(),
        "answers": [list(answer) for answer in summary.answers],
    }


def summary_from_json(data: Mapping[str, Any]) -> Summary:
    """Read a summary that `summary_to_json` wrote."""
    return Summary(
        data["outcome"],
        data["approved"],
        data["reason"],
        datetime.fromisoformat(data["decided_at"]),
        tuple((approver, choice) for approver, choice in data["answers"]),
    )
