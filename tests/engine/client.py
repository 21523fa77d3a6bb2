"""A client of a running engine: envelopes over HTTP, messages from its stream."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any

from .desk import GROUP, envelope

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    import aiohttp

TOKEN = "token-of-the-tests"
AUTH = {"Authorization": f"Bearer {TOKEN}"}
FAR = 2**52

# How many seconds a test waits for what must come.
PATIENCE = 20.0


class Stream:
    """The messages of one connected worker."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def line(self) -> str:
        """Return the next line that is not empty, or nothing at the end."""
        async with asyncio.timeout(PATIENCE):
            async for raw in self._response.content:
                if line := raw.decode().strip():
                    return line
        return ""

    async def message(self) -> Any:
        """Return the next message."""
        while not (line := await self.line()).startswith("data:"):
            assert line, "the stream ended"
        return json.loads(line.removeprefix("data:"))

    async def task(self) -> str:
        """Return the id of the next task to execute."""
        return (await self.message())["data"]["task"]["id"]


class Client:
    """Asks a running engine."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        self.session = session
        self.url = f"http://127.0.0.1:{port}"

    async def ask(self, kind: str, **data: Any) -> tuple[int, Any]:
        """Send one request; return status and data."""
        body, headers = envelope(kind, data), {"Content-Type": "application/json"}
        async with self.session.post(
            f"{self.url}/", data=body, headers=headers | AUTH
        ) as response:
            answer = await response.json()
        assert answer["head"]["status"] == response.status
        return response.status, answer["data"]

    async def ok(self, kind: str, **data: Any) -> Any:
        """Send one request that must succeed; return its data."""
        status, answer = await self.ask(kind, **data)
        assert status == 200, answer
        return answer

    async def task(self, task_id: str, target: str = GROUP) -> Any:
        """Create a promise with a target."""
        return await self.ok(
            "promise.create",
            id=task_id,
            timeoutAt=FAR,
            tags={"resonate:target": target},
        )

    async def acquire(self, task_id: str, pid: str = "me", *, ttl: int = 60_000) -> Any:
        """Hold a pending task."""
        task = (await self.ok("task.get", id=task_id))["task"]
        return await self.ok(
            "task.acquire", id=task_id, version=task["version"], pid=pid, ttl=ttl
        )

    @contextlib.asynccontextmanager
    async def worker(self, pid: str = "me", group: str = "g") -> AsyncIterator[Stream]:
        """Connect as a worker."""
        async with self.session.get(
            f"{self.url}/poll/{group}/{pid}", headers=AUTH
        ) as response:
            assert response.status == 200
            yield Stream(response)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again until it is so, for as long as a test is patient."""
    async with asyncio.timeout(PATIENCE):
        while not await condition():  # noqa: ASYNC110 - the other end is a process
            await asyncio.sleep(0.01)
