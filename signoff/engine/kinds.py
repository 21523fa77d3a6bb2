"""Which operation a kind names, and the type of its data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from signoff.engine import promises, search, tasks, wire
from signoff.engine.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from signoff.engine.database import Transaction
    from signoff.engine.records import Reply


class Kind[T]:
    """An operation: how its data is read, and what runs it."""

    def __init__(self, of: type[T], run: Callable[[Transaction, T], Reply]) -> None:
        """Bind a type of data to the function that takes it."""
        self._decoder = msgspec.json.Decoder(of)
        self._run = run

    def prepare(self, data: msgspec.Raw) -> Callable[[Transaction], Reply]:
        """Read the data and return the operation, ready to run.

        Raises:
            RefusedError: 400, saying which member is wrong.
        """
        request = wire.read_data(data, self._decoder)
        return lambda tx: self._run(tx, request)


KINDS: dict[str, Kind[Any]] = {
    "promise.get": Kind(wire.PromiseGet, promises.get),
    "promise.create": Kind(wire.PromiseCreate, promises.create_promise),
    "promise.settle": Kind(wire.PromiseSettle, promises.settle_promise),
    "promise.register_callback": Kind(wire.RegisterCallback, promises.add_callback),
    "promise.register_listener": Kind(wire.RegisterListener, promises.add_listener),
    "promise.search": Kind(wire.PromiseSearch, search.search),
    "task.get": Kind(wire.TaskOnly, tasks.get),
    "task.create": Kind(wire.TaskCreate, tasks.create),
    "task.acquire": Kind(wire.TaskAcquire, tasks.acquire),
    "task.release": Kind(wire.TaskVersion, tasks.release),
    "task.fulfill": Kind(wire.TaskFulfill, tasks.fulfill),
    "task.suspend": Kind(wire.TaskSuspend, tasks.suspend),
    "task.fence": Kind(wire.TaskFence, tasks.fence),
    "task.heartbeat": Kind(wire.TaskHeartbeat, tasks.heartbeat),
    "task.halt": Kind(wire.TaskOnly, tasks.halt),
    "task.continue": Kind(wire.TaskOnly, tasks.resume),
}


def prepare(request: wire.Request) -> Callable[[Transaction], Reply]:
    """Return the operation that a request asks for.

    Raises:
        RefusedError: 400 for an unknown kind or data that does not fit it.
    """
    kind = KINDS.get(request.kind)
    if kind is None:
        raise RefusedError(400, f"Unknown operation: {request.kind}")
    return kind.prepare(request.data)
