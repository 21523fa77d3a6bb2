"""Our connections to an engine, in place of the SDK's.

The SDK's own stream ends silently after 300 s (aiohttp's default total timeout
covers a stream), and its pauses grow to a minute. These never give up, pause at
most two seconds, and notice a silent stream by the engine's keep-alive.
"""

import asyncio
import logging
import uuid
from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from datetime import timedelta

import aiohttp
import msgspec
from resonate.connections.sse import SseFramer, resolve_target, unicast
from resonate.error import ConnectorError
from resonate.ids import origin_of
from resonate.send import Sender, TaskRef

logger = logging.getLogger(__name__)

#: The engine sends a keep-alive every 15 s: a stream silent for three of them
#: is dead.
KEEPALIVE_LIMIT = 45.0
#: One request's limit; a request that is lost is sent again.
_REQUEST_LIMIT = 30.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0
_CREATE = "promise.create"
#: How long a worker that stops lets what it runs come to its end: a step takes
#: at most 30 s. Where the engine is gone too, nothing can come to its end.
DRAIN_LIMIT, DRAIN_LIMIT_ALONE = 33.0, 2.0


def _pause(attempt: int) -> float:
    return min(_FIRST_PAUSE * 2 ** min(attempt, 10), _LONGEST_PAUSE)


def _headers(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


class HttpNetwork:
    """Requests to the engine: the SDK's ``Network``."""

    def __init__(self, url: str, token: str | None) -> None:
        self._url = url.rstrip("/") + "/"
        self._headers = {**_headers(token), "Content-Type": "application/json"}
        self._session: aiohttp.ClientSession | None = None
        self._stopped = asyncio.Event()
        self._failing_since: float | None = None
        #: While True, running workflows begin no new step: what would begin one is
        #: refused, and the SDK lets the task go, to go on elsewhere.
        self.draining = False

    @property
    def failing_for(self) -> float:
        """For how many seconds the engine has not answered; 0: it does."""
        if self._failing_since is None:
            return 0.0
        return asyncio.get_running_loop().time() - self._failing_since

    async def start(self) -> None:
        """Do nothing: the session opens with the first request."""

    async def stop(self) -> None:
        """Close the session; what is under way ends with an error."""
        self._stopped.set()
        if self._session is not None:
            await self._session.close()

    async def send(self, req: str, headers: dict[str, str] | None = None) -> str:
        """Send a request, again and again until the engine answers.

        Raises:
            ConnectorError: The connection was stopped.
        """
        if self.draining and _begins_step(req):
            raise ConnectorError(ConnectionError("this worker is stopping"))
        attempt = 0
        while not self._stopped.is_set():
            try:
                answer = await self._post(req, {**(headers or {}), **self._headers})
            except (aiohttp.ClientError, TimeoutError, RuntimeError) as error:
                logger.debug("request failed: %s", error)
                if self._failing_since is None:
                    self._failing_since = asyncio.get_running_loop().time()
            else:
                self._failing_since = None
                return answer
            with suppress(TimeoutError):
                async with asyncio.timeout(_pause(attempt)):
                    await self._stopped.wait()
            attempt += 1
        raise ConnectorError(ConnectionError("the connection was stopped"))

    async def _post(self, body: str, headers: dict[str, str]) -> str:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=_REQUEST_LIMIT)
            connector = aiohttp.TCPConnector(limit=256)
            self._session = aiohttp.ClientSession(timeout=timeout, connector=connector)
        async with self._session.post(self._url, data=body, headers=headers) as reply:
            return await reply.text()


class _Action(msgspec.Struct):
    kind: str = ""


class _FenceData(msgspec.Struct):
    action: _Action = msgspec.field(default_factory=_Action)


class _Fence(msgspec.Struct):
    data: _FenceData = msgspec.field(default_factory=_FenceData)


def _begins_step(request: str) -> bool:
    """Say whether a request makes a promise for a running workflow."""
    if '"task.fence"' not in request[:40]:
        return False
    return msgspec.json.decode(request, type=_Fence).data.action.kind == _CREATE


class EventSource:
    """Messages from the engine, as Server-Sent Events: the SDK's ``Source``."""

    def __init__(
        self,
        url: str,
        token: str | None,
        *,
        group: str,
        stream_timeout: aiohttp.ClientTimeout | None = None,
    ) -> None:
        #: This process, as the engine knows it.
        self.pid = uuid.uuid4().hex
        self._group = group
        self._url = f"{url.rstrip('/')}/poll/{group}/{self.pid}"
        self._headers = {**_headers(token), "Accept": "text/event-stream"}
        #: How long the stream may be silent; how long it lasts has no limit.
        self.stream_timeout = stream_timeout or aiohttp.ClientTimeout(
            total=None, sock_connect=_REQUEST_LIMIT, sock_read=KEEPALIVE_LIMIT
        )
        self._receivers: list[Callable[[str], None]] = [self._notice_settlement]
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        #: Whether the engine can reach this process at the moment.
        self.connected = False
        #: Since when, by the event loop's clock.
        self.connected_at = 0.0
        #: How often the stream was opened again.
        self.reconnects = -1

    def unicast(self) -> str:
        """Return the address that reaches this process alone."""
        return unicast(self._group, self.pid)

    def resolve_target(self, target: str) -> str:
        """Return the address that reaches any one process of a group."""
        return resolve_target(target)

    def recv(self, callback: Callable[[str], None]) -> None:
        """Have every message handed to `callback`, as JSON."""
        self._receivers.append(callback)

    async def start(self) -> None:
        """Begin to listen."""
        self._task = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        """Stop listening; a second call does nothing."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    @contextmanager
    def settlement_of(self, promise: str) -> Generator[asyncio.Event]:
        """Give an event that is set when the engine says it is settled."""
        settled = asyncio.Event()
        self._waiting[promise].add(settled)
        try:
            yield settled
        finally:
            self._waiting[promise].discard(settled)
            if not self._waiting[promise]:
                del self._waiting[promise]

    async def _listen(self) -> None:
        attempt = 0
        async with aiohttp.ClientSession(timeout=self.stream_timeout) as session:
            while True:
                try:
                    async with session.get(self._url, headers=self._headers) as reply:
                        reply.raise_for_status()
                        attempt = 0
                        self._connect()
                        await self._read(reply)
                except (aiohttp.ClientError, TimeoutError) as error:
                    logger.debug("stream ended: %s", error)
                finally:
                    self.connected = False
                await asyncio.sleep(_pause(attempt))
                attempt += 1

    def _connect(self) -> None:
        self.connected = True
        self.connected_at = asyncio.get_running_loop().time()
        self.reconnects += 1

    async def _read(self, reply: aiohttp.ClientResponse) -> None:
        framer = SseFramer()
        async for chunk in reply.content.iter_any():
            for message in framer.feed(chunk):
                for receive in self._receivers:
                    self._hand_on(message, receive)

    def _hand_on(self, message: str, receive: Callable[[str], None]) -> None:
        """Hand a message on; one that cannot be read must not end the stream."""
        try:
            receive(message)
        except Exception:
            logger.exception("a message from the engine could not be read")

    def _notice_settlement(self, message: str) -> None:
        unblocked = msgspec.json.decode(message, type=_Message).data.promise
        for settled in self._waiting.get(unblocked.id if unblocked else "", ()):
            settled.set()


class _Promise(msgspec.Struct):
    id: str


class _Data(msgspec.Struct):
    promise: _Promise | None = None


class _Message(msgspec.Struct):
    data: _Data = msgspec.field(default_factory=_Data)


class LineageHeartbeat:
    """Keeps the leases of what runs: the SDK's ``Heartbeat``.

    One request for each lineage, because a Resonate server refuses a heartbeat
    whose tasks are of different roots, and then every lease lapses.
    """

    def __init__(self, pid: str, lease: timedelta, sender: Sender) -> None:
        self._pid = pid
        self._pause = lease.total_seconds() / 3
        self._sender = sender
        self._running: dict[str, int] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self._task: asyncio.Task[None] | None = None

    def start(self, task_id: str, task_version: int) -> None:
        """Keep one more lease."""
        self._running[task_id] = task_version
        self._idle.clear()
        if self._task is None:
            self._task = asyncio.create_task(self._beat())

    def stop(self, task_id: str) -> None:
        """Let one lease go."""
        self._running.pop(task_id, None)
        if not self._running:
            self._idle.set()

    def shutdown(self) -> None:
        """Let every lease go."""
        self._running.clear()
        self._idle.set()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def drain(self, network: HttpNetwork) -> None:
        """Wait until nothing runs, as long as there is hope of it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_LIMIT):
                while not await self._is_idle_within(0.2):
                    if network.failing_for > DRAIN_LIMIT_ALONE:
                        return

    async def _is_idle_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        return self._idle.is_set()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._pause)
            lineages: defaultdict[str, list[TaskRef]] = defaultdict(list)
            for task_id, version in self._running.items():
                ref = TaskRef(id=task_id, version=version)
                lineages[origin_of(task_id)].append(ref)
            beats = [self._renew(tasks) for tasks in lineages.values()]
            await asyncio.gather(*beats)

    async def _renew(self, tasks: list[TaskRef]) -> None:
        try:
            async with asyncio.timeout(self._pause):
                await self._sender.task_heartbeat(self._pid, tasks)
        except Exception as error:  # noqa: BLE001  (a beat that failed is followed by the next)
            logger.warning("heartbeat failed: %s", error)
