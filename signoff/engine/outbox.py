"""Messages that wait in the database, and how some are claimed for delivery.

An execute message is not kept: it follows from a pending task that is due. An unblock
message is kept until it was written to a worker, an hour at most (a client asks again
every minute). A claim moves what it takes ``RESEND`` ahead, so that a message whose
worker was lost goes out again without anybody having to remember it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from signoff.engine.records import promise_record
from signoff.engine.settlement import announce, get_promise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from signoff.engine.database import Transaction

#: After how many ms an unanswered message goes out again.
RESEND = 30_000

#: How many ms an unblock message is kept for a process that does not come for it.
KEEP_UNBLOCKS = 3_600_000


@dataclass(frozen=True, slots=True)
class Message:
    """A claimed message."""

    #: The queue in which it waited.
    queue: str
    #: The process that should get it if it serves the queue.
    prefer: str | None
    #: JSON in ASCII: clients split the stream at other line ends than LF, too.
    payload: bytes
    #: The task to execute, or None.
    task: str | None = None
    #: The number of an unblock message, or None.
    unblock: int | None = None


def claim(tx: Transaction, rooms: Mapping[str, int]) -> list[Message]:
    """Claim for each queue as many due messages as there is room for."""
    claimed: list[Message] = []
    for queue, room in rooms.items():
        claimed += _claim_tasks(tx, queue, room)
        claimed += _claim_unblocks(tx, queue, room)
    if claimed:
        tx.changes.due(tx.now + RESEND)
    return claimed


def forget(tx: Transaction, unblocks: Iterable[int]) -> None:
    """Drop unblock messages that were written to their worker."""
    tx.run_many("DELETE FROM unblocks WHERE seq = ?", [(seq,) for seq in unblocks])


def give_back(tx: Transaction, messages: Iterable[Message]) -> None:
    """Make messages due again whose worker is gone."""
    for message in messages:
        if message.task is not None:
            tx.run(
                "UPDATE tasks SET due_at = ?, sent = 0"
                " WHERE id = ? AND state = 'pending' AND sent = 1",
                tx.now,
                message.task,
            )
        else:
            tx.run(
                "UPDATE unblocks SET due_at = ? WHERE seq = ?", tx.now, message.unblock
            )
        announce(tx, message.queue, tx.now)


def recall(tx: Transaction) -> None:
    """Make due what an engine had sent before it was killed."""
    tx.run(
        "UPDATE tasks INDEXED BY tasks_by_due SET due_at = ?, sent = 0"
        " WHERE state = 'pending' AND due_at > ? AND sent = 1",
        tx.now,
        tx.now,
    )
    tx.run("UPDATE unblocks SET due_at = created_at WHERE due_at > ?", tx.now)


def _claim_tasks(tx: Transaction, queue: str, room: int) -> list[Message]:
    rows = tx.run(
        "SELECT id, version, prefer FROM tasks INDEXED BY tasks_by_queue"
        " WHERE state = 'pending' AND queue = ? AND due_at <= ?"
        " ORDER BY due_at LIMIT ?",
        queue,
        tx.now,
        room,
    ).fetchall()
    tx.run_many(
        "UPDATE tasks SET due_at = ?, sent = 1 WHERE id = ?",
        [(tx.now + RESEND, task_id) for task_id, _, _ in rows],
    )
    return [
        Message(queue, prefer, _execute(task_id, version), task=task_id)
        for task_id, version, prefer in rows
    ]


def _claim_unblocks(tx: Transaction, queue: str, room: int) -> list[Message]:
    rows = tx.run(
        "SELECT seq, promise FROM unblocks WHERE queue = ? AND due_at <= ?"
        " ORDER BY due_at LIMIT ?",
        queue,
        tx.now,
        room,
    ).fetchall()
    tx.run_many(
        "UPDATE unblocks SET due_at = ? WHERE seq = ?",
        [(tx.now + RESEND, seq) for seq, _ in rows],
    )
    return [
        Message(queue, None, payload, unblock=seq)
        for seq, promise_id in rows
        if (payload := _unblock(tx, promise_id)) is not None
    ]


def _execute(task_id: str, version: int) -> bytes:
    return _encode("execute", {"task": {"id": task_id, "version": version}})


def _unblock(tx: Transaction, promise_id: str) -> bytes | None:
    promise = get_promise(tx, promise_id)
    return promise and _encode("unblock", {"promise": promise_record(promise)})


def _encode(kind: str, data: dict[str, Any]) -> bytes:
    payload = msgspec.json.encode({"kind": kind, "head": {}, "data": data})
    return payload if payload.isascii() else json.dumps(json.loads(payload)).encode()
