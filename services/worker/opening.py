"""Opening an approval: everything that is drawn or resolved, recorded once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from resonate.context import Context

from signoff.approvals import WORKFLOW_TAG
from signoff.domain.approval import Approval, Seat
from signoff.domain.invitation import (
    Invitation,
    invitation_promise,
    invitation_to_json,
    request_promise,
    signal_promise,
)
from signoff.domain.message import Message
from signoff.domain.request import (
    check_deadline,
    digest,
    due_at,
)
from signoff.domain.request_json import (
    choice_to_json,
    request_from_json,
    request_to_json,
)
from signoff.errors import InconsistentApprovalError, InvalidRequestError, Problem

from .tools import step, tools_of

#: Invitations and signal slots are kept this long after the deadline, so that a
#: late click or reply is told how it ended.
KEPT_AFTER_DEADLINE = timedelta(days=8)


@dataclass(frozen=True)
class Opening:
    """What is drawn and resolved when an approval opens."""

    #: The request as JSON, with nothing left open.
    request: dict[str, Any]
    digest: str
    deadline: datetime
    #: The date of the invitations' messages.
    date: datetime
    secret_id: str
    boundary: str
    #: Names the published request and the signal slots.
    id: str
    #: The ids of the invitations, in the order of the approvers.
    invitations: list[str]

    def approval(self) -> Approval:
        """Return the state that it opens with."""
        request = request_from_json(self.request, max_octets=None)
        seats = map(Seat, request.approvers, self.invitations)
        return Approval(request, self.digest, self.deadline, tuple(seats))


@step
async def open_approval(ctx: Context, asked: dict[str, Any]) -> Opening:
    """Resolve what the request leaves open, and draw the ids.

    Raises:
        InvalidRequestError: The request cannot be asked so.
    """
    tools = tools_of(ctx)
    asks = request_from_json(asked)
    deadline = due_at(asks.deadline or tools.default_deadline, tools.clock())
    _check_deadline(ctx, deadline)
    approvers = asks.approvers or (tools.default_approver,)
    request = replace(asks, approvers=approvers, deadline=deadline)
    return Opening(
        request=request_to_json(request),
        digest=digest(request),
        deadline=deadline,
        date=tools.today(),
        secret_id=tools.identity.keyring.signing,
        boundary=tools.draw_id(),
        id=tools.draw_id(),
        invitations=[tools.draw_id() for _ in request.approvers],
    )


def _check_deadline(ctx: Context, deadline: datetime) -> None:
    """Refuse a deadline that is past, too far, or after the workflow's own end."""
    problem = check_deadline(deadline, tools_of(ctx).clock())
    ends = datetime.fromtimestamp(ctx.info.timeout_at / 1000, UTC)
    if problem is None and deadline > ends:
        message = (
            f"{deadline.isoformat()} lies after {ends.isoformat()}, when the workflow "
            "that asks ends itself: start that with a longer timeout, such as "
            "resonate.options(timeout=timedelta(days=400))"
        )
        problem = Problem("deadline", message)
    if problem is not None:
        raise InvalidRequestError([problem])


@step
async def publish(
    ctx: Context, opening: Opening, questions: dict[str, str], slot: str
) -> None:
    """Publish the request, the invitations and the first signal slot.

    Args:
        ctx: The step's context.
        opening: What was recorded when the approval opened.
        questions: The id of the response promise of each invitation.
        slot: The id of the promise that takes the first signal.
    """
    shown = {"kind": "request", "request": opening.request}
    await _publish(ctx, request_promise(opening.id), shown, opening)
    for invitation in invitations(opening, questions, ctx.info.origin_id):
        param = invitation_to_json(invitation)
        await _publish(ctx, invitation_promise(invitation.id), param, opening)
    await _publish_slot(ctx, opening, 0, slot)


@step
async def publish_slot(ctx: Context, opening: Opening, number: int, slot: str) -> None:
    """Publish the slot that takes the next signal."""
    await _publish_slot(ctx, opening, number, slot)


def invitations(
    opening: Opening, questions: Mapping[str, str], workflow: str
) -> list[Invitation]:
    """Return the invitations as they are published."""
    request = request_from_json(opening.request, max_octets=None)
    return [
        Invitation(
            id=id_,
            workflow=workflow,
            response_promise=questions[id_],
            request_promise=request_promise(opening.id),
            approver=approver,
            subject=request.subject,
            choices=request.choices,
            deadline=opening.deadline,
            digest=opening.digest,
            signals=opening.id,
            secret_id=opening.secret_id,
        )
        for id_, approver in zip(opening.invitations, request.approvers, strict=True)
    ]


def invitation_message(opening: Opening, seat: Seat, workflow: str) -> Message:
    """Return the message that asks the holder of a seat."""
    return Message(
        kind="invitation",
        id=seat.invitation,
        invitation=seat.invitation,
        to=seat.holder,
        date=opening.date,
        boundary=opening.boundary,
        secret_id=opening.secret_id,
        facts={**facts(opening, workflow), "request": opening.request},
    )


def facts(opening: Opening, workflow: str) -> dict[str, Any]:
    """Return what every message about an approval says."""
    request = request_from_json(opening.request, max_octets=None)
    return {
        "subject": request.subject,
        "workflow": workflow,
        "deadline": opening.deadline.isoformat(),
        "digest": opening.digest,
        "choices": [choice_to_json(choice) for choice in request.choices],
    }


async def _publish_slot(ctx: Context, opening: Opening, number: int, slot: str) -> None:
    param = {"kind": "slot", "promise": slot}
    await _publish(ctx, signal_promise(opening.id, number), param, opening)


async def _publish(ctx: Context, id_: str, param: object, opening: Opening) -> None:
    published = await tools_of(ctx).promises.create(
        id_,
        param,
        timeout_at=opening.deadline + KEPT_AFTER_DEADLINE,
        tags={WORKFLOW_TAG: ctx.info.origin_id},
    )
    if published.param != param:
        raise InconsistentApprovalError(f"{id_} was published by another")
