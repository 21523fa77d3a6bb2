"""The real SDK over HTTP: it must not be able to tell the engine from a server."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from resonate.error import ApplicationError
from resonate.types import Value

from .client import PATIENCE, until
from .flows import register, worker
from .process import started

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from resonate.resonate import Resonate

    from signoff.engine.server import EngineServer

    from .client import Client


@asynccontextmanager
async def working(
    server: EngineServer, pid: str = "me", group: str = "g"
) -> AsyncGenerator[Resonate]:
    """Run a worker in this process."""
    resonate = worker(server.port, pid, group)
    register(resonate)
    try:
        yield resonate
    finally:
        await resonate.stop()


async def asked_of(resonate: Resonate, root: str) -> str:
    """Return the promise that a workflow waits on, once it does."""
    tags = {"resonate:parent": root, "resonate:external": "true"}
    found: list[str] = []

    async def there() -> bool:
        page = await resonate.promises.search("pending", tags, None, None)
        found.extend(promise.id for promise in page.promises)
        return bool(found)

    await until(there)
    return found[0]


async def finish(resonate: Resonate, root: str, number: int) -> Any:
    """Run one workflow and answer it."""
    handle = resonate.rpc(root, "everything", number)
    await resonate.promises.resolve(await asked_of(resonate, root), Value(data="yes"))
    async with asyncio.timeout(PATIENCE):
        return await handle.result()


async def test_everything(server: EngineServer) -> None:
    """Step, call, sleep, detached and outside promise go through suspends and back."""
    async with working(server) as resonate:
        step, called, apart, answer = await finish(resonate, "w", 3)
        assert (step, called, answer) == (4, 8, "yes")
        assert await (await resonate.get(apart)).result() == 6


async def test_many_at_once(server: EngineServer) -> None:
    """64 workflows side by side all end, each with its own answer."""
    async with working(server) as resonate:
        results = await asyncio.gather(
            *(finish(resonate, f"w{number}", number) for number in range(64))
        )
    assert [result[:2] for result in results] == [[n + 1, 2 * n + 2] for n in range(64)]


async def test_burst_of_answers(server: EngineServer, client: Client) -> None:
    """300 waiting workflows answered at once end without waiting for a retry."""
    async with working(server) as resonate:
        handles = [resonate.rpc(f"w{n}", "waiting") for n in range(300)]

        async def all_wait() -> bool:
            page = await client.ok(
                "promise.search",
                state="pending",
                tags={"resonate:external": "true"},
                limit=1000,
            )
            return len(page["promises"]) == len(handles)

        await until(all_wait)
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(
                *(
                    resonate.promises.resolve(f"w{n}:1", Value(data=n))
                    for n in range(len(handles))
                )
            )
            results = [await handle.result() for handle in handles]
    assert results == [n + 1 for n in range(len(handles))]


async def test_run_and_reconnect(server: EngineServer) -> None:
    """The same id again is the same run; its result comes to each handle."""
    async with working(server) as resonate:
        first = resonate.run("w", "double", 4)
        assert await first.result() == 8
        again = resonate.rpc("w", "double", 5)
        assert await again.result() == 8


async def test_cancelled_workflow_is_told(server: EngineServer) -> None:
    """A settlement from outside ends a workflow for who waits on it."""
    async with working(server) as resonate:
        handle = resonate.rpc("w", "waiting")
        await asked_of(resonate, "w")
        await resonate.promises.reject("w", Value(data="stop"))
        with pytest.raises(ApplicationError, match="stop"):
            await handle.result()


async def test_killed_workers_task_goes_on(
    server: EngineServer, client: Client
) -> None:
    """A task whose worker was killed is taken up by another when its lease lapses."""

    async def held() -> bool:
        status, answer = await client.ask("task.get", id="w")
        return status == 200 and answer["task"].get("pid") == "doomed"

    async with working(server, "asker", group="askers") as asker:
        handle = asker.options(target="g").rpc("w", "holding")
        with started("worker", server.port) as doomed:
            await until(held)
            doomed.kill()
        async with working(server, "heir"), asyncio.timeout(PATIENCE):
            assert await handle.result() == "done"
