"""Keep several processes running: start in stages, start again, stop in order.

A child that dies is started again after a pause that grows, for as long as it
keeps dying. Before everything was ready once, a child that cannot start ends the
whole, because then it is the settings and not bad luck.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from signoff.child import Child, ChildSpec, Emit
from signoff.errors import SignoffError
from signoff.parent_watch import STOP_GRACE

#: The exit code for settings or usage that cannot work: a second try is no use.
_EXIT_SETTINGS = 2


class StartupError(SignoffError):
    """A child did not come up."""

    def __init__(self, name: str, last_line: str) -> None:
        said = f": {last_line}" if last_line else " and said nothing"
        super().__init__(f"{name} does not start{said}")
        #: Which child.
        self.name = name
        #: The last line that it wrote.
        self.last_line = last_line


@dataclass(frozen=True)
class RestartPolicy:
    """When a child that died is started again."""

    #: Seconds before the first restart; each further one waits twice as long.
    first: float = 0.5
    #: The longest pause.
    longest: float = 30.0
    #: A child that lived this long begins anew with the first pause.
    healthy: float = 60.0
    #: Deaths in a row, before everything was ready once, that end it all.
    attempts: int = 3

    def pause(self, deaths: int) -> float:
        """Return the seconds to wait after so many deaths in a row (from 1)."""
        return min(self.first * 2 ** min(deaths - 1, 32), self.longest)

    def deaths_after(self, deaths: int, lived: float) -> int:
        """Count one more death of a child that lived so many seconds."""
        return 1 if lived >= self.healthy else deaths + 1


@dataclass
class Supervisor:
    """The children of one `signoff up`."""

    #: What to run. Lower stages start first and stop last.
    specs: Sequence[ChildSpec]
    #: Takes each line of output: whose it is, and the line.
    emit: Emit
    #: When to start again.
    policy: RestartPolicy = field(default_factory=RestartPolicy)
    #: Seconds that a stage has to stop before it is killed.
    grace: float = STOP_GRACE
    #: Seconds after which the slow are named, again and again.
    impatience: float = 10.0

    def __post_init__(self) -> None:
        self.children = [Child(spec, self.emit) for spec in self.specs]
        self._stopping = asyncio.Event()
        self._all_ready = False

    async def run(self, stop: asyncio.Event, on_ready: Callable[[], None]) -> None:
        """Run the children until `stop` is set, then stop them in order.

        Args:
            stop: Ends it all.
            on_ready: Called once, when every child is ready.

        Raises:
            StartupError: A child cannot start; the others are stopped by then.
        """
        keepers: list[asyncio.Task[None]] = []
        try:
            for stage in self._stages():
                keepers += [asyncio.create_task(self._keep(child)) for child in stage]
                goal = asyncio.create_task(self._wait_ready(stage))
                if not await _reached(goal, stop, keepers):
                    return
            self._all_ready = True
            on_ready()
            await _reached(asyncio.create_task(stop.wait()), stop, keepers)
        finally:
            await self._stop_all()
            await asyncio.gather(*keepers, return_exceptions=True)

    def kill_all(self) -> None:
        """End every child at once."""
        self._stopping.set()
        for child in self.children:
            child.kill()

    def _stages(self) -> list[list[Child]]:
        numbers = sorted({child.spec.stage for child in self.children})
        return [
            [child for child in self.children if child.spec.stage == number]
            for number in numbers
        ]

    async def _wait_ready(self, stage: Iterable[Child]) -> None:
        waits = [asyncio.create_task(child.ready.wait()) for child in stage]
        try:
            while (await asyncio.wait(waits, timeout=self.impatience))[1]:
                slow = [child for child in stage if not child.ready.is_set()]
                for child in slow:
                    self.emit("up", f"still waiting for {child.spec.name}")
        finally:
            for wait in waits:
                wait.cancel()

    async def _keep(self, child: Child) -> None:
        deaths = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            ended = await child.run()
            if self._stopping.is_set():
                return
            deaths = self.policy.deaths_after(deaths, time.monotonic() - started)
            self._give_up(child, deaths)
            pause = self.policy.pause(deaths)
            self.emit("up", f"{child.spec.name} {ended}; again in {pause:g} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    def _give_up(self, child: Child, deaths: int) -> None:
        hopeless = child.exit_code == _EXIT_SETTINGS or deaths >= self.policy.attempts
        if hopeless and not self._all_ready:
            raise StartupError(child.spec.name, child.last_line)

    async def _stop_all(self) -> None:
        self._stopping.set()
        for stage in reversed(self._stages()):
            await asyncio.gather(*(child.stop(self.grace) for child in stage))


async def _reached(
    goal: asyncio.Task[Any],
    stop: asyncio.Event,
    keepers: Iterable[asyncio.Task[None]],
) -> bool:
    """Wait for a goal; false where we are told to stop before it."""
    stopped = asyncio.create_task(stop.wait())
    try:
        waiting = {goal, stopped, *keepers}
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopped}:
            task.result()  # a keeper ends early only by its StartupError
        return stopped not in done
    finally:
        goal.cancel()
        stopped.cancel()
