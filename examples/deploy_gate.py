"""A deploy that waits for a person.

Start Signoff with it, and start it:

    uv run signoff up --workflows examples.deploy_gate

    curl -X POST localhost:5001/start-workflow \
      -d '{"workflow_id": "deploy-4.2", "workflow": "deploy",
           "request": {"version": "4.2", "approver": "ada@example.com"}}'
"""

from datetime import timedelta
from typing import Any

from resonate.context import Context

from signoff import ApprovalRequest, Approver, request_approval, workflow


@workflow
async def deploy(ctx: Context, request: dict[str, Any]) -> str:
    """Build, ask, and deploy if the answer is yes."""
    version: str = request["version"]
    build: str = await ctx.run(build_image, version)
    decision = await request_approval(
        ctx,
        ApprovalRequest(
            subject=f"Deploy {version} to production?",
            body=f"The image is **{build}**.",
            approvers=(Approver(request["approver"]),),
            deadline=timedelta(days=2),
        ),
    )
    if not decision.approved:
        return f"{version} was not deployed: {decision.outcome}"
    return await ctx.run(roll_out, build)


async def build_image(ctx: Context, version: str) -> str:
    """Stand for a build; it runs once, however often the workflow is resumed."""
    del ctx
    return f"shop:{version}"


async def roll_out(ctx: Context, image: str) -> str:
    """Stand for the deploy itself."""
    del ctx
    return f"{image} is live"
