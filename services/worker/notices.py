"""Notices: the one mail in answer to a message that decided nothing.

At most 3 in an invitation's life and 5 an hour to one address: a ticket system
answers everything, with fresh Message-IDs and no header that tells. What is
counted are promises, so that the count survives every process. A notice for which
the hour has no place waits for the next: an answer was promised to whoever wrote.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any, Literal

from resonate.context import Context

from signoff.approvals import AlreadyAnswered, Concluded, find_invitation, find_receipt
from signoff.domain.addresses import canonical
from signoff.domain.decision import answer_to_json
from signoff.domain.invitation import Invitation, summary_to_json
from signoff.domain.message import message_from_json
from signoff.domain.request_json import choice_to_json
from signoff.errors import NotFoundError

from .opening import KEPT_AFTER_DEADLINE
from .sending import deliver, draw_message
from .tools import patient, step, tools_of

_PER_INVITATION = 3
_PER_HOUR = 5
_HOUR = timedelta(hours=1)
#: A notice that found no place in so many hours is dropped: nobody waits any more.
_HOURS = 48


async def notice(ctx: Context, asked: dict[str, Any]) -> str:
    """The workflow ``signoff.notice``: tell the approver of record, once.

    Args:
        ctx: The workflow's context.
        asked: ``invitation``; ``why`` as in `signoff.domain.message.Message`;
            ``reason``, why a reply was unclear; ``at``, when it came.

    Returns:
        ``sent``, ``refused``, or ``dropped`` where there were too many.
    """
    for _ in range(_HOURS):
        turn = await patient(ctx).run(take_turn, asked, ctx.info.id)
        if turn == "now":
            draft = await patient(ctx).run(draft_notice, asked)
            drawn = await patient(ctx).run(draw_message, draft)
            return await deliver(ctx, message_from_json(drawn))
        if turn == "never":
            break
        await ctx.sleep(_HOUR)
    return "dropped"


@step
async def take_turn(
    ctx: Context, asked: dict[str, Any], notice_id: str
) -> Literal["now", "later", "never"]:
    """Say whether a notice may go out; it may have to wait for another hour."""
    try:
        invitation = await find_invitation(tools_of(ctx).promises, asked["invitation"])
    except NotFoundError:
        return "never"
    if not await _take_of_invitation(ctx, invitation, asked["why"], notice_id):
        return "never"
    return "now" if await _take_of_hour(ctx, invitation, notice_id) else "later"


@step
async def draft_notice(ctx: Context, asked: dict[str, Any]) -> dict[str, Any]:
    """Record what a notice says."""
    tools = tools_of(ctx)
    invitation = await find_invitation(tools.promises, asked["invitation"])
    receipt = await find_receipt(tools.promises, invitation, tools.clock())
    answer = receipt.answer if isinstance(receipt, AlreadyAnswered) else None
    summary = receipt.summary if isinstance(receipt, Concluded) else None
    approver = invitation.approver
    return {
        "kind": "notice",
        "invitation": invitation.id,
        "to": [approver.address, approver.name, approver.language],
        "secret_id": invitation.secret_id,
        "facts": {
            "subject": invitation.subject,
            "workflow": invitation.workflow,
            "deadline": invitation.deadline.isoformat(),
            "digest": invitation.digest,
            "choices": [choice_to_json(choice) for choice in invitation.choices],
            "why": asked["why"],
            "reason": asked["reason"],
            "answer": answer_to_json(answer) if answer else None,
            "summary": summary_to_json(summary) if summary else None,
        },
    }


async def _take_of_invitation(
    ctx: Context, invitation: Invitation, why: str, notice_id: str
) -> bool:
    """Take one of an invitation's places; strangers share the last of them."""
    places = range(1, _PER_INVITATION + 1)
    if why == "not_approver":
        places = places[-1:]
    until = invitation.deadline + KEPT_AFTER_DEADLINE
    quota = f"signoff-quota-{invitation.id}"
    return await _take_one(ctx, quota, places, notice_id, until)


async def _take_of_hour(ctx: Context, invitation: Invitation, notice_id: str) -> bool:
    """Take one of an address's places in this hour."""
    now = tools_of(ctx).clock()
    address = canonical(invitation.approver.address).encode()
    digest = hashlib.sha256(address).hexdigest()[:32]
    quota = f"signoff-quota-{digest}-{int(now.timestamp()) // 3600}"
    places = range(1, _PER_HOUR + 1)
    return await _take_one(ctx, quota, places, notice_id, now + 2 * _HOUR)


async def _take_one(
    ctx: Context, quota: str, places: range, notice_id: str, until: datetime
) -> bool:
    """Take one place of a quota; the same notice keeps the place it took."""
    promises = tools_of(ctx).promises
    for place in places:
        id_ = f"{quota}-{place}"
        taken = await promises.create(id_, {"notice": notice_id}, timeout_at=until)
        await promises.settle(id_, {"kind": "taken"})
        if taken.param == {"notice": notice_id}:
            return True
    return False
