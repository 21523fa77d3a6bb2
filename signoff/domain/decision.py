"""Decisions: how an approval ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from signoff.domain.response import Channel, Response

type Reason = Literal["policy_met", "deadline", "withdrawn", "unmeetable"]

#: The outcome where the deadline came first.
EXPIRED = "expired"


@dataclass(frozen=True)
class Answer:
    """One approver's answer as a decision tells it."""

    #: The approver's address.
    approver: str
    #: The id of the choice.
    choice: str
    comment: str
    channel: Channel
    #: When it reached us, aware, in UTC.
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Decision:
    """How an approval ended."""

    #: A choice id, or ``expired``, ``withdrawn``, ``undeliverable``.
    outcome: str
    #: Whether the outcome is a positive choice.
    approved: bool
    reason: Reason
    #: When it was decided, aware, in UTC.
    decided_at: datetime
    #: The answers that counted, in the order in which they came.
    responses: tuple[Answer, ...]
    #: Answers that were given before their approvers could know, but after the
    #: decision: kept, not counted.
    late_responses: tuple[Answer, ...] = ()
    #: The SHA-256, in hex, of what the approvers were shown.
    digest: str


def answer_of(response: Response) -> Answer:
    """Return what a decision tells of a response."""
    return Answer(
        response.approver,
        response.choice,
        response.comment,
        response.channel,
        response.at,
    )


def decision_to_json(decision: Decision) -> dict[str, Any]:
    """Return the decision as JSON; times are RFC 3339 in UTC."""
    return {
        "outcome": decision.outcome,
        "approved": decision.approved,
        "reason": decision.reason,
        "decided_at": decision.decided_at.isoformat(),
        "responses": [answer_to_json(each) for each in decision.responses],
        "late_responses": [answer_to_json(each) for each in decision.late_responses],
        "digest": decision.digest,
    }


def decision_from_json(data: Mapping[str, Any]) -> Decision:
    """Read a decision that `decision_to_json` wrote."""
    return Decision(
        outcome=data["outcome"],
        approved=data["approved"],
        reason=data["reason"],
        decided_at=datetime.fromisoformat(data["decided_at"]),
        responses=tuple(map(answer_from_json, data["responses"])),
        late_responses=tuple(map(answer_from_json, data["late_responses"])),
        digest=data["digest"],
    )


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """Return one answer as JSON."""
    return {
        "approver": answer.approver,
        "choice": answer.choice,
        "comment": answer.comment,
        "channel": answer.channel,
        "at": answer.at.isoformat(),
    }


def answer_from_json(data: Mapping[str, Any]) -> Answer:
    """Read an answer that `answer_to_json` wrote."""
    return Answer(
        data["approver"],
        data["choice"],
        data["comment"],
        data["channel"],
        datetime.fromisoformat(data["at"]),
    )
