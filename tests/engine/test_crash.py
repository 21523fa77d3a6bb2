"""Kill -9: what was acknowledged is there, and what was under way goes on."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import aiohttp

from .client import Client, until
from .process import started

if TYPE_CHECKING:
    from pathlib import Path
    from subprocess import Popen

# What a client sees of an engine that is killed while it is asked.
LOST = (aiohttp.ClientError, ConnectionError)


def port_of(engine: Popen[str]) -> int:
    """Wait for an engine to listen."""
    assert engine.stdout is not None
    return int(engine.stdout.readline())


async def load(client: Client, name: str, kept: dict[str, str]) -> None:
    """Create and settle promises, noting what was acknowledged, until it fails."""
    number = 0
    with contextlib.suppress(*LOST):
        while True:
            promise_id = f"{name}-{number}"
            await client.task(promise_id)
            kept[promise_id] = "pending"
            if number % 2:
                await client.ok("promise.settle", id=promise_id, state="resolved")
                kept[promise_id] = "resolved"
            number += 1


async def test_acknowledged_is_kept(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """An engine killed under load has, when it is back, all that it acknowledged."""
    kept: dict[str, str] = {}
    with started("engine", tmp_path / "e.db") as engine:
        client = Client(session, port_of(engine))
        clients = [asyncio.create_task(load(client, f"c{n}", kept)) for n in range(16)]

        async def enough() -> bool:
            return len(kept) > 600

        await until(enough)
        engine.kill()
        await asyncio.gather(*clients)
    with started("engine", tmp_path / "e.db") as engine:
        client = Client(session, port_of(engine))
        for promise_id, state in kept.items():
            record = (await client.ok("promise.get", id=promise_id))["promise"]
            # The next request may have been kept without its acknowledgement.
            assert record["state"] in {state, "resolved"}, promise_id


async def test_pending_tasks_go_out_after_a_kill(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """A message that was out when the engine was killed does not wait for its retry."""
    with started("engine", tmp_path / "e.db") as engine:
        client = Client(session, port_of(engine))
        async with client.worker() as stream:
            await client.task("t")
            assert await stream.task() == "t"
            engine.kill()
            engine.wait()
    with started("engine", tmp_path / "e.db") as engine:
        async with Client(session, port_of(engine)).worker() as stream:
            assert await stream.task() == "t"
