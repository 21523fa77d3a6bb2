"""The bridge between Flask's threads and the engine's loop."""

import asyncio
from datetime import timedelta
from threading import Thread

import pytest

from services.http_gateway import bridge as bridge_module
from services.http_gateway.bridge import Bridge
from signoff.errors import EngineUnavailableError

SOON = timedelta(seconds=0.05)


def test_results_and_errors_cross_over(loop: asyncio.AbstractEventLoop) -> None:
    """What a coroutine returns or raises reaches the calling thread."""

    async def fail() -> None:
        raise KeyError("x")

    bridge = Bridge(loop)
    assert bridge.call(asyncio.sleep(0, "done")) == "done"
    with pytest.raises(KeyError):
        bridge.call(fail())


def test_a_call_ends_at_the_limit(
    loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine that is silent is an engine that is not there."""
    monkeypatch.setattr(bridge_module, "CALL_LIMIT", SOON)
    with pytest.raises(EngineUnavailableError, match="no answer"):
        Bridge(loop).call(asyncio.sleep(60))


def test_a_wait_ends_at_its_limit(loop: asyncio.AbstractEventLoop) -> None:
    """Its coroutine is cancelled, so that nothing is left behind."""
    cancelled = asyncio.Event()

    async def linger() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            cancelled.set()

    bridge = Bridge(loop)
    with pytest.raises(EngineUnavailableError):
        bridge.wait(linger(), limit=SOON)
    assert bridge.call(cancelled.wait())


def test_closing_ends_what_waits(loop: asyncio.AbstractEventLoop) -> None:
    """A thread that waits is let go at once."""
    bridge, ended = Bridge(loop), []

    def wait() -> None:
        try:
            bridge.wait(asyncio.sleep(60), limit=timedelta(seconds=60))
        except EngineUnavailableError as error:
            ended.append(str(error))

    thread = Thread(target=wait)
    thread.start()
    while not bridge._waiting:
        thread.join(0.01)
    bridge.close()
    thread.join(10)
    assert ended == ["this gateway is stopping"]


def test_a_closed_bridge_still_finishes_short_calls(
    loop: asyncio.AbstractEventLoop,
) -> None:
    """An approver's form that is on its way is still recorded."""
    bridge = Bridge(loop)
    bridge.close()
    assert bridge.call(asyncio.sleep(0, "done")) == "done"
    with pytest.raises(EngineUnavailableError):
        bridge.wait(asyncio.sleep(0), limit=SOON)
