"""The operations on tasks.

========== =========== ====================================================
from       to          by
========== =========== ====================================================
(none)     pending     ``promise.create`` with a target
(none)     acquired    ``task.create``
pending    acquired    ``task.acquire``, ``task.create``: the version rises
acquired   pending     ``task.release``, a lapsed lease
acquired   suspended   ``task.suspend``
suspended  pending     an awaited promise is settled
any        halted      ``task.halt``; back to pending by ``task.continue``
any        fulfilled   its promise is settled, by ``task.fulfill`` or otherwise
========== =========== ====================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from signoff.engine import wire
from signoff.engine.errors import RefusedError
from signoff.engine.promises import check_callback, check_create, ensure
from signoff.engine.records import (
    Promise,
    PromiseRecord,
    Reply,
    Task,
    promise_record,
    task_record,
)
from signoff.engine.settlement import (
    get_promise,
    get_task,
    insert_promise,
    insert_task,
    make_pending,
    new_promise,
    settle,
    settle_by,
    target_of,
)

if TYPE_CHECKING:
    from signoff.engine.database import Transaction

#: Pauses in ms before a task is sent that was released once, twice, … in a row.
PAUSES = (0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000)


def get(tx: Transaction, request: wire.TaskOnly) -> Reply:
    """``task.get``."""
    task, _ = _known(tx, request.id)
    ready = tx.run(
        "SELECT count(*) FROM callbacks WHERE awaiter = ? AND ready = 1", task.id
    ).fetchone()[0]
    return Reply(200, {"task": task_record(task, resumes=ready)})


def create(tx: Transaction, request: wire.TaskCreate) -> Reply:
    """``task.create``: make a promise and hold its task at once.

    An existing task is acquired if it is pending and shown if it is fulfilled.
    """
    action = request.action.data
    _check_create_action(action)
    promise = get_promise(tx, action.id)
    if promise is None:
        return _create_held(tx, request)
    task = get_task(tx, promise.id)
    if task is None:
        raise RefusedError(422, "The promise does not have a resonate:target tag")
    if task.state == "pending":
        return _hold(tx, task, request, promise)
    if task.state == "fulfilled":
        return _with_preload(tx, task, promise)
    raise RefusedError(409, "Already exists")


def acquire(tx: Transaction, request: wire.TaskAcquire) -> Reply:
    """``task.acquire``: hold a pending task of that version."""
    task, promise = _known(tx, request.id)
    if task.state != "pending":
        raise RefusedError(409, "Task is not pending")
    if task.version != request.version:
        raise RefusedError(409, "Version mismatch")
    return _hold(tx, task, request, promise)


def release(tx: Transaction, request: wire.TaskVersion) -> Reply:
    """``task.release``: give it back; pauses grow while it gets nowhere."""
    task, _ = _held(tx, request.id, request.version)
    pause = PAUSES[min(task.strikes, len(PAUSES) - 1)]
    tx.run("UPDATE tasks SET strikes = strikes + 1 WHERE id = ?", task.id)
    make_pending(tx, task.id, task.queue, pause=pause)
    return Reply(200, {})


def fulfill(tx: Transaction, request: wire.TaskFulfill) -> Reply:
    """``task.fulfill``: settle the task's own promise."""
    action = request.action.data
    if action.id != request.id:
        raise RefusedError(400, "Action ID must match the task ID")
    _, promise = _held(tx, request.id, request.version)
    settled = settle(tx, promise, action.state, action.value)
    return Reply(200, {"promise": promise_record(settled)})


def suspend(tx: Transaction, request: wire.TaskSuspend) -> Reply:
    """``task.suspend``: sleep until one of the awaited is settled.

    Where one is already, 300: the task stays held and goes on.
    """
    awaited = _awaited_ids(request)
    task, _ = _held(tx, request.id, request.version)
    promises = [get_promise(tx, promise_id) for promise_id in awaited]
    if None in promises:
        raise RefusedError(422, "Awaited promise not found")
    tx.run("DELETE FROM callbacks WHERE awaiter = ? AND ready = 1", task.id)
    if any(promise and promise.state != "pending" for promise in promises):
        return Reply(300, {"preload": preload(tx, task.id)})
    tx.run_many(
        "INSERT OR IGNORE INTO callbacks VALUES (?, ?, 0)",
        [(promise_id, task.id) for promise_id in awaited],
    )
    tx.run(
        "UPDATE tasks SET state = 'suspended', pid = NULL, ttl = NULL, due_at = NULL,"
        " strikes = 0, lapses = 0 WHERE id = ?",
        task.id,
    )
    return Reply(200, {})


def fence(tx: Transaction, request: wire.TaskFence) -> Reply:
    """``task.fence``: create or settle another promise while the task is held."""
    action = request.action
    if action.data.id == request.id:
        raise RefusedError(400, "Action ID must not equal the task ID")
    _held(tx, request.id, request.version)
    status, data = 200, {}
    try:
        data = {"promise": promise_record(_run_action(tx, action))}
    except RefusedError as refused:
        # As the server: an unknown promise is the action's fault, not the fence's.
        if refused.status != 404:  # noqa: PLR2004 - HTTP's own number
            raise
        status, data = 404, refused.message
    kind = (
        "promise.create" if isinstance(action, wire.CreateAction) else "promise.settle"
    )
    inner = wire.Response(kind, wire.ResponseHead("", status), data)
    return Reply(200, {"action": inner, "preload": preload(tx, request.id)})


def heartbeat(tx: Transaction, request: wire.TaskHeartbeat) -> Reply:
    """``task.heartbeat``: renew the leases that this process still holds."""
    tx.run_many(
        "UPDATE tasks SET due_at = ttl + ? WHERE id = ? AND version = ?"
        " AND pid = ? AND state = 'acquired'",
        [(tx.now, task.id, task.version, request.pid) for task in request.tasks],
    )
    return Reply(200, {})


def halt(tx: Transaction, request: wire.TaskOnly) -> Reply:
    """``task.halt``: nobody may have it until it is continued."""
    task, _ = _known(tx, request.id)
    if task.state == "fulfilled":
        raise RefusedError(409, "Task is fulfilled")
    tx.run(
        "UPDATE tasks SET state = 'halted', pid = NULL, ttl = NULL, due_at = NULL"
        " WHERE id = ?",
        task.id,
    )
    tx.changes.taken.append(task.id)
    return Reply(200, {})


def resume(tx: Transaction, request: wire.TaskOnly) -> Reply:
    """``task.continue``: a halted task is pending again."""
    task, _ = _known(tx, request.id)
    if task.state != "halted":
        raise RefusedError(409, "Task is not halted")
    make_pending(tx, task.id, task.queue)
    return Reply(200, {})


def preload(tx: Transaction, promise_id: str) -> list[PromiseRecord]:
    """Return the other promises of a promise's branch: what a replay will ask for."""
    rows = tx.run(
        "SELECT p.* FROM promises own CROSS JOIN promises p ON p.branch = own.branch"
        " WHERE own.id = ? AND p.id <> own.id AND own.branch <> '' ORDER BY p.id",
        promise_id,
    )
    return [promise_record(Promise(*row)) for row in rows]


def _known(tx: Transaction, task_id: str) -> tuple[Task, Promise]:
    # In this order: a look at the promise may end it, and with it the task.
    promise = get_promise(tx, task_id)
    task = get_task(tx, task_id)
    if task is None or promise is None:
        raise RefusedError(404, "Task not found")
    return task, promise


def _held(tx: Transaction, task_id: str, version: int) -> tuple[Task, Promise]:
    task, promise = _known(tx, task_id)
    if task.state != "acquired" or task.version != version:
        raise RefusedError(409, "Task is not acquired or version mismatch")
    return task, promise


def _check_create_action(action: wire.PromiseCreate) -> None:
    if "resonate:target" not in action.tags:
        raise RefusedError(400, "Action must have a resonate:target tag")
    if "resonate:delay" in action.tags:
        raise RefusedError(400, "Action must not have a resonate:delay tag")
    check_create(action)


def _create_held(tx: Transaction, request: wire.TaskCreate) -> Reply:
    action = request.action.data
    address = target_of(action)
    promise = new_promise(tx, action)
    insert_promise(tx, promise)
    queue = None if promise.timer or address is None else address.queue
    prefer = None if address is None else address.prefer
    late = promise.state != "pending"
    task = Task(
        promise.id, "fulfilled" if late else "pending", 0, queue=queue, prefer=prefer
    )
    insert_task(tx, task)
    if late:
        return _with_preload(tx, task, promise)
    tx.changes.due(promise.timeout_at)
    return _hold(tx, task, request, promise)


def _hold(
    tx: Transaction,
    task: Task,
    request: wire.TaskAcquire | wire.TaskCreate,
    promise: Promise,
) -> Reply:
    lapses = tx.now + request.ttl
    held = msgspec.structs.replace(
        task,
        state="acquired",
        version=task.version + 1,
        pid=request.pid,
        ttl=request.ttl,
        due_at=lapses,
    )
    tx.run(
        "UPDATE tasks SET state = ?, version = ?, pid = ?, ttl = ?, due_at = ?"
        " WHERE id = ?",
        held.state,
        held.version,
        held.pid,
        held.ttl,
        held.due_at,
        held.id,
    )
    tx.run("DELETE FROM callbacks WHERE awaiter = ? AND ready = 1", task.id)
    tx.changes.due(lapses)
    tx.changes.taken.append(task.id)
    return _with_preload(tx, held, promise)


def _with_preload(tx: Transaction, task: Task, promise: Promise) -> Reply:
    return Reply(
        200,
        {
            "task": task_record(task),
            "promise": promise_record(promise),
            "preload": preload(tx, task.id),
        },
    )


def _awaited_ids(request: wire.TaskSuspend) -> list[str]:
    for action in request.actions:
        if action.data.awaiter != request.id:
            raise RefusedError(400, "All action awaiter IDs must match the task ID")
        check_callback(action.data)
    return list(dict.fromkeys(action.data.awaited for action in request.actions))


def _run_action(
    tx: Transaction, action: wire.CreateAction | wire.SettleAction
) -> Promise:
    if isinstance(action, wire.CreateAction):
        return ensure(tx, action.data)
    return settle_by(tx, action.data)
