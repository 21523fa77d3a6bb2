"""Workflows that use all of the SDK that the engine carries."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from resonate.resonate import Resonate

from .client import TOKEN

if TYPE_CHECKING:
    from resonate.context import Context


async def double(_ctx: Context, number: int) -> int:
    """Return twice the number: a workflow of its own."""
    return number * 2


def successor(_ctx: Context, number: int) -> int:
    """Return the next number: a step."""
    return number + 1


async def everything(ctx: Context, number: int) -> list[Any]:
    """Go through each durable call, and wait for somebody from outside."""
    step = await ctx.run(successor, number)
    called = await ctx.rpc("double", step)
    await ctx.sleep(timedelta(milliseconds=50))
    apart = await ctx.detached("double", number)
    answer = await ctx.promise()
    return [step, called, apart, answer]


async def waiting(ctx: Context) -> Any:
    """Wait for somebody from outside."""
    answer = await ctx.promise()
    return await ctx.run(successor, answer)


async def holding(ctx: Context) -> Any:
    """Take a step that depends on where it runs."""
    return await ctx.run(here)


async def here(_ctx: Context) -> str:
    """Be done at once."""
    return "done"


async def stuck(_ctx: Context) -> str:
    """Hold the lease for ever."""
    await asyncio.Event().wait()
    return "never"


async def holding_stuck(ctx: Context) -> Any:
    """Be ``holding`` in a worker whose step never ends."""
    return await ctx.run(stuck)


def worker(port: int, pid: str, group: str = "g") -> Resonate:
    """Return a worker with a lease of a second."""
    return Resonate(
        url=f"http://127.0.0.1:{port}",
        group=group,
        pid=pid,
        token=TOKEN,
        ttl=timedelta(seconds=1),
        env={},
    )


def register(resonate: Resonate) -> None:
    """Let a worker run these."""
    for function in (double, everything, waiting, holding):
        resonate.register(function, name=function.__name__)
