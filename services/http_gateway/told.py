"""What became of an answer, in words for whoever opened the link."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from signoff.approvals import AlreadyAnswered, Concluded, Expired, Kept, Receipt
from signoff.domain.decision import EXPIRED, Answer
from signoff.domain.invitation import FAILED, Invitation, Summary
from signoff.domain.policy import UNDELIVERABLE

#: How the page looks: a yes, a no, or neither.
type Tone = Literal["positive", "negative", "neutral"]

#: Outcomes that are no choice of anybody.
_OUTCOMES = {
    EXPIRED: "Expired",
    "withdrawn": "Withdrawn",
    UNDELIVERABLE: "Nobody could be reached",
    FAILED: "Closed after an error",
}
_BY_ANSWERS = "The answers that came decided it."
_UNREACHED = "The message could not be delivered to anybody who was asked."
_REASONS = {
    "policy_met": _BY_ANSWERS,
    "deadline": "The deadline passed before it was decided.",
    "withdrawn": "Whoever asked took the question back.",
    "unmeetable": _BY_ANSWERS,
    FAILED: "It ended because of an error, without a decision.",
}
_CHANNELS = {"link": "on this page", "reply": "by mail", "api": "through the API"}


@dataclass(frozen=True)
class AnswerLine:
    """One approver's answer, as the page lists it."""

    approver: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the page says in place of the form."""

    tone: Tone
    headline: str
    #: One or two sentences.
    text: str
    #: When it happened.
    at: datetime
    comment: str = ""
    #: Whose answers decided it.
    answers: tuple[AnswerLine, ...] = ()


def tell(receipt: Receipt, invitation: Invitation) -> Told:
    """Put a receipt into words."""
    match receipt:
        case Kept(answer):
            return _tell_kept(answer, invitation)
        case AlreadyAnswered(answer):
            return _tell_answered(answer, invitation)
        case Concluded(summary):
            return _tell_concluded(summary, invitation)
        case Expired(deadline):
            return Told(
                tone="neutral",
                headline="The deadline has passed",
                text="No answer is taken any more, and none was recorded.",
                at=deadline,
            )


def _tell_kept(answer: Answer, invitation: Invitation) -> Told:
    return Told(
        tone=_tone(invitation, answer.choice),
        headline=f"Recorded: {_label(invitation, answer.choice)}",
        text="Thank you. A confirmation is on its way by mail; "
        "you can close this page.",
        at=answer.at,
        comment=answer.comment,
    )


def _tell_answered(answer: Answer, invitation: Invitation) -> Told:
    where = _CHANNELS[answer.channel]
    return Told(
        tone=_tone(invitation, answer.choice),
        headline=f"Already answered: {_label(invitation, answer.choice)}",
        text=f"{answer.approver} answered {where} before. That answer stands; "
        "nothing was changed.",
        at=answer.at,
        comment=answer.comment,
    )


def _tell_concluded(summary: Summary, invitation: Invitation) -> Told:
    lines = tuple(
        AnswerLine(approver, _label(invitation, choice))
        for approver, choice in summary.answers
    )
    unreached = summary.outcome == UNDELIVERABLE and not lines
    return Told(
        tone=_tone(invitation, summary.outcome),
        headline=f"Already decided: {_label(invitation, summary.outcome)}",
        text=_UNREACHED if unreached else _REASONS.get(summary.reason, ""),
        at=summary.decided_at,
        answers=lines,
    )


def _label(invitation: Invitation, outcome: str) -> str:
    for choice in invitation.choices:
        if choice.id == outcome:
            return choice.label
    return _OUTCOMES.get(outcome, outcome)


def _tone(invitation: Invitation, outcome: str) -> Tone:
    for choice in invitation.choices:
        if choice.id == outcome:
            return "positive" if choice.positive else "negative"
    return "neutral"
