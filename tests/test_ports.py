"""The contract of the ports, on the double in memory and on a real engine."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from signoff.durable import DurableEngine, connect
from signoff.engine.config import EngineConfig
from signoff.engine.server import serve
from signoff.errors import EngineUnavailableError
from signoff.ports import Call
from signoff.testing import MemoryEngine
from tests.worlds import TOKEN, MovableClock

type Engine = MemoryEngine | DurableEngine

DAY = timedelta(days=1)


@pytest.fixture
def clock() -> MovableClock:
    """The clock of the engine under test."""
    return MovableClock()


@pytest.fixture(params=["memory", "resonate"])
async def engine(
    request: pytest.FixtureRequest, tmp_path: Path, clock: MovableClock
) -> AsyncGenerator[Engine]:
    """The double, and the real thing over HTTP."""
    if request.param == "memory":
        yield MemoryEngine(clock)
        return
    config = EngineConfig(
        database=tmp_path / "e.sqlite3", token=TOKEN, port=0, clock=clock.milliseconds
    )
    async with serve(config) as server:
        url = f"http://127.0.0.1:{server.port}"
        async with connect(url, TOKEN, group="g", listen="test") as connected:
            yield connected


async def test_what_is_not_kept_is_none(engine: Engine) -> None:
    """Getting, settling and waiting for nothing gives nothing."""
    assert await engine.get("p") is None
    assert await engine.settle("p", {}) is None
    assert await engine.wait("p", limit=DAY) is None


async def test_a_promise_is_kept_as_it_was_made(
    engine: Engine, clock: MovableClock
) -> None:
    """Param, tags and times come back."""
    until = clock() + DAY
    await engine.create("p", {"a": ["ü", 1]}, timeout_at=until, tags={"t": "v"})
    promise = await engine.get("p")
    assert promise is not None
    assert promise.pending
    assert (promise.param, promise.tags) == ({"a": ["ü", 1]}, {"t": "v"})
    assert timedelta() <= promise.timeout_at - until < timedelta(milliseconds=1)


async def test_the_first_to_create_wins(engine: Engine, clock: MovableClock) -> None:
    """Making a promise again gives the one that is kept."""
    await engine.create("p", {"n": 1}, timeout_at=clock() + DAY)
    again = await engine.create("p", {"n": 2}, timeout_at=clock() + DAY)
    assert again.param == {"n": 1}


async def test_the_first_to_settle_wins(engine: Engine, clock: MovableClock) -> None:
    """Settling a settled promise gives back what it holds."""
    await engine.create("p", None, timeout_at=clock() + DAY)
    await engine.settle("p", {"n": 1})
    again = await engine.settle("p", {"n": 2})
    assert again is not None
    assert (again.state, again.value) == ("resolved", {"n": 1})


async def test_a_promise_times_out(engine: Engine, clock: MovableClock) -> None:
    """Past its time a promise takes no settlement."""
    await engine.create("p", None, timeout_at=clock() + DAY)
    clock.advance(2 * DAY)
    late = await engine.settle("p", {"n": 1})
    assert late is not None
    assert (late.state, late.value) == ("rejected_timedout", None)
    assert late.settled_at == late.timeout_at


async def test_search_finds_every_state_by_all_tags(
    engine: Engine, clock: MovableClock
) -> None:
    """All the tags have to be there; the state does not matter; pages add up."""
    for number in range(150):
        tags = {"t": "v", "parity": str(number % 2)}
        await engine.create(f"p{number}", None, timeout_at=clock() + DAY, tags=tags)
    await engine.settle("p1", {})
    found = await engine.search({"t": "v", "parity": "1"})
    assert len(found) == 75
    assert "p1" in {promise.id for promise in found}


async def test_waiting_ends_with_the_settlement(
    engine: Engine, clock: MovableClock
) -> None:
    """Whoever waits is told as soon as it is settled."""
    await engine.create("p", None, timeout_at=clock() + DAY)
    waiting = asyncio.create_task(engine.wait("p", limit=timedelta(seconds=20)))
    await asyncio.sleep(0)
    await engine.settle("p", {"n": 1})
    promise = await waiting
    assert promise is not None
    assert promise.value == {"n": 1}


async def test_waiting_ends_at_its_limit(engine: Engine, clock: MovableClock) -> None:
    """At the limit the promise comes back as it is."""
    await engine.create("p", None, timeout_at=clock() + DAY)
    promise = await engine.wait("p", limit=timedelta(milliseconds=10))
    assert promise is not None
    assert promise.pending


async def test_a_started_workflow_keeps_its_call(engine: Engine) -> None:
    """The promise of a workflow says what was called; the first call stays."""
    await engine.start("w", Call("f", 1, ({"a": 1},)), lifetime=DAY)
    promise = await engine.start("w", Call("g", 2, ()), lifetime=DAY)
    expected = {"func": "f", "version": 1, "args": [{"a": 1}], "kwargs": {}}
    assert promise.param == expected


async def test_an_engine_out_of_reach_is_an_error_within_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A gateway's call ends, whatever happens; its outcome is unknown."""
    monkeypatch.setattr("signoff.durable.CALL_LIMIT", timedelta(milliseconds=50))
    async with connect("http://127.0.0.1:9", TOKEN, group="g") as engine:
        with pytest.raises(EngineUnavailableError, match="no answer"):
            await engine.get("p")


async def test_the_double_can_be_made_unavailable() -> None:
    """The double plays an engine that is out of reach."""
    engine = MemoryEngine()
    engine.available = False
    with pytest.raises(EngineUnavailableError):
        await engine.get("p")
