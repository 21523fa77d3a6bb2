"""Who gets which message, over real streams."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from signoff.engine import delivery, outbox
from signoff.engine.server import EngineConfig, EngineServer, serve

from .client import TOKEN, Client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import aiohttp

    from .desk import Clock


async def test_waiting_messages_follow_a_connection(client: Client) -> None:
    """A worker that connects gets what is due, tasks and settlements alike."""
    await client.task("t")
    await client.ok("promise.create", id="p", timeoutAt=2**52)
    await client.ok("promise.register_listener", awaited="p", address="poll://uni@g/me")
    await client.ok("promise.settle", id="p", state="resolved")
    async with client.worker() as stream:
        kinds = {(await stream.message())["kind"] for _ in range(2)}
    assert kinds == {"execute", "unblock"}


async def test_group_takes_turns(client: Client) -> None:
    """Tasks of a group go to its workers in turn, to other groups not at all."""
    async with (
        client.worker("a") as first,
        client.worker("b") as second,
        client.worker("c", group="other") as other,
    ):
        for number in range(6):
            await client.task(f"t{number}")
        await client.task("mine", "poll://any@other")
        got = [[await one.task() for _ in range(3)] for one in (first, second)]
        assert await other.task() == "mine"
    assert sorted(got[0] + got[1]) == [f"t{number}" for number in range(6)]


async def test_preferred_process_is_preferred(client: Client) -> None:
    """``any@group/pid`` goes to that process, and to another if it is not there."""
    async with client.worker("a") as first, client.worker("b") as second:
        for number in range(4):
            await client.task(f"t{number}", "poll://any@g/b")
        assert [await second.task() for _ in range(4)] == [f"t{n}" for n in range(4)]
        await client.task("t4", "poll://any@g/gone")
        await client.task("t5", "poll://any@g/a")
        got = {await first.task()}
        assert "t5" in got | {await first.task() if "t4" in got else "t5"}


async def test_unicast_waits_for_its_process(client: Client) -> None:
    """``uni@group/pid`` reaches that process alone, now or when it comes."""
    async with client.worker("a") as other:
        await client.task("mine", "poll://uni@g/b")
        await client.task("anyones")
        assert await other.task() == "anyones"
        async with client.worker("b") as own:
            assert await own.task() == "mine"


async def test_silent_stream_gets_comments(
    config: EngineConfig, session: aiohttp.ClientSession
) -> None:
    """A stream with nothing to say says so."""
    async with (
        serve(replace(config, keepalive=0.02)) as engine,
        Client(session, engine.port).worker() as stream,
    ):
        assert await stream.line() == ": keep-alive"
        assert await stream.line() == ": keep-alive"


async def test_lost_workers_messages_go_on_at_once(client: Client) -> None:
    """What a worker had not acquired when it went goes to the next, what it had not."""
    async with client.worker("a") as first:
        await client.task("held")
        await client.task("lost")
        assert {await first.task(), await first.task()} == {"held", "lost"}
        await client.acquire("held")
    async with client.worker("b") as second, asyncio.timeout(2):
        assert await second.task() == "lost"
        await client.task("last")
        assert await second.task() == "last"


async def test_restarted_engine_resends_at_once(
    config: EngineConfig, session: aiohttp.ClientSession
) -> None:
    """A restarted engine sends what was out, without waiting for the 30 s."""
    async with serve(config) as engine:
        client = Client(session, engine.port)
        async with client.worker() as stream:
            await client.task("t")
            assert await stream.task() == "t"
    async with (
        serve(config) as engine,
        Client(session, engine.port).worker() as stream,
    ):
        assert await stream.task() == "t"


async def test_window_limits_and_refills(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker gets a window full, and the rest as it acts on them."""
    monkeypatch.setattr(delivery, "WINDOW", 4)
    monkeypatch.setattr(delivery, "_REFILL", 2)
    for number in range(20):
        await client.task(f"t{number:02}")
    got: list[str] = []
    async with client.worker() as stream:
        while len(got) < 20:
            task = await stream.task()
            got.append(task)
            if len(got) % 4 == 0:
                for done in got[-4:]:
                    await client.acquire(done)
    assert sorted(got) == [f"t{number:02}" for number in range(20)]


async def test_burst_of_settlements_is_not_dropped(client: Client) -> None:
    """500 settlements at once reach their listener well before any retry."""
    ids = [f"p{number}" for number in range(500)]
    for promise_id in ids:
        await client.ok("promise.create", id=promise_id, timeoutAt=2**52)
        await client.ok(
            "promise.register_listener", awaited=promise_id, address="poll://uni@g/me"
        )
    async with client.worker() as stream:
        await asyncio.gather(
            *(client.ok("promise.settle", id=one, state="resolved") for one in ids)
        )
        got = [(await stream.message())["data"]["promise"]["id"] for _ in ids]
    assert Counter(got) == Counter(ids)


async def test_unacquired_message_is_repeated(
    tmp_path: Path, session: aiohttp.ClientSession, clock: Clock
) -> None:
    """By the engine's clock, a message nobody acted on is sent again after 30 s."""
    config = EngineConfig(
        database=tmp_path / "engine.db", token=TOKEN, port=0, clock=clock
    )
    async with serve(config) as engine:
        client = Client(session, engine.port)
        await client.task("t")
        async with client.worker() as stream:
            assert await stream.task() == "t"
            await _advance(engine, clock, outbox.RESEND)
            assert await stream.task() == "t"


@pytest.fixture
async def timed(
    config: EngineConfig, session: aiohttp.ClientSession, clock: Clock
) -> AsyncIterator[tuple[EngineServer, Client]]:
    """A server by a clock set by hand, and its client."""
    async with serve(replace(config, clock=clock)) as engine:
        yield engine, Client(session, engine.port)


async def test_stopped_worker_is_passed_over(
    timed: tuple[EngineServer, Client], clock: Clock
) -> None:
    """A worker that left a message for 2 s gets no other while one is better."""
    engine, client = timed
    async with client.worker("stopped") as stopped, client.worker("b") as second:
        await client.task("left")
        assert await stopped.task() == "left"
        await _advance(engine, clock, delivery.SLOW)
        for number in range(4):
            await client.task(f"t{number}")
            assert await second.task() == f"t{number}"
            await client.acquire(f"t{number}", "b")


@pytest.mark.parametrize("target", ["poll://any@g", "poll://any@g/stopped"])
async def test_what_a_stopped_worker_left_goes_on(
    timed: tuple[EngineServer, Client], clock: Clock, target: str
) -> None:
    """After 5 s another worker has it, even one that was not preferred."""
    engine, client = timed
    async with client.worker("stopped") as stopped, client.worker("b") as second:
        await client.task("left", target)
        assert await stopped.task() == "left"
        await _advance(engine, clock, delivery.OVERDUE)
        assert await second.task() == "left"


async def test_overdue_messages_need_no_other_event(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the real clock, what a worker left goes on though nothing else happens."""
    monkeypatch.setattr(delivery, "SLOW", 20)
    monkeypatch.setattr(delivery, "OVERDUE", 50)
    monkeypatch.setattr(delivery, "_LOOK", 0.02)
    async with client.worker("stopped") as stopped, client.worker("b") as second:
        await client.task("left")
        assert await stopped.task() == "left"
        assert await second.task() == "left"


async def test_resend_avoids_the_last_holder(
    timed: tuple[EngineServer, Client], clock: Clock
) -> None:
    """Where all are slow, what is sent again goes to who did not have it."""
    engine, client = timed
    async with client.worker("a") as first, client.worker("b") as second:
        for name in ("t0", "t1", "t2"):
            await client.task(name, "poll://any@g/a")
            assert await first.task() == name
        await client.task("t3", "poll://any@g/b")
        assert await second.task() == "t3"
        await _advance(engine, clock, outbox.RESEND)
        assert {await second.task() for _ in range(3)} == {"t0", "t1", "t2"}
        assert await first.task() == "t3"


async def test_worker_that_goes_on_is_served_again(
    timed: tuple[EngineServer, Client], clock: Clock
) -> None:
    """A worker that acts on what it missed, if too late, gets its turn again."""
    engine, client = timed
    async with client.worker("a") as first, client.worker("b") as second:
        await client.task("left")
        assert await first.task() == "left"
        await _advance(engine, clock, delivery.OVERDUE)
        assert await second.task() == "left"
        await client.acquire("left", "b")
        late = {"id": "left", "version": 0, "pid": "a", "ttl": 1}
        assert (await client.ask("task.acquire", **late))[0] == 409
        await client.task("next")
        assert await first.task() == "next"


async def test_two_connections_of_one_process(client: Client) -> None:
    """A process that connects again before it was missed is served, and goes twice."""
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(client.worker("a"))
        async with client.worker("a") as second:
            for number in range(2):
                await client.task(f"t{number}", "poll://uni@g/a")
            assert {await first.task(), await second.task()} == {"t0", "t1"}
        await client.acquire("t0")
        await client.task("t2", "poll://uni@g/a")
        rest = {await first.task()}
        rest.add(await first.task() if rest == {"t1"} else "t2")
        assert "t2" in rest


async def _advance(engine: EngineServer, clock: Clock, ms: int) -> None:
    clock.now += ms
    await engine.tick()
