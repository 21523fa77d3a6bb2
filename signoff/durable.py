"""Resonate behind the ports.

`connect` gives a gateway its `Promises`, `Workflows` and `Settlements`, each call
with a limit. `open_worker` gives a worker its SDK instance on connections of our
own (`signoff.connections`).
"""

import asyncio
import gc
import logging
from collections.abc import AsyncGenerator, Awaitable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta

from resonate.codec import Codec, NoopEncryptor
from resonate.connections.sse import resolve_target
from resonate.error import ResonateError, ServerError
from resonate.resonate import Resonate
from resonate.retry import Never
from resonate.send import Sender
from resonate.transport import Transport
from resonate.types import PromiseCreateReq, PromiseRecord, PromiseSettleReq, Value

from signoff.clock import utc_now
from signoff.connections import EventSource, HttpNetwork, LineageHeartbeat
from signoff.errors import EngineUnavailableError
from signoff.ports import Call, Clock, DurablePromise

#: A gateway's call to the engine ends within this time, whatever happens.
CALL_LIMIT = timedelta(seconds=10)
#: While it waits for a settlement, a gateway also looks for itself this often: a
#: server may lose a message, and then the caller still learns of it.
_LOOK_EVERY = timedelta(seconds=10)
#: How many seconds a worker takes to let go of what it could not finish.
_CUT_OFF = 2
#: Who reports that a task was released, and that nobody asked how it ended.
_TASK_LOGGERS = ("asyncio", "resonate.core", "resonate.observability")
_NOT_FOUND = 404
_PAGE = 100
_EPOCH = datetime.fromtimestamp(0, UTC)


class DurableEngine:
    """`Promises`, `Workflows` and `Settlements` on a Resonate engine."""

    def __init__(
        self,
        sender: Sender,
        *,
        group: str,
        limit: timedelta | None,
        source: EventSource | None = None,
    ) -> None:
        self._sender = sender
        self._group = group
        self._limit = limit
        self._source = source
        self._codec = Codec(NoopEncryptor())

    @property
    def listening(self) -> bool:
        """Whether the engine can reach this process at the moment."""
        return self._source is not None and self._source.connected

    async def get(self, id_: str) -> DurablePromise | None:
        """Return a promise; see `signoff.ports.Promises.get`."""
        return await self._find(self._sender.promise_get(id_))

    async def create(
        self,
        id_: str,
        param: object,
        *,
        timeout_at: datetime,
        tags: Mapping[str, str] | None = None,
    ) -> DurablePromise:
        """Create a promise; see `signoff.ports.Promises.create`."""
        request = PromiseCreateReq(
            id=id_,
            timeout_at=milliseconds(timeout_at),
            param=self._encode(param),
            tags=dict(tags or {}),
        )
        return self._decode(await self._call(self._sender.promise_create(request)))

    async def settle(self, id_: str, value: object) -> DurablePromise | None:
        """Resolve a promise; see `signoff.ports.Promises.settle`."""
        request = PromiseSettleReq(id=id_, state="resolved", value=self._encode(value))
        return await self._find(self._sender.promise_settle(request))

    async def search(self, tags: Mapping[str, str]) -> Sequence[DurablePromise]:
        """Return the promises with these tags; see `signoff.ports.Promises`."""
        found: list[DurablePromise] = []
        cursor: str | None = None
        while True:
            page = await self._call(
                self._sender.promise_search(None, dict(tags), _PAGE, cursor)
            )
            found.extend(map(self._decode, page.promises))
            cursor = page.cursor
            if cursor is None:
                return found

    async def start(
        self, id_: str, call: Call, *, lifetime: timedelta
    ) -> DurablePromise:
        """Start a workflow; see `signoff.ports.Workflows.start`."""
        tags = {
            "resonate:scope": "global",
            "resonate:target": resolve_target(self._group),
            "resonate:branch": id_,
            "resonate:parent": id_,
            "resonate:origin": id_,
        }
        timeout_at = utc_now() + lifetime
        param = call.to_param()
        return await self.create(id_, param, timeout_at=timeout_at, tags=tags)

    async def wait(self, id_: str, *, limit: timedelta) -> DurablePromise | None:
        """Wait for a settlement; see `signoff.ports.Settlements.wait`."""
        loop = asyncio.get_running_loop()
        until = loop.time() + limit.total_seconds()
        promise = await self.get(id_)
        while promise is not None and promise.pending and loop.time() < until:
            pause = min(until - loop.time(), _LOOK_EVERY.total_seconds())
            await self._wait_for_message(id_, pause)
            promise = await self.get(id_)
        return promise

    async def _wait_for_message(self, id_: str, seconds: float) -> None:
        """Wait until the engine says that a promise is settled, or time is up."""
        if self._source is None:
            await asyncio.sleep(min(seconds, 1))
            return
        with self._source.settlement_of(id_) as settled, suppress(_MissingError):
            register = self._sender.promise_register_listener(
                id_, self._source.unicast()
            )
            record = await self._call(register)
            if record.state == "pending":
                with suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        await settled.wait()

    async def _find(self, call: Awaitable[PromiseRecord]) -> DurablePromise | None:
        try:
            return self._decode(await self._call(call))
        except _MissingError:
            return None

    async def _call[T](self, call: Awaitable[T]) -> T:
        """Await one call to the engine, within the limit."""
        seconds = self._limit.total_seconds() if self._limit else None
        try:
            async with asyncio.timeout(seconds):
                return await call
        except TimeoutError as error:
            raise EngineUnavailableError(f"no answer in {seconds:.0f} s") from error
        except ServerError as error:
            if error.code == _NOT_FOUND:
                raise _MissingError from error
            raise EngineUnavailableError(str(error)) from error
        except ResonateError as error:
            raise EngineUnavailableError(str(error)) from error

    def _encode(self, value: object) -> Value:
        return self._codec.encode(value)

    def _decode(self, record: PromiseRecord) -> DurablePromise:
        """Decode a record; what a rejection holds stays plain JSON."""
        settled_at = record.settled_at
        return DurablePromise(
            id=record.id,
            state=record.state,
            param=self._codec.decode(record.param),
            value=self._codec.decode(record.value),
            tags=record.tags,
            timeout_at=instant(record.timeout_at),
            created_at=instant(record.created_at),
            settled_at=None if settled_at is None else instant(settled_at),
        )


class _MissingError(Exception):
    """The engine keeps nothing of that id."""


def milliseconds(at: datetime) -> int:
    """Return an instant as the engine counts it: never before the instant."""
    return -(-(at - _EPOCH) // timedelta(milliseconds=1))


def instant(counted: int) -> datetime:
    """Return the instant that the engine counts as so many milliseconds."""
    return _EPOCH + timedelta(milliseconds=counted)


@asynccontextmanager
async def connect(
    url: str, token: str | None, *, group: str, listen: str | None = None
) -> AsyncGenerator[DurableEngine]:
    """Connect a gateway to an engine.

    Args:
        url: The engine's address.
        token: What it wants as a bearer.
        group: The worker group that runs what is started.
        listen: A group of the gateway's own, to be told of settlements.
    """
    network = HttpNetwork(url, token)
    source = EventSource(url, token, group=listen) if listen else None
    sources = [source] if source else []
    transport = Transport(network, sources)
    await network.start()
    for each in sources:
        await each.start()
    try:
        yield DurableEngine(
            Sender(transport, token), group=group, limit=CALL_LIMIT, source=source
        )
    finally:
        for each in sources:
            await each.stop()
        await network.stop()


@asynccontextmanager
async def open_worker(
    url: str,
    token: str | None,
    *,
    group: str,
    lease: timedelta,
    clock: Clock = utc_now,
) -> AsyncGenerator[tuple[Resonate, DurableEngine]]:
    """Make a worker's SDK instance and its view of the promises.

    Nothing is received before the caller calls ``Resonate.start()``. On leaving,
    what runs is finished first.

    Args:
        url: The engine's address.
        token: What it wants as a bearer.
        group: The group whose work it takes.
        lease: How long a task stays with a worker that went silent.
        clock: The time by which the SDK turns durations into instants.
    """
    network = HttpNetwork(url, token)
    source = EventSource(url, token, group=group)
    sender = Sender(Transport(network), token)
    heartbeat = LineageHeartbeat(source.pid, lease, sender)
    resonate = Resonate(
        network=network,
        sources=[source],
        group=group,
        pid=source.pid,
        ttl=lease,
        token=token,
        heartbeat=heartbeat,
        retry_policy=Never(),
        clock=lambda: milliseconds(clock()),
        env={},
        autostart=False,
    )
    # No limit: a step that cannot reach the engine waits for it, as the SDK does.
    engine = DurableEngine(sender, group=group, limit=None, source=source)
    try:
        yield resonate, engine
    finally:
        await source.stop()
        await _let_go(resonate, network, heartbeat)


async def _let_go(
    resonate: Resonate, network: HttpNetwork, heartbeat: LineageHeartbeat
) -> None:
    """Finish the steps that run, then cut off what has not come to its end."""
    network.draining = True
    with _quiet_sdk():
        await heartbeat.drain(network)
        with suppress(TimeoutError):
            async with asyncio.timeout(_CUT_OFF):
                await resonate.stop()


@contextmanager
def _quiet_sdk() -> Generator[None]:
    """Have the SDK not report tasks as failed that are let go on purpose."""
    loggers = [logging.getLogger(name) for name in _TASK_LOGGERS]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    yield
    gc.collect()  # asyncio reports when it forgets a task
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)
