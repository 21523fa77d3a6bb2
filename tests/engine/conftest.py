"""What the engine's tests share: a desk, a server, and a client of it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import aiohttp
import pytest

from signoff.engine.server import EngineConfig, EngineServer, serve

from .client import TOKEN, Client
from .desk import Clock, Desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The engine's operations on a file of their own."""
    desk = Desk(tmp_path / "engine.db")
    with contextlib.closing(desk.connection):
        yield desk


@pytest.fixture
def config(tmp_path: Path) -> EngineConfig:
    """The configuration of a server by the real clock."""
    return EngineConfig(database=tmp_path / "engine.db", token=TOKEN, port=0)


@pytest.fixture
async def server(config: EngineConfig) -> AsyncIterator[EngineServer]:
    """A running server by the real clock."""
    async with serve(config) as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    """A clock set by hand."""
    return Clock()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """A bare HTTP session."""
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def client(server: EngineServer, session: aiohttp.ClientSession) -> Client:
    """A client of the running server."""
    return Client(session, server.port)
