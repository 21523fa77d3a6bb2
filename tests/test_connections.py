"""Our connections to an engine."""

import asyncio
import json
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from resonate.error import ConnectorError
from resonate.send import Sender, TaskRef
from resonate.transport import Transport

from signoff.connections import EventSource, HttpNetwork, LineageHeartbeat
from signoff.durable import connect
from signoff.engine.config import EngineConfig
from signoff.engine.server import EngineServer, serve
from signoff.ports import Call
from tests.worlds import TOKEN, eventually


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[EngineServer]:
    """A real engine with quick keep-alives."""
    config = EngineConfig(
        database=tmp_path / "e.sqlite3", token=TOKEN, port=0, keepalive=0.05
    )
    async with serve(config) as started:
        yield started


def url_of(server: EngineServer) -> str:
    """Return where an engine is."""
    return f"http://127.0.0.1:{server.port}"


async def receive_work(server: EngineServer, source: EventSource) -> str:
    """Start a workflow in the source's group and return what it is sent."""
    received: asyncio.Queue[str] = asyncio.Queue()
    source.recv(received.put_nowait)
    async with connect(url_of(server), TOKEN, group="g") as engine:
        await engine.start("w", Call("f", 1, ()), lifetime=timedelta(days=1))
        async with asyncio.timeout(10):
            return await received.get()


def test_a_stream_has_no_total_timeout() -> None:
    """Aiohttp's default of 300 s, which also covers a stream, is not in force."""
    source = EventSource("http://127.0.0.1:9", TOKEN, group="g")
    assert source.stream_timeout.total is None


async def test_a_silent_stream_is_kept_by_its_keepalives(server: EngineServer) -> None:
    """A stream far older than the silence it tolerates still brings work."""
    timeout = aiohttp.ClientTimeout(total=None, sock_read=0.5)
    source = EventSource(url_of(server), TOKEN, group="g", stream_timeout=timeout)
    await source.start()
    try:
        await eventually(lambda: past(source, 1.0))
        assert source.reconnects == 0
        assert '"execute"' in await receive_work(server, source)
    finally:
        await source.stop()


async def past(source: EventSource, seconds: float) -> bool:
    """Say whether a stream has been open for so long."""
    loop = asyncio.get_running_loop()
    return source.connected and loop.time() - source.connected_at > seconds


async def test_a_stream_that_ended_is_opened_again(server: EngineServer) -> None:
    """A worker whose stream is cut, as the SDK's is at 300 s, still gets work."""
    timeout = aiohttp.ClientTimeout(total=0.2)
    source = EventSource(url_of(server), TOKEN, group="g", stream_timeout=timeout)
    await source.start()
    try:
        await eventually(lambda: reconnected(source))
        assert '"execute"' in await receive_work(server, source)
    finally:
        await source.stop()


async def reconnected(source: EventSource) -> bool:
    """Say whether a stream was opened again."""
    return source.reconnects > 1


class RecordingSender(Sender):
    """A sender that records its heartbeats."""

    def __init__(self) -> None:
        network = HttpNetwork("http://127.0.0.1:9", None)
        super().__init__(Transport(network), None)
        self.beats: list[set[str]] = []

    async def task_heartbeat(self, pid: str, tasks: list[TaskRef]) -> None:
        """Record a heartbeat; the first one fails."""
        del pid
        self.beats.append({task.id for task in tasks})
        if len(self.beats) == 1:
            raise ConnectionError("a beat that is lost")


async def test_heartbeats_do_not_mix_lineages() -> None:
    """Tasks of different roots are renewed apart, and a lost beat is no end."""
    sender = RecordingSender()
    heartbeat = LineageHeartbeat("pid", timedelta(milliseconds=30), sender)
    for task in ("a", "a:1", "b"):
        heartbeat.start(task, 1)

    async def enough() -> bool:
        return len(sender.beats) >= 4

    await eventually(enough)
    heartbeat.shutdown()
    assert sender.beats[:4] == [{"a", "a:1"}, {"b"}] * 2


async def test_a_heartbeat_is_idle_when_nothing_runs() -> None:
    """A worker that stops knows when what it runs has come to its end."""
    heartbeat = LineageHeartbeat("pid", timedelta(seconds=15), RecordingSender())
    heartbeat.start("a", 1)
    network = HttpNetwork("http://127.0.0.1:9", None)
    drained = asyncio.create_task(heartbeat.drain(network))
    await asyncio.sleep(0)
    assert not drained.done()
    heartbeat.stop("a")
    await drained
    heartbeat.shutdown()


def fence(kind: str) -> str:
    """Return the request by which a running workflow makes or settles a promise."""
    action = {"kind": kind, "data": {}}
    data = {"id": "w", "version": 1, "action": action}
    return json.dumps({"kind": "task.fence", "head": {}, "data": data}).replace(" ", "")


async def test_a_worker_that_stops_begins_no_new_step() -> None:
    """The step that runs may end; the next one is for another worker."""
    network = HttpNetwork("http://127.0.0.1:9", None)
    network.draining = True
    with pytest.raises(ConnectorError, match="stopping"):
        await network.send(fence("promise.create"))
    settling = asyncio.create_task(network.send(fence("promise.settle")))
    await asyncio.sleep(0)
    assert not settling.done()
    await network.stop()
    await asyncio.gather(settling, return_exceptions=True)


async def test_a_message_that_cannot_be_read_ends_no_stream(
    server: EngineServer,
) -> None:
    """The receiver fails; the next message still comes."""
    source = EventSource(url_of(server), TOKEN, group="g")
    failures: list[str] = []

    def fail(message: str) -> None:
        failures.append(message)
        raise ValueError("unreadable")

    source.recv(fail)
    await source.start()
    try:
        assert '"execute"' in await receive_work(server, source)
        assert failures
        assert source.connected
    finally:
        await source.stop()


async def test_nothing_is_waited_for_when_the_engine_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A worker whose engine ended with it does not hold up the next start."""
    monkeypatch.setattr("signoff.connections.DRAIN_LIMIT_ALONE", 0.05)
    heartbeat = LineageHeartbeat("pid", timedelta(seconds=15), RecordingSender())
    heartbeat.start("a", 1)
    network = HttpNetwork("http://127.0.0.1:9", None)
    sending = asyncio.create_task(network.send("{}"))
    async with asyncio.timeout(10):
        await heartbeat.drain(network)
    await network.stop()
    await asyncio.gather(sending, return_exceptions=True)
    heartbeat.shutdown()
