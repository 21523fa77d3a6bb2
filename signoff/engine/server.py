"""The engine's HTTP rim: one aiohttp server around database, timer and delivery."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from aiohttp import web

from signoff.engine import guard, wire
from signoff.engine.config import EngineConfig
from signoff.engine.database import Changes, Database
from signoff.engine.delivery import Delivery, Poller
from signoff.engine.errors import PortTakenError, RefusedError, UnavailableError
from signoff.engine.kinds import KINDS, prepare
from signoff.engine.metrics import Metrics
from signoff.engine.outbox import recall
from signoff.engine.records import Reply
from signoff.engine.timeouts import Timer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

__all__ = ["EngineConfig", "EngineServer", "run", "serve"]

logger = logging.getLogger(__name__)

#: A promise holds 32 KiB at most, a suspend some hundred ids: room enough for both.
MAX_BODY = 2 * 1024 * 1024

# How many seconds a client may take over a body, and the database over a probe.
_BODY_TIMEOUT, _PROBE_TIMEOUT = 30.0, 2.0

# How many seconds requests get to be answered when the engine stops.
_STOP_TIMEOUT = 5.0


class EngineServer:
    """A running engine: start it, or use ``serve``."""

    def __init__(self, config: EngineConfig) -> None:
        """Describe an engine; nothing is opened yet."""
        self._config = config
        self._metrics = Metrics()
        self._tasks: list[asyncio.Task[None]] = []
        self._opened = contextlib.AsyncExitStack()
        self._port = config.port

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._port

    async def start(self) -> None:
        """Open the file and listen.

        Raises:
            EngineError: The file cannot be used or the port is taken.
        """
        config = self._config
        async with contextlib.AsyncExitStack() as stack:
            self._database = Database(config.database, config.clock)
            stack.push_async_callback(self._database.close)
            self._delivery = Delivery(self._database, config.clock)
            self._timer = Timer(
                self._database, config.clock, self._delivery.due_anywhere
            )
            self._metrics.pending = self._database.pending_promises()
            self._database.start(self._committed)
            await self._database.run(recall)
            stack.push_async_callback(self._end_tasks)
            self._tasks = [
                asyncio.create_task(self._timer.run(), name="engine-timer"),
                asyncio.create_task(self._delivery.run(), name="engine-delivery"),
            ]
            await self._listen(stack)
            self._opened = stack.pop_all()

    async def stop(self) -> None:
        """Close the workers' streams, answer what came in, close the file."""
        await self._opened.aclose()

    async def tick(self) -> None:
        """Do all that is due by the clock: for clocks that are set by hand."""
        await self._timer.tick()

    async def _listen(self, stack: contextlib.AsyncExitStack) -> None:
        host, port = self._config.host, self._config.port
        runner = web.AppRunner(
            self._application(),
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=_STOP_TIMEOUT,
        )
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise PortTakenError(host, port, error.strerror or str(error)) from error
        self._port = runner.addresses[0][1]
        stack.callback(self._delivery.close)

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=MAX_BODY, middlewares=[self._guarded])
        app.router.add_post("/", self._handle)
        app.router.add_get("/poll/{group}/{pid}", self._poll)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._show_metrics)
        return app

    async def _end_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _committed(self, changes: Changes, size: int) -> None:
        self._metrics.commits[size] += 1
        self._metrics.pending += changes.pending
        self._timer.hint(changes.earliest)
        self._delivery.taken(changes.taken)
        self._delivery.due(changes.queues)

    @web.middleware
    async def _guarded(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        try:
            guard.check_host(request.headers, self._config)
            guard.check_origin(request.headers)
            return await handler(request)
        except RefusedError as refused:
            return _envelope("unknown", "0", Reply(refused.status, refused.message))

    async def _handle(self, request: web.Request) -> web.Response:
        guard.check_token(request.headers, self._config.token)
        if request.content_type != "application/json":
            raise RefusedError(415, "Content-Type must be application/json")
        body = await _read_body(request)
        try:
            envelope = wire.read_request(body)
        except RefusedError as refused:
            kind, corr_id = wire.named_in(body)
            reply = Reply(refused.status, refused.message)
        else:
            kind, corr_id = envelope.kind, envelope.head.corr_id
            reply = await self._reply(envelope)
        self._metrics.requests[kind if kind in KINDS else "other", reply.status] += 1
        return _envelope(kind, corr_id, reply)

    async def _reply(self, envelope: wire.Request) -> Reply:
        try:
            if envelope.kind == "task.acquire":
                self._delivery.heard(envelope.data)
            return await self._database.run(prepare(envelope))
        except RefusedError as refused:
            return Reply(refused.status, refused.message)
        except UnavailableError as error:
            return Reply(503, str(error))
        except Exception:
            logger.exception("engine: %s failed", envelope.kind)
            return Reply(500, "Internal error")

    async def _poll(self, request: web.Request) -> web.StreamResponse:
        guard.check_token(request.headers, self._config.token)
        group, pid = request.match_info["group"], request.match_info["pid"]
        try:
            poller = self._delivery.connect(group, pid)
        except UnavailableError as error:
            raise RefusedError(503, str(error)) from error
        try:
            return await self._stream(request, poller)
        finally:
            with contextlib.suppress(UnavailableError):
                await asyncio.shield(self._delivery.disconnect(poller))

    async def _stream(self, request: web.Request, poller: Poller) -> web.StreamResponse:
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await stream.prepare(request)
        with contextlib.suppress(ConnectionError):
            while not poller.closed:
                silent = True
                for message in await self._delivery.messages(
                    poller, self._config.keepalive
                ):
                    silent = False
                    await stream.write(b"data: " + message.payload + b"\n\n")
                    self._delivery.written(message)
                if silent and not poller.closed:
                    await stream.write(b": keep-alive\n\n")
        return stream

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def _readyz(self, _request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(_PROBE_TIMEOUT):
                await self._database.run(lambda tx: tx.run("SELECT 1").fetchone())
        except (UnavailableError, TimeoutError):
            return web.json_response({"status": "database unavailable"}, status=503)
        return web.json_response({"status": "ready"})

    async def _show_metrics(self, request: web.Request) -> web.Response:
        if not guard.is_loopback(request.remote or ""):
            guard.check_token(request.headers, self._config.token)
        return web.Response(text=self._metrics.text(connected=self._delivery.connected))


@contextlib.asynccontextmanager
async def serve(config: EngineConfig) -> AsyncGenerator[EngineServer]:
    """Run an engine for the length of an ``async with`` block.

    Raises:
        EngineError: The file cannot be used or the port is taken.
    """
    engine = EngineServer(config)
    await engine.start()
    try:
        yield engine
    finally:
        await engine.stop()


async def run(
    config: EngineConfig,
    ready: Callable[[EngineServer], object] | None = None,
    *,
    stop: asyncio.Event,
) -> None:
    """Run an engine until ``stop`` is set; ``ready`` is called once it listens.

    Raises:
        EngineError: The file cannot be used or the port is taken.
    """
    async with serve(config) as engine:
        if ready is not None:
            ready(engine)
        await stop.wait()


async def _read_body(request: web.Request) -> bytes:
    try:
        async with asyncio.timeout(_BODY_TIMEOUT):
            return await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise RefusedError(413, f"The body exceeds {MAX_BODY} bytes") from error
    except TimeoutError as error:
        raise RefusedError(408, "The body did not arrive") from error


def _envelope(kind: str, corr_id: str, reply: Reply) -> web.Response:
    return web.Response(
        body=wire.write_response(kind, corr_id, reply.status, reply.data),
        status=reply.status,
        content_type="application/json",
    )
