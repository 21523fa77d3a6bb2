"""A real browser, driven over its DevTools protocol (a WebSocket of JSON)."""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)
_LIMIT = 20


class Tab:
    """One tab, and what the browser complained of in it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._count = 0
        self._session: str | None = None
        #: Messages of the browser's console, such as a policy that was broken.
        self.complaints: list[str] = []

    async def open(self) -> None:
        """Attach to a new tab."""
        target = await self._do("Target.createTarget", url="about:blank")
        id_ = target["targetId"]
        attached = await self._do("Target.attachToTarget", targetId=id_, flatten=True)
        self._session = attached["sessionId"]
        await self._do("Log.enable")

    async def visit(self, url: str) -> None:
        """Open an address."""
        await self._do("Page.navigate", url=url)
        await self.wait_for("document.readyState === 'complete' && location.host")

    async def evaluate(self, expression: str) -> Any:
        """Return what an expression gives in the page."""
        done = await self._do("Runtime.evaluate", expression=expression)
        # A page that is just being left gives an error and no result.
        return done.get("result", {}).get("value")

    async def wait_for(self, expression: str) -> None:
        """Wait until an expression is true in the page."""
        async with asyncio.timeout(_LIMIT):
            while not await self.evaluate(expression):  # noqa: ASYNC110 (the page tells no one)
                await asyncio.sleep(0.02)  # between two looks at a condition

    async def _do(self, method: str, **params: Any) -> Any:
        self._count += 1
        command: dict[str, Any] = {"id": self._count, "method": method}
        session = {"sessionId": self._session} if self._session else {}
        await self._socket.send_json(command | {"params": params} | session)
        while True:
            said = json.loads(await self._socket.receive_str(timeout=_LIMIT))
            if said.get("method") == "Log.entryAdded":
                self.complaints.append(said["params"]["entry"]["text"])
            if said.get("id") == self._count:
                return said.get("result", {})


@asynccontextmanager
async def browser(profile: Path) -> AsyncGenerator[Tab]:
    """Run a browser with an empty profile while the block runs."""
    process = await asyncio.create_subprocess_exec(
        str(CHROMIUM),
        *_FLAGS,
        f"--user-data-dir={profile}",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(_LIMIT):
            address = await _devtools(process)
        async with aiohttp.ClientSession() as session, session.ws_connect(address) as s:
            tab = Tab(s)
            await tab.open()
            yield tab
    finally:
        process.terminate()
        await process.communicate()


async def _devtools(process: asyncio.subprocess.Process) -> str:
    """Return where the browser listens, which it says on standard error."""
    assert process.stderr is not None
    async for line in process.stderr:
        found = re.search(rb"ws://\S+", line)
        if found:
            return found[0].decode()
    raise AssertionError("the browser ended without listening")
