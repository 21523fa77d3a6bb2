"""The process, wired as it is wired in production, on a real engine."""

import asyncio
import http.client
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from services.http_gateway import serving
from services.http_gateway.main import run
from services.http_gateway.serving import AddressTakenError
from signoff.durable import connect
from signoff.engine.config import EngineConfig
from signoff.engine.server import EngineServer, serve
from signoff.probe import answers, free_port
from signoff.settings import Settings, SettingsError

TOKEN = "token-of-a-test"


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncGenerator[EngineServer]:
    """Give a real engine."""
    database = tmp_path / "engine.sqlite3"
    config = EngineConfig(database=database, token=TOKEN, port=0)
    async with serve(config) as server:
        yield server


def settings_for(tmp_path: Path, engine_port: int, **more: str) -> Settings:
    """Read settings for a gateway on a free port."""
    environ = {
        "SIGNOFF_DATA_DIR": str(tmp_path),
        "SIGNOFF_ENGINE_PORT": str(engine_port),
        "RESONATE_TOKEN": TOKEN,
        "SIGNOFF_HTTP_PORT": str(free_port()),
    }
    return Settings.from_environment(environ | more)


@asynccontextmanager
async def running(settings: Settings) -> AsyncGenerator[None]:
    """Run the gateway until the block ends; it must end within seconds."""
    stop = asyncio.Event()
    task = asyncio.create_task(run(settings, stop))
    async with asyncio.timeout(20):
        while not await answers(f"{settings.http_url}/readyz"):
            assert not task.done(), task.exception()
            await asyncio.sleep(0.02)  # between two looks at a condition
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


def ask_now(settings: Settings, method: str, path: str, body: Any) -> tuple[int, Any]:
    """Send one request and return status and document."""
    place = settings.http_host, settings.http_port
    with closing(http.client.HTTPConnection(*place, timeout=20)) as line:
        line.request(method, path, body=json.dumps(body) if body else None)
        response = line.getresponse()
        return response.status, json.loads(response.read())


async def ask(
    settings: Settings, method: str, path: str, body: Any = None
) -> tuple[int, Any]:
    """Send one request without holding up the gateway's loop."""
    return await asyncio.to_thread(ask_now, settings, method, path, body)


async def test_a_run_from_start_to_end(engine: EngineServer, tmp_path: Path) -> None:
    """Started, reconnected, waited for, and told when it is decided."""
    settings = settings_for(tmp_path, engine.port)
    order = {"workflow_id": "hitl-001", "request": {"subject": "Ship?"}}
    decision = {"outcome": "approve", "reason": "policy_met", "responses": []}
    async with (
        running(settings),
        connect(settings.engine_url, TOKEN, group="signoff") as durable,
    ):
        assert (await ask(settings, "POST", "/start-workflow", order))[0] == 202
        assert (await ask(settings, "POST", "/start-workflow", order))[0] == 202
        waiting = asyncio.create_task(
            ask(settings, "GET", "/workflows/hitl-001?wait=15")
        )
        await durable.settle("hitl-001", decision)
        status, document = await waiting
    assert (status, document["state"]) == (200, "decided")
    assert document["decision"] == decision


async def test_stopping_does_not_wait_for_those_who_wait(
    engine: EngineServer, tmp_path: Path
) -> None:
    """A long-poll is ended by the stop, not the stop by the long-poll."""
    settings = settings_for(tmp_path, engine.port)
    async with running(settings):
        await ask(settings, "POST", "/start-workflow", {"workflow_id": "hitl-001"})
        waiting = asyncio.create_task(
            ask(settings, "GET", "/workflows/hitl-001?wait=60")
        )
        done, _ = await asyncio.wait([waiting], timeout=0.3)
        assert not done
    assert (await waiting)[0] == 503


async def test_a_port_that_is_taken(engine: EngineServer, tmp_path: Path) -> None:
    """The process ends with one clear error."""
    port = {"SIGNOFF_HTTP_PORT": str(engine.port)}
    settings = settings_for(tmp_path, engine.port, **port)
    with pytest.raises(AddressTakenError, match="is taken"):
        await run(settings, asyncio.Event())


async def test_other_machines_need_keys(tmp_path: Path) -> None:
    """Listening beyond loopback without keys is refused before anything starts."""
    settings = settings_for(tmp_path, 1, SIGNOFF_HTTP_HOST="0.0.0.0")  # noqa: S104  (refused)
    with pytest.raises(SettingsError, match="SIGNOFF_API_KEYS"):
        await run(settings, asyncio.Event())


async def test_a_server_that_dies_ends_the_process(
    engine: EngineServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever watches the process can start another."""

    def die(**_: object) -> None:
        raise OSError("no more files")

    monkeypatch.setattr(serving.wasyncore, "loop", die)
    with pytest.raises(OSError, match="no more files"):
        await run(settings_for(tmp_path, engine.port), asyncio.Event())
