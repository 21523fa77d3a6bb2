"""A worker that dies at any of its calls to the engine, and one that goes on.

The scenario is run once to count its calls. Then for every call the worker ends
just before or just after that call was applied, and another takes over when the
lease has lapsed. Every run has to end as if nothing had happened.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from resonate.error import ConnectorError

from signoff import durable
from signoff.approvals import WORKFLOW_TAG
from signoff.connections import HttpNetwork
from signoff.durable import connect
from signoff.engine.config import EngineConfig
from signoff.engine.server import serve
from tests.worlds import TOKEN, MovableClock, RecordingMailer, World, run_worker

ADA, BOB = "ada@example.com", "bob@example.com"
LEASE = timedelta(seconds=15)


@pytest.fixture(autouse=True)
def quiet_deaths() -> None:
    """Say nothing of the tasks of a dead worker, of which nobody asks the end."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)


@dataclass
class Death:
    """When a worker dies: at which call, before or after it is applied."""

    call: int | None = None
    applied: bool = False
    calls: int = 0
    died: asyncio.Event = field(default_factory=asyncio.Event)


class MortalNetwork(HttpNetwork):
    """A network whose worker dies at one of its calls."""

    death = Death()

    async def send(self, req: str, headers: dict[str, str] | None = None) -> str:
        """Send a request, or die of it."""
        death = self.death
        if death.died.is_set():
            raise ConnectorError(ConnectionError("this worker is dead"))
        if '"task.heartbeat"' not in req[:40]:
            death.calls += 1
        if death.calls != death.call:
            return await super().send(req, headers)
        if death.applied:
            await super().send(req, headers)
        death.died.set()
        raise ConnectorError(ConnectionError("this worker dies"))


@asynccontextmanager
async def mortal_world(folder: Path, death: Death) -> AsyncGenerator[World]:
    """Make a world whose worker dies, and is followed by one that does not."""
    clock, mailer = MovableClock(), RecordingMailer()
    mailer.verdict = defer_first(mailer)
    config = EngineConfig(
        database=folder / "e.sqlite3", token=TOKEN, port=0, clock=clock.milliseconds
    )
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(serve(config))
        url = f"http://127.0.0.1:{server.port}"
        engine = await stack.enter_async_context(
            connect(url, TOKEN, group="signoff", listen="test")
        )
        world = World(server, engine, mailer, clock)
        MortalNetwork.death = death
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(durable, "HttpNetwork", MortalNetwork)
            worker = await stack.enter_async_context(AsyncExitStack())
            await worker.enter_async_context(run_worker(url, mailer, clock))
        successor = asyncio.create_task(follow(world, death, worker))
        yield world
        successor.cancel()
        await asyncio.gather(successor, return_exceptions=True)


def defer_first(mailer: RecordingMailer) -> Any:
    """Have the first mail of all deferred."""
    return lambda _mail: ("deferred", "451") if len(mailer.mails) == 1 else ("sent", "")


async def follow(world: World, death: Death, worker: AsyncExitStack) -> None:
    """Take over from the worker that died, once its lease has lapsed."""
    await death.died.wait()
    await worker.aclose()
    await worker.enter_async_context(run_worker(world.url, world.mailer, world.clock))
    await world.advance(LEASE + timedelta(seconds=1))


async def play(folder: Path, death: Death) -> World:
    """Play the scenario and check how it ended."""
    async with mortal_world(folder, death) as world:
        ada, bob = await world.ask("w", approvers=[ADA, BOB], policy="all")
        await world.answer(ada, "approve")
        await world.answer(bob, "approve")
        decision = await world.decision("w")
        assert (decision.outcome, decision.reason) == ("approve", "policy_met")
        assert [answer.approver for answer in decision.responses] == [ADA, BOB]
        await check_mails(world)
        assert await pending(world) == []
    return world


async def check_mails(world: World) -> None:
    """Check that each mail has one content, however often it was sent."""
    for address in (ADA, BOB):
        mails = await world.mails(address, 2)
        assert len({mail.key for mail in mails}) == len(set(mails))
        kinds = {mail.content.split(b"X-Signoff-Message: ")[1][:6] for mail in mails}
        assert kinds == {b"invita", b"confir"}


async def pending(world: World) -> list[str]:
    """Return what the approval left open, but for what is kept for late answers."""
    own = await world.engine.search({"resonate:origin": "w"})
    published = await world.engine.search({WORKFLOW_TAG: "w"})
    ids = [promise.id for promise in [*own, *published] if promise.pending]
    kept = ("signoff-request-", "signoff-signal-", "w:d")
    return [id_ for id_ in ids if not id_.startswith(kept)]


async def count_calls(folder: Path) -> int:
    """Return how many calls the scenario takes."""
    death = Death()
    await play(folder, death)
    return death.calls


@pytest.mark.parametrize("applied", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("share", [0.1, 0.35, 0.6, 0.85])
async def test_ends_the_same_for_some_calls(
    tmp_path: Path, share: float, *, applied: bool
) -> None:
    """A worker dies at some of its calls: the approval ends as without it."""
    (tmp_path / "counting").mkdir()
    calls = await count_calls(tmp_path / "counting")
    await play(tmp_path, Death(int(calls * share), applied))


@pytest.mark.long
@pytest.mark.parametrize("applied", [False, True], ids=["before", "after"])
async def test_ends_the_same_for_every_call(tmp_path: Path, *, applied: bool) -> None:
    """A worker dies at each of its calls: the approval ends as without it."""
    (tmp_path / "counting").mkdir()
    calls = await count_calls(tmp_path / "counting")
    for call in range(1, calls + 1):
        folder = tmp_path / str(call)
        folder.mkdir()
        await play(folder, Death(call, applied))
