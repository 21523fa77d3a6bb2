"""An outage of the mail server, and the approvals that go on meanwhile."""

import asyncio
import socket
from datetime import timedelta
from pathlib import Path

import pytest

from services.worker.delivery import SmtpMailer
from signoff.ports import Call
from signoff.settings import SmtpUrl
from tests.worlds import World, open_world

APPROVALS = 200
LAST = f"w{APPROVALS - 1}"


@pytest.mark.long
async def test_a_black_hole_keeps_no_answer_from_being_counted(tmp_path: Path) -> None:
    """200 approvals want mail out of a server that never answers; one is decided."""
    async with open_world(tmp_path) as world:
        # Connections are taken by the system, and nobody ever greets.
        with socket.create_server(("127.0.0.1", 0), backlog=128) as hole:
            url = SmtpUrl("127.0.0.1", hole.getsockname()[1])
            world.mailer.deliver = SmtpMailer(url, world.clock).send
            await start_many(world)
            [invitation] = await world.published_invitations(LAST, 1)
            await world.answer(invitation, "approve")
            assert (await world.decision(LAST)).approved


async def start_many(world: World) -> None:
    """Start the approvals, all at once."""
    call = Call("signoff.approval", 1, ({},))
    starts = [
        world.engine.start(f"w{number}", call, lifetime=timedelta(days=400))
        for number in range(APPROVALS)
    ]
    await asyncio.gather(*starts)
