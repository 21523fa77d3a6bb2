"""The HTTP rim: who is let in, what statuses say, how it starts and stops."""

from __future__ import annotations

import asyncio
import io
import json
import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from signoff.engine import guard
from signoff.engine.errors import EngineConfigError, PortTakenError
from signoff.engine.server import EngineConfig, EngineServer, run, serve

from .client import AUTH, Client, until
from .desk import envelope

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import aiohttp

JSON = {"Content-Type": "application/json"}
ASK = envelope("promise.get", {"id": "no"})

DOORS = {
    "no-token": ({}, JSON, ASK, 401),
    "wrong-token": ({"Authorization": "Bearer nope"}, JSON, ASK, 401),
    "part-of-token": ({"Authorization": AUTH["Authorization"][:-1]}, JSON, ASK, 401),
    "other-scheme": ({"Authorization": "Basic token-of-the-tests"}, JSON, ASK, 401),
    "odd-token": ({"Authorization": "Bearer \xff\xfe"}, JSON, ASK, 401),
    "lower-case-scheme": (
        {"Authorization": "bearer token-of-the-tests"},
        JSON,
        ASK,
        404,
    ),
    "origin": (AUTH | {"Origin": "http://localhost"}, JSON, ASK, 403),
    "null-origin": (AUTH | {"Origin": "null"}, JSON, ASK, 403),
    "foreign-host": (AUTH | {"Host": "evil.example"}, JSON, ASK, 403),
    "loopback-in-name": (AUTH | {"Host": "127.0.0.1.evil.example"}, JSON, ASK, 403),
    "localhost": (AUTH | {"Host": "localhost:9"}, JSON, ASK, 404),
    "loopback-6": (AUTH | {"Host": "[::1]:9"}, JSON, ASK, 404),
    "configured-host": (AUTH | {"Host": "engine:8001"}, JSON, ASK, 404),
    "text": (AUTH, {"Content-Type": "text/plain"}, ASK, 415),
    "form": (AUTH, {"Content-Type": "application/x-www-form-urlencoded"}, ASK, 415),
    "charset": (AUTH, {"Content-Type": "application/json; charset=utf-8"}, ASK, 404),
    "no-json": (AUTH, JSON, b"{", 400),
    "too-large": (AUTH, JSON, b" " * (2 * 1024 * 1024 + 1), 413),
    "largest": (AUTH, JSON, ASK.ljust(2 * 1024 * 1024), 404),
}


@pytest.fixture
def config(config: EngineConfig) -> EngineConfig:
    """A configuration that names a host."""
    return replace(config, allowed_hosts=frozenset({"engine"}))


@pytest.mark.parametrize(("who", "type_", "body", "status"), DOORS.values(), ids=DOORS)
async def test_door(
    client: Client, who: dict[str, str], type_: dict[str, str], body: bytes, status: int
) -> None:
    """Each request meets the checks; what is refused is an envelope with a sentence."""
    async with client.session.post(
        client.url, data=io.BytesIO(body), headers=who | type_
    ) as response:
        answer = await response.json()
    assert (response.status, answer["head"]["status"]) == (status, status)
    assert isinstance(answer["data"], str)


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"Authorization": "Bearer nope"}, 401), (AUTH | {"Origin": "x"}, 403)],
    ids=["no-token", "wrong-token", "origin"],
)
async def test_poll_is_guarded(
    client: Client, headers: dict[str, str], status: int
) -> None:
    """No stream without a token, none for a web page."""
    url = f"{client.url}/poll/g/me"
    async with client.session.get(url, headers=headers) as response:
        assert response.status == status


async def test_chunked_body_is_limited(client: Client) -> None:
    """A body without a length is refused when it grows too large."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 65_536

    async with client.session.post(
        client.url, data=chunks(), headers=AUTH | JSON
    ) as response:
        assert response.status == 413


async def test_answer_echoes_the_envelope(client: Client) -> None:
    """Kind, corrId and version come back, the status in head and HTTP alike."""
    async with client.session.post(
        client.url, data=ASK, headers=AUTH | JSON
    ) as response:
        answer = await response.json()
    assert answer == {
        "kind": "promise.get",
        "head": {"corrId": "c1", "status": 404, "version": "2026-04-01"},
        "data": "Promise not found",
    }


@pytest.mark.parametrize("path", ["healthz", "readyz", "metrics"])
async def test_probes_need_no_token(client: Client, path: str) -> None:
    """A probe on this machine is answered without a token."""
    async with client.session.get(f"{client.url}/{path}") as response:
        assert response.status == 200


@pytest.mark.parametrize(("headers", "status"), [({}, 401), (AUTH, 200)])
async def test_metrics_are_private_to_the_machine(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
    status: int,
) -> None:
    """Whoever asks from elsewhere needs the token."""
    monkeypatch.setattr(guard, "is_loopback", lambda _host: False)
    async with client.session.get(f"{client.url}/metrics", headers=headers) as shown:
        assert shown.status == status


async def test_metrics_count(client: Client) -> None:
    """Requests, pending promises and workers are counted."""
    await client.ok("promise.create", id="a", timeoutAt=2**52)
    await client.ok("promise.create", id="b", timeoutAt=2**52)
    await client.ok("promise.settle", id="a", state="resolved")
    await client.ask('x"y\n', id="a")
    async with client.worker(), client.session.get(f"{client.url}/metrics") as shown:
        lines = (await shown.text()).splitlines()
    assert "signoff_engine_pending_promises 1" in lines
    assert "signoff_engine_pollers 1" in lines
    assert (
        'signoff_engine_requests_total{kind="promise.create",status="200"} 2' in lines
    )
    assert 'signoff_engine_requests_total{kind="other",status="400"} 1' in lines


async def test_pending_count_survives(
    config: EngineConfig, session: aiohttp.ClientSession
) -> None:
    """A restarted engine counts what is pending in its file."""
    async with serve(config) as engine:
        await Client(session, engine.port).ok("promise.create", id="a", timeoutAt=2**52)
    async with serve(config) as engine:
        url = f"http://127.0.0.1:{engine.port}/metrics"
        async with session.get(url) as shown:
            assert "signoff_engine_pending_promises 1\n" in await shown.text()


async def test_taken_port_is_named(server: EngineServer, config: EngineConfig) -> None:
    """A port that is in use is an error that names it, and the file is let go."""
    taken = replace(
        config, port=server.port, database=config.database.with_name("other.db")
    )
    with pytest.raises(PortTakenError, match=f"127.0.0.1:{server.port}"):
        await EngineServer(taken).start()
    async with serve(replace(taken, port=0)):
        pass


@pytest.mark.parametrize("token", ["", " ", "a\nb", "ü"])
def test_token_must_fit_a_header(config: EngineConfig, token: str) -> None:
    """An engine without a usable token is refused before it starts."""
    with pytest.raises(EngineConfigError):
        replace(config, token=token)


def test_token_is_not_shown(config: EngineConfig) -> None:
    """A configuration can be logged."""
    assert config.token not in repr(config)


async def test_stop_ends_streams_promptly(server: EngineServer, client: Client) -> None:
    """Connected workers see their stream end and the engine is gone at once."""
    async with client.worker() as stream, asyncio.timeout(2):
        await server.stop()
        assert await stream.line() == ""


async def test_stop_answers_what_came_in(server: EngineServer, client: Client) -> None:
    """Requests in flight are answered, and what was answered is kept."""
    asked = [
        asyncio.create_task(client.ask("promise.create", id=f"p{n}", timeoutAt=2**52))
        for n in range(30)
    ]
    await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    await server.stop()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert not [one for one in answers if isinstance(one, tuple) and one[0] >= 500]


async def test_run_serves_until_told(
    config: EngineConfig, session: aiohttp.ClientSession
) -> None:
    """``run`` says when it listens, and ends when ``stop`` is set."""
    stop, started = asyncio.Event(), asyncio.Queue[EngineServer]()
    task = asyncio.create_task(run(config, started.put_nowait, stop=stop))
    engine = await started.get()
    async with session.get(f"http://127.0.0.1:{engine.port}/readyz") as ready:
        assert json.loads(await ready.text()) == {"status": "ready"}
    stop.set()
    await task
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", engine.port)) != 0


async def test_lapsed_lease_is_noticed_within_a_second(client: Client) -> None:
    """By the real clock, nobody asking: a silent worker's task goes to the next."""
    await client.task("t")
    await client.acquire("t", ttl=50)
    async with client.worker() as stream, asyncio.timeout(1):
        assert await stream.task() == "t"


async def test_earlier_instant_wakes_the_timer(client: Client) -> None:
    """A short deadline made after a long one is kept in time."""
    tags = {"resonate:target": "poll://any@g", "resonate:timer": "true"}
    now = (await client.ok("promise.create", id="x", timeoutAt=2**52))["promise"]
    for name, ms in (("long", 50_000), ("short", 50)):
        instant = now["createdAt"] + ms
        await client.ok("promise.create", id=name, timeoutAt=instant, tags=tags)
    await client.ok(
        "promise.register_listener", awaited="short", address="poll://uni@g/me"
    )
    async with client.worker() as stream, asyncio.timeout(1):
        assert (await stream.message())["data"]["promise"]["id"] == "short"


async def test_unknown_failure_is_told_and_survived(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine's own fault is a 500 without details, and the next request works."""
    monkeypatch.setattr("signoff.engine.promises.get_promise", lambda _tx, _id: 1 / 0)
    assert await client.ask("promise.get", id="p") == (500, "Internal error")
    monkeypatch.undo()
    assert (await client.ask("promise.get", id="p"))[0] == 404


async def test_worker_is_counted_out(client: Client) -> None:
    """A worker that goes is noticed though nothing is sent to it."""
    async with client.worker():
        pass

    async def gone() -> bool:
        async with client.session.get(f"{client.url}/metrics") as shown:
            return "signoff_engine_pollers 0\n" in await shown.text()

    await until(gone)
