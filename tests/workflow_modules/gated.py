"""A workflow whose step a test holds up, to end its worker meanwhile."""

import asyncio
import os
from pathlib import Path
from typing import Any

from resonate.context import Context

from signoff import ApprovalRequest, Approver, request_approval, workflow


@workflow
async def gated(ctx: Context, request: dict[str, Any]) -> str:
    """Go through the gate, then ask."""
    went = await ctx.run(pass_gate, request["folder"])
    approver = Approver(request["approver"])
    asked = ApprovalRequest(subject="May it go on?", approvers=(approver,))
    decision = await request_approval(ctx, asked)
    return f"{went}, {decision.outcome}"


async def pass_gate(ctx: Context, folder: str) -> str:
    """Leave one's process number, and wait until there is a file ``go``."""
    del ctx
    with (Path(folder) / "pids").open("a") as pids:
        pids.write(f"{os.getpid()}\n")
    while not (Path(folder) / "go").exists():  # noqa: ASYNC110 (another process makes it)
        await asyncio.sleep(0.02)
    return "went through"
