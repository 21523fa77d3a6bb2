"""The mail gateway as it is put together, before a real engine."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from services.mail_gateway.main import run
from signoff.domain.invitation import invitation_promise, invitation_to_json
from signoff.domain.keys import Keyring, Purpose
from signoff.durable import DurableEngine, connect
from signoff.engine.server import EngineConfig, serve
from signoff.probe import answers, free_port
from signoff.secret_files import engine_token, secret_keys
from signoff.settings import Settings
from tests.worlds import eventually

from .stage import INVITATION, Client, mail


def make_settings(folder: Path) -> Settings:
    """Return the settings of a gateway with free ports and generated secrets."""
    names = ("SIGNOFF_MAIL_PORT", "SIGNOFF_ENGINE_PORT", "SIGNOFF_HEALTH_PORT")
    ports = {name: str(free_port()) for name in names}
    return Settings.from_environment({"SIGNOFF_DATA_DIR": str(folder), **ports})


@asynccontextmanager
async def running(settings: Settings) -> AsyncGenerator[Client]:
    """Run the gateway; yield a client that said EHLO. At the end it must stop."""
    stop = asyncio.Event()
    task = asyncio.create_task(run(settings, stop))
    await eventually(lambda: answers(health(settings, "healthz")))
    client = Client(*await asyncio.open_connection("127.0.0.1", settings.mail_port))
    try:
        await client.hear()
        await client.say("EHLO client.example.com")
        yield client
    finally:
        stop.set()
        await task
        await client.close()


def health(settings: Settings, name: str) -> str:
    """Return where the gateway answers for its health."""
    return f"http://127.0.0.1:{settings.health_port}/{name}"


def reply_to(settings: Settings) -> str:
    """Return the reply address of the invitation."""
    keyring = Keyring(*secret_keys(settings), settings.reply_domain)
    return f"approve+{keyring.mint(Purpose.REPLY, INVITATION.id)}@localhost"


@asynccontextmanager
async def engine_for(settings: Settings) -> AsyncGenerator[DurableEngine]:
    """Run an engine with the invitation published."""
    config = EngineConfig(
        database=settings.engine_database,
        token=engine_token(settings),
        port=settings.engine_port,
    )
    async with (
        serve(config),
        connect(settings.engine_url, config.token, group="signoff") as engine,
    ):
        until = datetime.now(UTC) + timedelta(days=365)
        published, id_ = invitation_to_json(INVITATION), INVITATION.id
        await engine.create(INVITATION.response_promise, None, timeout_at=until)
        await engine.create(invitation_promise(id_), published, timeout_at=until)
        yield engine


async def test_a_reply_is_kept_by_the_engine(tmp_path: Path) -> None:
    """Settings, secrets, listener and engine fit together."""
    settings = make_settings(tmp_path)
    async with engine_for(settings) as engine, running(settings) as client:
        assert await answers(health(settings, "readyz"))
        await client.open_to(reply_to(settings))
        assert (await client.send(mail("approve"))).startswith("250")
        promise = await engine.get(INVITATION.response_promise)
        assert promise is not None
        assert promise.value["choice"] == "approve"


@pytest.mark.long
async def test_it_goes_on_when_the_engine_comes_back(tmp_path: Path) -> None:
    """451 while there is no engine, 250 once there is: the same gateway and mail."""
    settings = make_settings(tmp_path)
    async with running(settings) as client:
        await client.open_to(reply_to(settings))
        assert (await client.send(mail("approve"))).startswith("451 4.3.0")
        async with engine_for(settings):
            await client.open_to(reply_to(settings))
            assert (await client.send(mail("approve"))).startswith("250")


async def test_it_runs_without_the_engine_and_says_so(tmp_path: Path) -> None:
    """It is alive, and not ready."""
    settings = make_settings(tmp_path)
    async with (
        running(settings) as client,
        aiohttp.ClientSession() as session,
        session.get(health(settings, "readyz")) as response,
    ):
        assert response.status == 503
        assert "engine" in await response.json()
        assert (await client.open_to(reply_to(settings))).startswith("250")


async def test_a_taken_port_is_an_error(tmp_path: Path) -> None:
    """Whoever starts the process is told, and nothing is left behind."""
    settings = make_settings(tmp_path)
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", settings.mail_port))
        taken.listen()
        for _ in range(2):
            with pytest.raises(OSError, match="in use"):
                await run(settings, asyncio.Event())
