"""The process: wires the gateway and serves it until it is told to stop."""

import asyncio

import structlog

from signoff.clock import utc_now
from signoff.domain.keys import Keyring
from signoff.durable import connect
from signoff.secret_files import engine_token, secret_keys
from signoff.settings import Settings
from signoff.workflows import load_workflows

from .app import create_app
from .bridge import Bridge
from .gateway import Engine, Face, Gateway
from .serving import THREADS, WebServer

log = structlog.stdlib.get_logger(__name__)


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serve the HTTP gateway until `stop` is set.

    Raises:
        SettingsError: It cannot work with these settings.
        AddressTakenError: Its address is taken.
        WorkflowModuleError: A module of users' workflows cannot be read.
    """
    settings.require("http-gateway")
    token = engine_token(settings)
    listen = f"{settings.group}-http"
    async with connect(
        settings.engine_url, token, group=settings.group, listen=listen
    ) as engine:
        gateway = _wire(settings, engine)
        await _serve(gateway, settings, stop)


async def _serve(gateway: Gateway, settings: Settings, stop: asyncio.Event) -> None:
    """Serve until told to stop, or until the server ends by itself."""
    server = WebServer(
        create_app(gateway),
        settings.http_host,
        settings.http_port,
        public_url=settings.public_url,
    )
    ended = asyncio.wrap_future(server.start())
    log.info("listening", host=settings.http_host, port=server.port)
    told = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({told, ended}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        told.cancel()
        gateway.bridge.close()
        await asyncio.to_thread(server.stop)
    await ended


def _wire(settings: Settings, engine: Engine) -> Gateway:
    secrets, signing = secret_keys(settings)
    return Gateway(
        engine=engine,
        bridge=Bridge(asyncio.get_running_loop()),
        keyring=Keyring(secrets, signing, settings.reply_domain),
        clock=utc_now,
        face=Face.from_settings(settings),
        workflow_names=frozenset(load_workflows(settings.workflows)),
        long_polls=THREADS // 2,
    )
