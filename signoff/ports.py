"""What the use cases need of the world, and no more.

`signoff.durable` gives it on a Resonate engine, `signoff.testing` in memory; the
same contract tests run on both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

type PromiseState = Literal[
    "pending", "resolved", "rejected", "rejected_canceled", "rejected_timedout"
]


@dataclass(frozen=True, kw_only=True)
class DurablePromise:
    """A durable promise as the engine keeps it, its JSON decoded."""

    id: str
    state: PromiseState
    #: What it was created with.
    param: Any = None
    #: What it was settled with; None while it is pending.
    value: Any = None
    tags: Mapping[str, str]
    #: When it times out by the engine's clock, aware, in UTC.
    timeout_at: datetime
    created_at: datetime
    settled_at: datetime | None = None

    @property
    def pending(self) -> bool:
        """Whether it can still be settled."""
        return self.state == "pending"


class Promises(Protocol):
    """The promises that decide. Every call ends within 10 s.

    Raises (each of them):
        EngineUnavailableError: No answer in time; whether it acted is unknown.
    """

    async def get(self, id_: str) -> DurablePromise | None:
        """Return a promise, or None where none of that id is kept."""
        ...

    async def create(
        self,
        id_: str,
        param: object,
        *,
        timeout_at: datetime,
        tags: Mapping[str, str] | None = None,
    ) -> DurablePromise:
        """Create a promise; where one of that id is kept, return that one."""
        ...

    async def settle(self, id_: str, value: object) -> DurablePromise | None:
        """Resolve a promise and return it as it is now; None: not kept.

        The first settlement wins: a settled promise comes back as it was.
        """
        ...

    async def search(self, tags: Mapping[str, str]) -> Sequence[DurablePromise]:
        """Return every promise, in whatever state, that carries these tags."""
        ...


@dataclass(frozen=True)
class Call:
    """A durable function and what it is called with, all JSON."""

    function: str
    version: int
    args: tuple[Any, ...]

    def to_param(self) -> dict[str, Any]:
        """Return the call as a workflow's promise keeps it."""
        return {
            "func": self.function,
            "version": self.version,
            "args": list(self.args),
            "kwargs": {},
        }


class Workflows(Protocol):
    """Starts what workers run."""

    async def start(
        self, id_: str, call: Call, *, lifetime: timedelta
    ) -> DurablePromise:
        """Start a workflow, or return the promise of the one of that id.

        It has to end within `lifetime`. The promise's param is an object of
        ``func``, ``version``, ``args`` and ``kwargs``.

        Raises:
            EngineUnavailableError: As for `Promises`.
        """
        ...


class Settlements(Protocol):
    """Tells when a promise is settled."""

    async def wait(self, id_: str, *, limit: timedelta) -> DurablePromise | None:
        """Return the promise once it is settled, or as it is at the limit.

        None where none of that id is kept.

        Raises:
            EngineUnavailableError: As for `Promises`.
        """
        ...


class Clock(Protocol):
    """Says what time it is."""

    def __call__(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...
