"""Sending: the steps that make one attempt, and the workflow of one mail."""

import asyncio
from datetime import datetime
from typing import Any

from resonate.context import Context

from signoff.approvals import WORKFLOW_TAG
from signoff.domain.delivery import UNSENT, Attempt, Delivery, after
from signoff.domain.invitation import delivery_promise
from signoff.domain.message import Message, message_from_json, message_to_json
from signoff.domain.request import Approver
from signoff.errors import UnknownSecretError

from .compose import compose
from .opening import KEPT_AFTER_DEADLINE
from .tools import patient, step, tools_of


@step
async def send_message(ctx: Context, message: Message) -> Attempt:
    """Make one attempt at sending a message."""
    return await _attempt(ctx, message)


@step
async def send_invitation(
    ctx: Context, message: Message, before: Delivery, deadline: datetime
) -> Attempt:
    """Make one attempt at sending an invitation, and publish what it came to."""
    attempt = await _attempt(ctx, message)
    delivery = after(before, attempt)
    await _publish_delivery(ctx, message.invitation, delivery, deadline)
    return attempt


@step
async def publish_delivery(
    ctx: Context, invitation: str, delivery: Delivery, deadline: datetime
) -> None:
    """Publish what became of an invitation's message without an attempt of ours."""
    await _publish_delivery(ctx, invitation, delivery, deadline)


@step
async def draw_message(ctx: Context, draft: dict[str, Any]) -> dict[str, Any]:
    """Draw what makes a draft a message; a repeat sends the same one."""
    tools = tools_of(ctx)
    keyring = tools.identity.keyring
    # The invitation's own secret, so that the mails about it make one thread.
    threaded = draft["secret_id"] in keyring.secrets
    message = Message(
        kind=draft["kind"],
        id=tools.draw_id(),
        invitation=draft["invitation"],
        to=Approver(*draft["to"]),
        date=tools.today(),
        boundary=tools.draw_id(),
        secret_id=draft["secret_id"] if threaded else keyring.signing,
        facts=draft["facts"],
    )
    return message_to_json(message)


async def mail(ctx: Context, draft: dict[str, Any]) -> str:
    """The workflow ``signoff.mail``: send one message that nobody waits for.

    Args:
        ctx: The workflow's context.
        draft: ``kind``, ``invitation``, ``to`` (address, name, language),
            ``secret_id`` (the invitation's) and ``facts``, as in
            `signoff.domain.message.Message`.

    Returns:
        ``sent`` or ``refused``.
    """
    drawn = await patient(ctx).run(draw_message, draft)
    return await deliver(ctx, message_from_json(drawn))


async def deliver(ctx: Context, message: Message) -> str:
    """Attempt to send until it is sent, refused or given up; pause by timers."""
    delivery = UNSENT
    while True:
        attempt = await patient(ctx).run(send_message, message)
        delivery = after(delivery, attempt)
        if delivery.retry_at is None:
            return delivery.status
        await ctx.sleep(delivery.retry_at - attempt.at)


async def _attempt(ctx: Context, message: Message) -> Attempt:
    """Compose and send. Composing a long body must not hold up the heartbeats."""
    tools = tools_of(ctx)
    try:
        composed = await asyncio.to_thread(compose, message, tools.identity)
    except UnknownSecretError as error:
        return Attempt("deferred", str(error), tools.clock())
    return await tools.mailer.send(composed, tools.clock())


async def _publish_delivery(
    ctx: Context, invitation: str, delivery: Delivery, deadline: datetime
) -> None:
    tools = tools_of(ctx)
    id_ = delivery_promise(invitation, delivery.changes)
    param = {
        "kind": "delivery",
        "invitation": invitation,
        "status": delivery.status,
        "detail": delivery.detail,
        "at": tools.clock().isoformat(),
    }
    await tools.promises.create(
        id_,
        param,
        timeout_at=deadline + KEPT_AFTER_DEADLINE,
        tags={WORKFLOW_TAG: ctx.info.origin_id},
    )
    await tools.promises.settle(id_, {"kind": "published"})
