"""What time itself does: deadlines, lapsed leases, messages that are due later.

The loop sleeps until the earliest instant the database knows, and is told when a
transaction makes an earlier one. An idle engine does nothing at all.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from signoff.engine.outbox import KEEP_UNBLOCKS
from signoff.engine.records import Promise
from signoff.engine.settlement import expire, make_pending

if TYPE_CHECKING:
    from collections.abc import Callable

    from signoff.engine.database import Database, Transaction

logger = logging.getLogger(__name__)

# How much one transaction does before others get their turn.
_CHUNK = 200

# A clock that is set, or a laptop that slept, is noticed after this many seconds.
_LONGEST_SLEEP = 60.0

# After how many ms a pass that failed is tried again.
_RETRY = 1_000

#: The pause in ms before a task is sent whose lease lapsed twice in a row, and the
#: most that doubling may make of it.
LAPSED, LAPSED_MOST = 1_000, 600_000


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass found."""

    #: Whether there is more to do at once.
    more: bool
    #: When the next pass is due, in ms; None if nothing is.
    next_due: int | None


def run_pass(tx: Transaction) -> Pass:
    """Do what is due, a bounded part of it."""
    expired = _expire_promises(tx)
    lapsed = _lapse_leases(tx)
    tx.run("DELETE FROM unblocks WHERE created_at <= ?", tx.now - KEEP_UNBLOCKS)
    return Pass(more=_CHUNK in {expired, lapsed}, next_due=_next_due(tx))


class Timer:
    """The loop that runs a pass at each due instant."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], int],
        passed: Callable[[], None],
    ) -> None:
        """Run passes on a database; ``passed`` is called after each."""
        self._database, self._clock, self._passed = database, clock, passed
        self._next: int | None = None
        self._earlier = asyncio.Event()

    def hint(self, instant: int | None) -> None:
        """Hear of an instant at which something becomes due."""
        if instant is not None and (self._next is None or instant < self._next):
            self._next = instant
            self._earlier.set()

    async def run(self) -> None:
        """Run passes for ever."""
        while True:
            await self._run_due()
            await self._sleep()

    async def tick(self) -> None:
        """Do all that is due by the clock, now."""
        while (await self._run_once()).more:
            pass

    async def _run_due(self) -> None:
        try:
            await self.tick()
        except Exception:
            logger.exception("engine: timeouts are tried again")
            self.hint(self._clock() + _RETRY)

    async def _run_once(self) -> Pass:
        self._next = None
        done = await self._database.run(run_pass)
        self.hint(done.next_due)
        self._passed()
        return done

    async def _sleep(self) -> None:
        while (seconds := self._seconds()) > 0:
            self._earlier.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._earlier.wait()

    def _seconds(self) -> float:
        if self._next is None:
            return _LONGEST_SLEEP
        return min((self._next - self._clock()) / 1000, _LONGEST_SLEEP)


def _expire_promises(tx: Transaction) -> int:
    rows = tx.run(
        "SELECT * FROM promises INDEXED BY promises_by_timeout"
        " WHERE state = 'pending' AND target IS NOT NULL AND timeout_at <= ?"
        " ORDER BY timeout_at LIMIT ?",
        tx.now,
        _CHUNK,
    ).fetchall()
    for row in rows:
        expire(tx, Promise(*row))
    return len(rows)


def _lapse_leases(tx: Transaction) -> int:
    rows = tx.run(
        "SELECT id, queue, lapses FROM tasks INDEXED BY tasks_by_due"
        " WHERE state = 'acquired' AND due_at <= ? ORDER BY due_at LIMIT ?",
        tx.now,
        _CHUNK,
    ).fetchall()
    for task_id, queue, lapses in rows:
        tx.run("UPDATE tasks SET lapses = lapses + 1 WHERE id = ?", task_id)
        make_pending(tx, task_id, queue, pause=_pause(task_id, lapses))
    return len(rows)


def _pause(task_id: str, lapses: int) -> int:
    if lapses == 0:
        return 0  # A worker was killed: its work goes on elsewhere at once.
    pause = LAPSED * 2 ** (min(lapses, 16) - 1)
    if lapses == 1:
        return pause
    # Tasks that went down together come back apart, so that the one which ends its
    # worker is found alone, and the others get somewhere.
    spread = 1 + zlib.crc32(task_id.encode()) / 2**32
    return int(min(pause, LAPSED_MOST // 2) * spread)


def _next_due(tx: Transaction) -> int | None:
    # Each finds its instant at one end of an index, without reading a row.
    rows = (
        tx.run(
            "SELECT timeout_at FROM promises INDEXED BY promises_by_timeout"
            " WHERE state = 'pending' AND target IS NOT NULL AND timeout_at >= 0"
            " ORDER BY timeout_at LIMIT 1"
        ).fetchone(),
        tx.run(
            "SELECT due_at FROM tasks INDEXED BY tasks_by_due"
            " WHERE state = 'acquired' AND due_at >= 0 ORDER BY due_at LIMIT 1"
        ).fetchone(),
        tx.run(
            "SELECT due_at FROM tasks INDEXED BY tasks_by_due"
            " WHERE state = 'pending' AND due_at > ? ORDER BY due_at LIMIT 1",
            tx.now,
        ).fetchone(),
        tx.run(
            "SELECT due_at FROM unblocks WHERE due_at > ? ORDER BY due_at LIMIT 1",
            tx.now,
        ).fetchone(),
        tx.run(
            "SELECT created_at + ? FROM unblocks WHERE created_at >= 0"
            " ORDER BY created_at LIMIT 1",
            KEEP_UNBLOCKS,
        ).fetchone(),
    )
    return min((row[0] for row in rows if row), default=None)
