"""Closing an approval: nothing of it stays pending."""

from typing import Any

from resonate.context import Context

from signoff.domain.invitation import invitation_promise

from .tools import step, tools_of
from .waiting import Settled


@step
async def close_promises(
    ctx: Context, names: dict[str, str], summary: dict[str, Any]
) -> list[Settled]:
    """Settle promises that nobody waits for any more.

    Args:
        ctx: The step's context.
        names: What is closed, by the ids of the promises.
        summary: What whoever settles one later is told.

    Returns:
        Those where an answer or a signal was first, with what they hold.
    """
    first: list[Settled] = []
    closed = {"kind": "closed", "summary": summary}
    for promise, name in names.items():
        held = await tools_of(ctx).promises.settle(promise, closed)
        if held is None or held.state != "resolved" or held.settled_at is None:
            continue
        if held.value != closed:
            first.append(Settled(name, held.state, held.value, held.settled_at))
    return sorted(first, key=lambda each: (each.at, each.name))


@step
async def settle_invitations(
    ctx: Context, invitations: list[str], summary: dict[str, Any]
) -> None:
    """Leave in each invitation how it ended, for late clicks and replies."""
    for invitation in invitations:
        await tools_of(ctx).promises.settle(invitation_promise(invitation), summary)
