"""Workflows as users write them."""

from typing import Any

from resonate.context import Context

from signoff import ApprovalRequest, Approver, request_approval, workflow

ADA, BOB = Approver("ada@example.com"), Approver("bob@example.com")


@workflow
async def deploy(ctx: Context, request: dict[str, Any]) -> str:
    """Deploy when Ada says so."""
    asked = ApprovalRequest(subject=f"Deploy {request['version']}?", approvers=(ADA,))
    decision = await request_approval(ctx, asked)
    if not decision.approved:
        return "left alone"
    return f"deployed by {decision.responses[0].approver}"


@workflow(name="deploy-both")
async def deploy_both(ctx: Context, request: dict[str, Any]) -> list[str]:
    """Ask two people at once about two things."""
    del request
    pending = [
        request_approval(ctx, ApprovalRequest(subject=subject, approvers=(approver,)))
        for subject, approver in (("One?", ADA), ("Other?", BOB))
    ]
    return [(await each).outcome for each in pending]
