"""A process without a listener of its own tells its health."""

import asyncio

import aiohttp
import pytest

from signoff.health import OK, check_ready, health_server
from signoff.probe import answers, free_port


async def fine() -> dict[str, str]:
    """Nothing is wrong."""
    return {"engine": OK}


async def cut_off() -> dict[str, str]:
    """One part of two does not work."""
    return {"engine": "no answer", "mail": OK}


async def broken() -> dict[str, str]:
    """The check itself fails."""
    raise RuntimeError("a secret of its own")


@pytest.mark.parametrize(
    ("ready", "status", "parts"),
    [
        (fine, 200, {"engine": "ok"}),
        (cut_off, 503, {"engine": "no answer", "mail": "ok"}),
        (broken, 503, {"process": "the check failed; see the log"}),
    ],
    ids=["fine", "cut off", "broken"],
)
async def test_readyz_says_which_part_is_wrong(
    ready: object, status: int, parts: dict[str, str]
) -> None:
    """503 keeps work away, and its body says why without telling secrets."""
    port = free_port()
    async with (
        health_server("127.0.0.1", port, ready),  # pyright: ignore[reportArgumentType] (the table's type is wide)
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/readyz") as response,
    ):
        assert response.status == status
        assert await response.json() == parts


@pytest.mark.parametrize(
    ("path", "holds"), [("/healthz", "ok"), ("/metrics", "# HELP")]
)
async def test_the_other_faces_answer(path: str, holds: str) -> None:
    """A process that cannot do its work is alive all the same."""
    port = free_port()
    async with (
        health_server("127.0.0.1", port, cut_off),
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as response,
    ):
        assert response.status == 200
        assert holds in await response.text()


async def test_port_0_is_no_listener() -> None:
    """A process run by itself has none unless it is told to."""
    async with health_server("127.0.0.1", 0, fine):
        tasks = asyncio.all_tasks()
    assert len(tasks) == 1


async def test_it_stops_with_its_block() -> None:
    """The port is free again."""
    port = free_port()
    async with health_server("127.0.0.1", port, fine):
        assert await answers(f"http://127.0.0.1:{port}/readyz")
    assert not await answers(f"http://127.0.0.1:{port}/readyz")


async def test_a_check_that_hangs_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever asks gets an answer before he gives up."""
    monkeypatch.setattr("signoff.health._READY_LIMIT", 0.01)

    async def hangs() -> dict[str, str]:
        await asyncio.Event().wait()
        return {}

    assert await check_ready(hangs) == (False, {"process": "no answer in 0.01 s"})
