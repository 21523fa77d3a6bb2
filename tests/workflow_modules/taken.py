"""A module that takes a name that is taken."""

from typing import Any

from resonate.context import Context

from signoff import workflow


@workflow(name="deploy")
async def other(ctx: Context, request: dict[str, Any]) -> None:
    """Have the name of another module's workflow."""
    del ctx, request
