"""The approval: ``reduce(state, event) -> (state, effects)``.

The durable workflow is a loop around this function: it waits for the first of
an answer, a signal and one timer, records it as an event, reduces, and runs the
effects as steps. Every rule about time, seats and mail that failed is here.

What each event does, by state:

===============  ============================================  ================
event            while waiting                                 once decided
===============  ============================================  ================
`Answered`       counted, confirmed; may decide                kept as late
`Attempted`      delivery noted; refused: seat unreachable     delivery noted
`Bounced`        seat unreachable; may decide                  --
`Reached`        deadline: expired; else mail that is due      --
===============  ============================================  ================
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from signoff.domain.decision import EXPIRED, Decision, Reason, answer_of
from signoff.domain.delivery import UNSENT, Attempt, Delivery, after, bounced
from signoff.domain.policy import Tally, rule
from signoff.domain.request import ApprovalRequest, Approver
from signoff.domain.response import Response

#: Retries that are due within this time go out together: one timer for all.
TOGETHER = timedelta(seconds=2)


@dataclass(frozen=True)
class Seat:
    """What a policy counts: one place, its holder and their answer."""

    holder: Approver
    #: The id of the holder's invitation.
    invitation: str
    delivery: Delivery = UNSENT
    response: Response | None = None
    #: Why nobody in this seat can be reached, where that is so.
    unreachable: str | None = None

    @property
    def waiting(self) -> bool:
        """Whether an answer can still come."""
        return self.response is None and self.unreachable is None


@dataclass(frozen=True)
class Approval:
    """The state of one approval."""

    request: ApprovalRequest
    #: The SHA-256, in hex, of what the approvers are shown.
    digest: str
    deadline: datetime
    seats: tuple[Seat, ...]
    decision: Decision | None = None
    #: Ids of the signals that were applied: each is applied once.
    signals: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Answered:
    """The response promise of an invitation holds an answer."""

    response: Response


@dataclass(frozen=True)
class Attempted:
    """One attempt at sending an invitation's message was made."""

    invitation: str
    attempt: Attempt


@dataclass(frozen=True)
class Bounced:
    """A mail system reported that an invitation's message did not arrive."""

    signal_id: str
    invitation: str
    detail: str
    at: datetime


@dataclass(frozen=True)
class Reached:
    """An instant was reached: the timer fired, or a promise timed out."""

    at: datetime


type Event = Answered | Attempted | Bounced | Reached


@dataclass(frozen=True)
class Invite:
    """Send an invitation's message: the first time, or again."""

    invitation: str
    #: 1 for the first attempt.
    attempt: int


@dataclass(frozen=True)
class Confirm:
    """Tell an approver what became of their answer."""

    response: Response
    counted: bool


type Effect = Invite | Confirm


def opened(approval: Approval) -> tuple[Effect, ...]:
    """Return what an approval that was just opened has to do."""
    return tuple(Invite(seat.invitation, 1) for seat in approval.seats)


def reduce(approval: Approval, event: Event) -> tuple[Approval, tuple[Effect, ...]]:
    """Apply one event.

    Returns:
        The state after it, and what is to be done because of it.
    """
    match event:
        case Answered(response):
            return _answer(approval, response)
        case Attempted(invitation, attempt):
            return _attempt(approval, invitation, attempt), ()
        case Bounced():
            return _bounce(approval, event), ()
        case Reached(at):
            return _reach(approval, at)


def next_due(approval: Approval) -> datetime:
    """Return the earliest instant at which something is due."""
    retries = [
        seat.delivery.retry_at
        for seat in approval.seats
        if seat.waiting and seat.delivery.retry_at is not None
    ]
    return min([approval.deadline, *retries])


def find_seat(approval: Approval, invitation: str) -> Seat:
    """Return the seat of an invitation.

    Raises:
        KeyError: The approval has none of that id.
    """
    for seat in approval.seats:
        if seat.invitation == invitation:
            return seat
    raise KeyError(invitation)


def _answer(
    approval: Approval, response: Response
) -> tuple[Approval, tuple[Effect, ...]]:
    seat = find_seat(approval, response.invitation)
    if seat.response is not None:
        return approval, ()  # the same event twice is the event once
    answered = _with_seat(approval, replace(seat, response=response))
    if approval.decision is None:
        return _judged(answered, response.at), (Confirm(response, counted=True),)
    late = (*approval.decision.late_responses, answer_of(response))
    decision = replace(approval.decision, late_responses=late)
    return replace(answered, decision=decision), (Confirm(response, counted=False),)


def _attempt(approval: Approval, invitation: str, attempt: Attempt) -> Approval:
    seat = find_seat(approval, invitation)
    delivery = after(seat.delivery, attempt)
    unreachable = seat.unreachable or (delivery.detail if delivery.failed else None)
    tried = replace(seat, delivery=delivery, unreachable=unreachable)
    return _judged(_with_seat(approval, tried), attempt.at)


def _bounce(approval: Approval, event: Bounced) -> Approval:
    if event.signal_id in approval.signals or approval.decision is not None:
        return approval
    seat = find_seat(approval, event.invitation)
    delivery = bounced(seat.delivery, event.detail)
    lost = replace(seat, delivery=delivery, unreachable=event.detail)
    applied = replace(approval, signals=approval.signals | {event.signal_id})
    return _judged(_with_seat(applied, lost), event.at)


def _reach(approval: Approval, at: datetime) -> tuple[Approval, tuple[Effect, ...]]:
    if approval.decision is not None:
        return approval, ()
    if at >= approval.deadline:
        decision = _decide(approval, EXPIRED, "deadline", at=approval.deadline)
        return replace(approval, decision=decision), ()
    return approval, tuple(_due_again(approval, at))


def _due_again(approval: Approval, at: datetime) -> Iterator[Invite]:
    for seat in approval.seats:
        retry_at = seat.delivery.retry_at
        if seat.waiting and retry_at is not None and retry_at <= at + TOGETHER:
            yield Invite(seat.invitation, seat.delivery.attempts + 1)


def _judged(approval: Approval, at: datetime) -> Approval:
    """Return the approval, decided where the seats decide it."""
    if approval.decision is not None:
        return approval
    given = tuple(s.response.choice for s in approval.seats if s.response is not None)
    waiting = sum(seat.waiting for seat in approval.seats)
    tally = Tally(given, waiting, len(approval.seats))
    ruling = rule(approval.request.policy, approval.request.choices, tally)
    if ruling is None:
        return approval
    decision = _decide(
        approval, ruling.outcome, ruling.reason, approved=ruling.approved, at=at
    )
    return replace(approval, decision=decision)


def _decide(
    approval: Approval,
    outcome: str,
    reason: Reason,
    *,
    approved: bool = False,
    at: datetime,
) -> Decision:
    counted = [seat.response for seat in approval.seats if seat.response is not None]
    counted.sort(key=lambda response: (response.at, response.approver))
    return Decision(
        outcome=outcome,
        approved=approved,
        reason=reason,
        decided_at=at,
        responses=tuple(map(answer_of, counted)),
        digest=approval.digest,
    )


def _with_seat(approval: Approval, seat: Seat) -> Approval:
    seats = tuple(
        seat if each.invitation == seat.invitation else each for each in approval.seats
    )
    return replace(approval, seats=seats)
