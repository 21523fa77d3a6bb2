"""How a promise begins and ends, and what its end sets going.

A settlement is one chain in one transaction: the promise takes its state, its own
task is fulfilled, suspended tasks that await it become pending, listeners get their
message. Every way to an end (settle, fulfil, deadline) goes through ``settle``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from signoff.engine.addresses import Address, parse_address
from signoff.engine.errors import RefusedError
from signoff.engine.records import Promise, Task, timeout_state

if TYPE_CHECKING:
    from signoff.engine.database import Transaction
    from signoff.engine.wire import PromiseCreate, PromiseSettle, Value

#: Tags under which no search is driven by the index: ids or other columns lead there.
ENGINE_TAGS = "resonate:"

_EMPTY = b"{}"


def get_promise(tx: Transaction, promise_id: str) -> Promise | None:
    """Return a promise as it is now; one past its deadline is settled by the look."""
    row = tx.run("SELECT * FROM promises WHERE id = ?", promise_id).fetchone()
    if row is None:
        return None
    promise = Promise(*row)
    return expire(tx, promise) if promise.is_overdue(tx.now) else promise


def get_task(tx: Transaction, task_id: str) -> Task | None:
    """Return a task; look at its promise first, which may be overdue."""
    row = tx.run("SELECT * FROM tasks WHERE id = ?", task_id).fetchone()
    return None if row is None else Task(*row)


def create(tx: Transaction, request: PromiseCreate) -> Promise:
    """Keep a new promise, and its pending task where it has a target.

    One whose deadline has passed already is settled from the start.

    Raises:
        RefusedError: 400 for an address that this engine cannot reach.
    """
    address = target_of(request)
    promise = new_promise(tx, request)
    insert_promise(tx, promise)
    if address is None:
        return promise
    if promise.state != "pending":
        insert_task(tx, Task(promise.id, "fulfilled", 0))
        return promise
    tx.changes.due(promise.timeout_at)
    due = max(tx.now, int(request.tags.get("resonate:delay", "0")))
    queue = None if promise.timer else address.queue
    task = Task(
        promise.id, "pending", 0, due_at=due, queue=queue, prefer=address.prefer
    )
    insert_task(tx, task)
    announce(tx, queue, due)
    return promise


def target_of(request: PromiseCreate) -> Address | None:
    """Read the target tag.

    Raises:
        RefusedError: 400 for an address that this engine cannot reach.
    """
    target = request.tags.get("resonate:target")
    return None if target is None else parse_address(target, what="resonate:target")


def new_promise(tx: Transaction, request: PromiseCreate) -> Promise:
    """Return the promise that a request asks for; nothing is kept yet."""
    timer = request.tags.get("resonate:timer") == "true"
    late = tx.now >= request.timeout_at
    return Promise(
        id=request.id,
        state=timeout_state(timer=timer) if late else "pending",
        param=msgspec.json.encode(request.param),
        value=_EMPTY,
        tags=msgspec.json.encode(request.tags),
        target=request.tags.get("resonate:target"),
        branch=request.tags.get("resonate:branch"),
        timer=timer,
        timeout_at=request.timeout_at,
        created_at=request.timeout_at if late else tx.now,
        settled_at=request.timeout_at if late else None,
    )


def insert_promise(tx: Transaction, promise: Promise) -> None:
    """Keep a promise and index its tags."""
    tx.run(
        "INSERT INTO promises VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *msgspec.structs.astuple(promise),
    )
    tags: dict[str, str] = msgspec.json.decode(promise.tags)
    own = [(n, v, promise.id) for n, v in tags.items() if not n.startswith(ENGINE_TAGS)]
    if own:
        tx.run_many("INSERT INTO tags VALUES (?, ?, ?)", own)
    if promise.state == "pending":
        tx.changes.pending += 1


def insert_task(tx: Transaction, task: Task) -> None:
    """Keep a task."""
    tx.run(
        "INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *msgspec.structs.astuple(task),
    )


def settle_by(tx: Transaction, request: PromiseSettle) -> Promise:
    """Settle as asked; the first settlement stands.

    Raises:
        RefusedError: 404 if there is no such promise.
    """
    promise = get_promise(tx, request.id)
    if promise is None:
        raise RefusedError(404, "Promise not found")
    if promise.state != "pending":
        return promise
    return settle(tx, promise, request.state, request.value)


def settle(tx: Transaction, promise: Promise, state: str, value: Value) -> Promise:
    """Settle a pending promise now."""
    settled = msgspec.structs.replace(
        promise, state=state, value=msgspec.json.encode(value), settled_at=tx.now
    )
    _end(tx, settled)
    return settled


def expire(tx: Transaction, promise: Promise) -> Promise:
    """Settle a pending promise as its deadline does."""
    expired = promise.as_timed_out()
    _end(tx, expired)
    return expired


def announce(tx: Transaction, queue: str | None, due: int) -> None:
    """Note that a message is due: at once, or when time comes to it."""
    if queue is None:
        return
    if due <= tx.now:
        tx.changes.queues.add(queue)
    else:
        tx.changes.due(due)


def _end(tx: Transaction, settled: Promise) -> None:
    tx.run(
        "UPDATE promises SET state = ?, value = ?, settled_at = ? WHERE id = ?",
        settled.state,
        settled.value,
        settled.settled_at,
        settled.id,
    )
    tx.changes.pending -= 1
    if settled.target is not None:
        _fulfil(tx, settled.id)
    _resume_awaiters(tx, settled.id)
    _tell_listeners(tx, settled.id)


def _fulfil(tx: Transaction, task_id: str) -> None:
    tx.run(
        "UPDATE tasks SET state = 'fulfilled', pid = NULL, ttl = NULL, due_at = NULL,"
        " strikes = 0, lapses = 0 WHERE id = ?",
        task_id,
    )
    tx.run("DELETE FROM callbacks WHERE awaiter = ?", task_id)
    tx.changes.taken.append(task_id)


def _resume_awaiters(tx: Transaction, awaited: str) -> None:
    tx.run("UPDATE callbacks SET ready = 1 WHERE awaited = ?", awaited)
    resumed = tx.run(
        "SELECT t.id, t.queue FROM callbacks c"
        " CROSS JOIN tasks t ON t.id = c.awaiter"
        " CROSS JOIN promises p ON p.id = c.awaiter"
        " WHERE c.awaited = ? AND t.state = 'suspended'"
        " AND p.state = 'pending' AND p.timeout_at > ?",
        awaited,
        tx.now,
    ).fetchall()
    for task_id, queue in resumed:
        make_pending(tx, task_id, queue)


def make_pending(
    tx: Transaction, task_id: str, queue: str | None, *, pause: int = 0
) -> None:
    """Put a task back among the pending, to be sent after a pause in ms."""
    tx.run(
        "UPDATE tasks SET state = 'pending', pid = NULL, ttl = NULL, due_at = ?,"
        " sent = 0 WHERE id = ?",
        tx.now + pause,
        task_id,
    )
    announce(tx, queue, tx.now + pause)


def _tell_listeners(tx: Transaction, promise_id: str) -> None:
    rows = tx.run(
        "SELECT queue FROM listeners WHERE awaited = ?", promise_id
    ).fetchall()
    if not rows:
        return
    tx.run("DELETE FROM listeners WHERE awaited = ?", promise_id)
    for (queue,) in rows:
        tx.run(
            "INSERT OR REPLACE INTO unblocks (queue, promise, created_at, due_at)"
            " VALUES (?, ?, ?, ?)",
            queue,
            promise_id,
            tx.now,
            tx.now,
        )
        announce(tx, queue, tx.now)
