"""Notices: the one mail in answer to a message that decided nothing.

At most 3 in an invitation's life and 5 an hour to one address: a ticket system
answers everything, with fresh Message-IDs and no header that tells. What is
counted are promises, so that the count survives every process.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

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


async def notice(ctx: Context, asked: dict[str, Any]) -> str:
    """The workflow ``signoff.notice``: tell the approver of record, once.

    Args:
        ctx: The workflow's context.
        asked: ``invitation``; ``why`` as in `signoff.domain.message.Message`;
            ``reason``, why a reply was unclear; ``at``, when it came.

    Returns:
        ``sent``, ``refused``, or ``dropped`` where there were too many.
    """
    draft = await patient(ctx).run(draft_notice, asked, ctx.info.id)
    if draft is None:
        return "dropped"
    drawn = await patient(ctx).run(draw_message, draft)
    return await deliver(ctx, message_from_json(drawn))


@step
async def draft_notice(
    ctx: Context, asked: dict[str, Any], notice_id: str
) -> dict[str, Any] | None:
    """Record what a notice says; None where it may not go out."""
    tools = tools_of(ctx)
    try:
        invitation = await find_invitation(tools.promises, asked["invitation"])
        receipt = await find_receipt(tools.promises, invitation, tools.clock())
    except NotFoundError:
        return None
    if not await _within_quota(ctx, invitation, notice_id):
        return None
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


async def _within_quota(ctx: Context, invitation: Invitation, notice_id: str) -> bool:
    now = tools_of(ctx).clock()
    kept_until = invitation.deadline + KEPT_AFTER_DEADLINE
    of_invitation = f"signoff-quota-{invitation.id}"
    if not await _take_one(ctx, of_invitation, _PER_INVITATION, notice_id, kept_until):
        return False
    address = canonical(invitation.approver.address).encode()
    digest = hashlib.sha256(address).hexdigest()[:32]
    of_hour = f"signoff-quota-{digest}-{int(now.timestamp()) // 3600}"
    return await _take_one(ctx, of_hour, _PER_HOUR, notice_id, now + 2 * _HOUR)


async def _take_one(
    ctx: Context, quota: str, size: int, notice_id: str, until: datetime
) -> bool:
    """Take one place of a quota; the same notice keeps the place it took."""
    promises = tools_of(ctx).promises
    for place in range(1, size + 1):
        id_ = f"{quota}-{place}"
        taken = await promises.create(id_, {"notice": notice_id}, timeout_at=until)
        await promises.settle(id_, {"kind": "taken"})
        if taken.param == {"notice": notice_id}:
            return True
    return False
