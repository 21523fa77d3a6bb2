"""An engine, or a worker, as a process of its own that a test may kill."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from signoff.engine.server import EngineConfig, run

from .client import TOKEN
from .flows import holding_stuck, worker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from signoff.engine.server import EngineServer

ROOT = Path(__file__).parents[2]


async def run_engine(database: str) -> None:
    """Serve until killed."""

    def ready(engine: EngineServer) -> None:
        print(engine.port, flush=True)  # noqa: T201 - the test reads it

    config = EngineConfig(database=Path(database), token=TOKEN, port=0)
    await run(config, ready, stop=asyncio.Event())


async def run_worker(port: str) -> None:
    """Take what comes and never finish it, until killed."""
    resonate = worker(int(port), "doomed")
    resonate.register(holding_stuck, name="holding")
    await asyncio.Event().wait()


@contextlib.contextmanager
def started(what: str, argument: object) -> Iterator[subprocess.Popen[str]]:
    """Start a process; it is killed at the end at the latest."""
    command = [sys.executable, "-m", "tests.engine.process", what, str(argument)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as one:  # noqa: S603 - our own interpreter and module
        try:
            yield one
        finally:
            one.kill()


if __name__ == "__main__":
    parts = {"engine": run_engine, "worker": run_worker}
    asyncio.run(parts[sys.argv[1]](sys.argv[2]))
