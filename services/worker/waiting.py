"""Waiting for the first of several futures.

The SDK has no such wait. A pending future raises `Suspended`, and every future
that a workflow made wakes it. So: try each; where none is ready, suspend; where
some are, record which in a step and go by the record, because on a replay
others may be ready too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from resonate.context import Context, ResonateFuture
from resonate.error import Suspended

from signoff.errors import InconsistentApprovalError

from .tools import patient, step, tools_of


@dataclass(frozen=True)
class Wait:
    """One thing that is waited for."""

    #: What it is: ``answer:<invitation>``, ``signal`` or ``timer``.
    name: str
    #: The id of its promise.
    promise: str
    future: ResonateFuture[Any]


@dataclass(frozen=True)
class Settled:
    """What a promise that was waited for holds."""

    name: str
    #: The promise's state; ``rejected_timedout`` where its time was up.
    state: str
    value: Any
    at: datetime


async def first_settled(ctx: Context, waits: Sequence[Wait]) -> list[Settled]:
    """Return what is settled, at least one, in the order of settlement.

    Promises settled at the same instant come in the order of their names, never
    of their places.

    Raises:
        Suspended: None is; the workflow is woken when one is.
    """
    ready = [await is_settled(wait.future) for wait in waits]
    if not any(ready):
        raise Suspended
    # All are read, not only the ready: a future tells how its promise was when
    # this pass made it, and an answer may have come before the timer that is.
    names = {wait.promise: wait.name for wait in waits}
    return await patient(ctx).run(record_settled, names)


async def is_settled(future: ResonateFuture[Any]) -> bool:
    """Say whether a future is settled, in whatever way."""
    try:
        await future
    except Suspended:
        return False
    except Exception:  # noqa: BLE001  (a promise that timed out raises, and is settled)
        return True
    return True


@step
async def record_settled(ctx: Context, names: dict[str, str]) -> list[Settled]:
    """Record which promises are settled, and in what order.

    Those that are pending are read again until nothing new is found: only what is
    still pending after another was settled comes after it for certain.
    """
    settled: list[Settled] = []
    pending = dict(names)
    while True:
        found = [await _read(ctx, *each) for each in pending.items()]
        new = [each for each in found if each is not None]
        if not new:
            return sorted(settled, key=lambda each: (each.at, each.name))
        settled += new
        taken = {each.name for each in new}
        pending = {id_: name for id_, name in pending.items() if name not in taken}


async def _read(ctx: Context, promise: str, name: str) -> Settled | None:
    held = await tools_of(ctx).promises.get(promise)
    if held is None:
        raise InconsistentApprovalError(f"{promise} is not kept any more")
    if held.settled_at is None:
        return None
    return Settled(name, held.state, held.value, held.settled_at)
