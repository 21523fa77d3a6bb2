"""The examples, run."""

from datetime import timedelta
from pathlib import Path

import pytest

from signoff.ports import Call
from tests.worlds import open_world


@pytest.mark.parametrize(
    ("choice", "result"),
    [
        ("approve", "shop:4.2 is live"),
        ("reject", "4.2 was not deployed: reject"),
    ],
)
async def test_deploy_gate(tmp_path: Path, choice: str, result: str) -> None:
    """The deploy goes on with a yes and stops with a no."""
    async with open_world(tmp_path, ("examples.deploy_gate",)) as world:
        request = {"version": "4.2", "approver": "ada@example.com"}
        call = Call("deploy", 1, (request,))
        await world.engine.start("w", call, lifetime=timedelta(days=400))
        [invitation] = await world.published_invitations("w", 1)
        assert invitation.subject == "Deploy 4.2 to production?"
        await world.answer(invitation, choice)
        assert (await world.outcome("w")).value == result
