"""Asking from a user's workflow, on a real engine."""

from datetime import timedelta
from pathlib import Path

from signoff.ports import Call
from tests.worlds import World, open_world

MODULE = "tests.workflow_modules.deploying"


async def start(world: World, workflow: str, lifetime: int = 400) -> None:
    """Start a workflow of the module."""
    call = Call(workflow, 1, ({"version": "4.2"},))
    await world.engine.start("w", call, lifetime=timedelta(days=lifetime))


async def test_a_workflow_goes_on_with_the_decision(tmp_path: Path) -> None:
    """What `await request_approval` gives is typed, and the workflow resumes."""
    async with open_world(tmp_path, (MODULE,)) as world:
        await start(world, "deploy")
        [invitation] = await world.published_invitations("w", 1)
        assert invitation.subject == "Deploy 4.2?"
        await world.answer(invitation, "approve")
        assert (await world.outcome("w")).value == "deployed by ada@example.com"


async def test_several_can_be_asked_side_by_side(tmp_path: Path) -> None:
    """Two questions are out at once; each has its own decision."""
    async with open_world(tmp_path, (MODULE,)) as world:
        await start(world, "deploy-both")
        one, other = await world.published_invitations("w", 2)
        await world.answer(other, "reject")
        await world.answer(one, "approve")
        assert (await world.outcome("w")).value == ["approve", "reject"]


async def test_a_deadline_that_outlives_the_workflow_fails_it(tmp_path: Path) -> None:
    """The mistake is the caller's, and the error says how to mend it."""
    async with open_world(tmp_path, (MODULE,)) as world:
        await start(world, "deploy", lifetime=1)
        outcome = await world.outcome("w")
        assert outcome.state == "rejected"
        assert "longer timeout" in outcome.value["message"]
