"""Doubles for tests: an engine in memory, held to the contract of the real one."""

import asyncio
import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from signoff.clock import utc_now
from signoff.errors import EngineUnavailableError
from signoff.ports import Call, Clock, DurablePromise


class MemoryEngine:
    """`Promises`, `Workflows` and `Settlements` in memory.

    It keeps promises as an engine does and runs nothing: a started workflow is
    a pending promise.
    """

    def __init__(self, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._promises: dict[str, DurablePromise] = {}
        self._changed = asyncio.Condition()
        #: While False, every call raises `EngineUnavailableError`.
        self.available = True

    async def get(self, id_: str) -> DurablePromise | None:
        """Return a promise; see `signoff.ports.Promises.get`."""
        self._check()
        promise = self._promises.get(id_)
        return self._touch(promise) if promise else None

    async def create(
        self,
        id_: str,
        param: object,
        *,
        timeout_at: datetime,
        tags: Mapping[str, str] | None = None,
    ) -> DurablePromise:
        """Create a promise; see `signoff.ports.Promises.create`."""
        self._check()
        if id_ not in self._promises:
            self._promises[id_] = DurablePromise(
                id=id_,
                state="pending",
                param=copy.deepcopy(param),
                tags=dict(tags or {}),
                timeout_at=timeout_at,
                created_at=self._clock(),
            )
        return self._touch(self._promises[id_])

    async def settle(self, id_: str, value: object) -> DurablePromise | None:
        """Resolve a promise; see `signoff.ports.Promises.settle`."""
        promise = await self.get(id_)
        if promise is None or not promise.pending:
            return promise
        settled = replace(
            promise,
            state="resolved",
            value=copy.deepcopy(value),
            settled_at=self._clock(),
        )
        self._promises[id_] = settled
        async with self._changed:
            self._changed.notify_all()
        return settled

    async def search(self, tags: Mapping[str, str]) -> Sequence[DurablePromise]:
        """Return the promises with these tags; see `signoff.ports.Promises`."""
        self._check()
        return [
            self._touch(promise)
            for promise in self._promises.values()
            if tags.items() <= promise.tags.items()
        ]

    async def start(
        self, id_: str, call: Call, *, lifetime: timedelta
    ) -> DurablePromise:
        """Keep a workflow's promise; see `signoff.ports.Workflows.start`."""
        timeout_at = self._clock() + lifetime
        return await self.create(id_, call.to_param(), timeout_at=timeout_at)

    async def wait(self, id_: str, *, limit: timedelta) -> DurablePromise | None:
        """Wait for a settlement; see `signoff.ports.Settlements.wait`."""
        try:
            async with asyncio.timeout(limit.total_seconds()), self._changed:
                await self._changed.wait_for(lambda: self._is_settled(id_))
        except TimeoutError:
            pass
        return await self.get(id_)

    def _is_settled(self, id_: str) -> bool:
        promise = self._promises.get(id_)
        return promise is None or not self._touch(promise).pending

    def _touch(self, promise: DurablePromise) -> DurablePromise:
        """Time a promise out, as engines do when they next look at it."""
        if promise.pending and self._clock() >= promise.timeout_at:
            promise = replace(
                promise, state="rejected_timedout", settled_at=promise.timeout_at
            )
            self._promises[promise.id] = promise
        return promise

    def _check(self) -> None:
        if not self.available:
            raise EngineUnavailableError("the engine was made unavailable")
