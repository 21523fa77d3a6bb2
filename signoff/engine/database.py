"""One thread that writes: many requests share one commit.

Requests wait in a queue; the thread takes what is there, runs each in a savepoint of
one transaction, commits, and only then answers. A burst costs few disk flushes, and
an answer never leaves before what it says is kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import queue
import sqlite3
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from signoff.engine.errors import (
    DatabaseDamagedError,
    DatabaseInUseError,
    RefusedError,
    UnavailableError,
)
from signoff.engine.schema import open_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

logger = logging.getLogger(__name__)

# 256 requests are some 20 ms of work: what an answer may wait for its neighbours.
_BATCH = 256


@dataclass(slots=True)
class Changes:
    """What a transaction did that others must hear of once it is committed."""

    #: Queues in which something became due.
    queues: set[str] = field(default_factory=set[str])
    #: Tasks whose message has done its work: acquired, or no longer to be done.
    taken: list[str] = field(default_factory=list[str])
    #: The earliest instant at which time itself must act, in ms.
    earliest: int | None = None
    #: How many promises became pending, less those that were settled.
    pending: int = 0

    def due(self, instant: int) -> None:
        """Note that time must act at an instant."""
        if self.earliest is None or instant < self.earliest:
            self.earliest = instant

    def add(self, other: Changes) -> None:
        """Take in what another transaction did."""
        self.queues |= other.queues
        self.taken += other.taken
        self.pending += other.pending
        if other.earliest is not None:
            self.due(other.earliest)


@dataclass(slots=True)
class Transaction:
    """What an operation runs on: the connection, the instant, and its changes."""

    connection: sqlite3.Connection
    #: Milliseconds since the epoch; one instant for the whole operation.
    now: int
    changes: Changes = field(default_factory=Changes)

    def run(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """Execute one statement."""
        return self.connection.execute(sql, values)

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute one statement for each row of values."""
        self.connection.executemany(sql, rows)


@dataclass(slots=True)
class _Job:
    work: Callable[[Transaction], Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = None


class Database:
    """The file, its writing thread, and the queue before it."""

    def __init__(self, path: Path, clock: Callable[[], int]) -> None:
        """Open the file; the thread starts with ``start``.

        Raises:
            EngineError: The file is in use, damaged, or of a newer release.
        """
        self._clock = clock
        self._lock = _lock_file(path)
        try:
            self._connection = open_database(path)
        except BaseException:
            os.close(self._lock)
            raise
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(
            target=self._work, name="engine-writer", daemon=True
        )
        self._open = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._committed: Callable[[Changes, int], None] = lambda _changes, _size: None

    def pending_promises(self) -> int:
        """Count the pending promises; call it before ``start``."""
        sql = "SELECT count(*) FROM promises WHERE state = 'pending'"
        return self._connection.execute(sql).fetchone()[0]

    def start(self, committed: Callable[[Changes, int], None]) -> None:
        """Start the thread; ``committed`` hears of each batch, in the event loop."""
        self._loop = asyncio.get_running_loop()
        self._committed = committed
        self._open = True
        self._thread.start()

    async def run[T](self, work: Callable[[Transaction], T]) -> T:
        """Run one operation and return its result once that is kept.

        Raises:
            RefusedError: The operation refused; nothing of it was done.
            UnavailableError: The database could not keep it, or is closing.
        """
        if not self._open:
            raise UnavailableError("the engine is stopping")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put(_Job(work, future))
        return await future

    async def close(self) -> None:
        """Answer what is queued, then close the file."""
        self._open = False
        if self._thread.is_alive():
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)
            # The last answers were handed to the loop: let it take them.
            await asyncio.sleep(0)
        self._connection.close()
        os.close(self._lock)

    def _work(self) -> None:
        while True:
            first = self._jobs.get()
            if first is None:
                return
            batch, last = self._drain(first)
            self._run_batch(batch)
            if last:
                return

    def _drain(self, first: _Job) -> tuple[list[_Job], bool]:
        batch = [first]
        with contextlib.suppress(queue.Empty):
            while len(batch) < _BATCH:
                job = self._jobs.get_nowait()
                if job is None:
                    return batch, True
                batch.append(job)
        return batch, False

    def _run_batch(self, batch: list[_Job]) -> None:
        changes = Changes()
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for job in batch:
                self._run_job(job, changes)
            self._connection.execute("COMMIT")
        except Exception as error:
            logger.exception("engine: a batch was not kept")
            self._give_up(batch, error)
            changes = Changes()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._answer, batch, changes)

    def _run_job(self, job: _Job, changes: Changes) -> None:
        transaction = Transaction(self._connection, self._clock())
        self._connection.execute("SAVEPOINT job")
        try:
            job.result = job.work(transaction)
            changes.add(transaction.changes)
        except RefusedError as error:
            # Refusals come before any write but that of a deadline that was noticed.
            job.error = error
            changes.add(transaction.changes)
        except Exception as error:  # noqa: BLE001 - one request's fault stays its own
            job.error = _as_unavailable(error)
            # Fails where SQLite gave up the whole transaction: so does the batch.
            self._connection.execute("ROLLBACK TO job")
        self._connection.execute("RELEASE job")

    def _give_up(self, batch: list[_Job], error: Exception) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("ROLLBACK")
        for job in batch:
            job.error = UnavailableError(f"the database did not keep it: {error}")

    def _answer(self, batch: list[_Job], changes: Changes) -> None:
        for job in batch:
            if job.future.done():
                continue
            if job.error is None:
                job.future.set_result(job.result)
            else:
                job.future.set_exception(job.error)
        self._committed(changes, len(batch))


def _as_unavailable(error: Exception) -> Exception:
    if not isinstance(error, sqlite3.Error):
        return error
    return UnavailableError(f"the database refused: {error}")


def _lock_file(path: Path) -> int:
    """Hold a lock beside the file, which stays readable for backups."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DatabaseDamagedError(path, str(error)) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise DatabaseInUseError(path) from error
    return lock
