"""Children are started in stages, kept running, and stopped in order."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager

import pytest

from signoff.child import ChildSpec
from signoff.supervisor import RestartPolicy, StartupError, Supervisor
from tests.children import LIMIT, SERVER, STUBBORN, Lines, child, gone, pid_of

FAST = RestartPolicy(first=0.01, longest=0.02)


@asynccontextmanager
async def supervised(
    specs: Iterable[ChildSpec], lines: Lines, *, grace: float = LIMIT
) -> AsyncGenerator[Supervisor]:
    """Run a supervisor until the block ends, from when all is ready."""
    supervisor = Supervisor(list(specs), lines.emit, policy=FAST, grace=grace)
    stop, ready = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(supervisor.run(stop, ready.set))
    try:
        await asyncio.wait_for(ready.wait(), LIMIT)
        yield supervisor
    finally:
        stop.set()
        await asyncio.wait_for(running, LIMIT)


@pytest.mark.parametrize(
    ("deaths", "pause"),
    [(1, 0.5), (2, 1.0), (3, 2.0), (6, 16.0), (7, 30.0), (5000, 30.0)],
)
def test_pauses_double_up_to_the_longest(deaths: int, pause: float) -> None:
    """The nth restart waits twice as long as the one before, at most 30 s."""
    assert RestartPolicy().pause(deaths) == pause


@pytest.mark.parametrize(
    ("lived", "counted"), [(59.9, 5), (60.0, 1)], ids=["short life", "healthy"]
)
def test_health_resets_the_count_of_deaths(lived: float, counted: int) -> None:
    """A child that lived for a minute begins anew."""
    assert RestartPolicy().deaths_after(4, lived) == counted


async def test_a_killed_child_is_started_again() -> None:
    """Kill -9 of a child brings a new process, and the event is told."""
    lines = Lines()
    async with supervised([child("one")], lines):
        (first,) = await lines.wait_for("one", "runs")
        os.kill(pid_of(first), signal.SIGKILL)
        _, second = await lines.wait_for("one", "runs", times=2)
    assert pid_of(second) != pid_of(first)
    assert "one was ended by SIGKILL; again in 0.01 s" in lines.of("up")


async def test_after_startup_a_child_may_die_often() -> None:
    """What ends a start that fails does not end a run that was good once."""
    lines = Lines()
    async with supervised([child("one")], lines):
        for life in range(1, 6):
            runs = await lines.wait_for("one", "runs", times=life)
            os.kill(pid_of(runs[-1]), signal.SIGKILL)
        await lines.wait_for("one", "runs", times=6)


async def test_lower_stages_start_first_and_stop_last() -> None:
    """The engine is there before, and after, whatever needs it."""
    lines = Lines()
    async with supervised([child("late", stage=1), child("early")], lines):
        pass
    order = [(name, line.split()[0]) for name, line in lines.heard if name != "up"]
    assert order == [
        ("early", "runs"),
        ("late", "runs"),
        ("late", "stopped"),
        ("early", "stopped"),
    ]


async def test_a_child_that_does_not_stop_is_killed() -> None:
    """Past the grace nobody is asked any more."""
    lines = Lines()
    async with supervised([child("one", STUBBORN)], lines, grace=0.05):
        pass
    assert "one did not stop in 0.05 s; killed" in lines.of("up")


async def test_kill_all_does_not_wait() -> None:
    """The second Ctrl-C ends even what would take its time."""
    lines = Lines()
    async with supervised([child("one", STUBBORN)], lines) as supervisor:
        supervisor.kill_all()
    assert lines.of("one")[1:] == []


async def test_three_deaths_at_the_start_end_it_with_the_last_line() -> None:
    """A child that cannot start is no reason to try for ever."""
    lines = Lines()
    bad = child("bad", "print('one'); print('the reason'); raise SystemExit(1)")
    supervisor = Supervisor([bad, child("good")], lines.emit, policy=FAST)
    with pytest.raises(StartupError, match="bad does not start: the reason"):
        await asyncio.wait_for(supervisor.run(asyncio.Event(), lambda: None), LIMIT)
    assert lines.of("bad") == ["one", "the reason"] * 3


async def test_wrong_settings_are_not_tried_again() -> None:
    """Exit code 2 says that another try is no use."""
    lines = Lines()
    bad = child("bad", "print('no such name'); raise SystemExit(2)")
    supervisor = Supervisor([bad], lines.emit, policy=FAST)
    with pytest.raises(StartupError, match="no such name"):
        await asyncio.wait_for(supervisor.run(asyncio.Event(), lambda: None), LIMIT)
    assert lines.of("bad") == ["no such name"]


async def test_a_program_that_is_not_there_is_a_failed_start() -> None:
    """Nothing to run is told with the system's own words."""
    nothing = ChildSpec("nothing", ("/nowhere/at-all",), {})
    supervisor = Supervisor([nothing], Lines().emit, policy=FAST)
    with pytest.raises(StartupError, match="No such file"):
        await asyncio.wait_for(supervisor.run(asyncio.Event(), lambda: None), LIMIT)


async def test_a_stop_during_the_start_is_obeyed() -> None:
    """Ctrl-C before everything is ready leaves nothing behind."""
    lines, stop = Lines(), asyncio.Event()
    never = child("never", "import time; print('runs', flush=True); time.sleep(99)")
    supervisor = Supervisor([never], lines.emit)
    running = asyncio.create_task(supervisor.run(stop, lambda: None))
    await lines.wait_for("never", "runs")
    stop.set()
    await asyncio.wait_for(running, LIMIT)
    assert supervisor.children[0].exit_code == -signal.SIGTERM


async def test_who_is_slow_is_named() -> None:
    """Somebody who waits is told for whom."""
    lines, stop = Lines(), asyncio.Event()
    slow = child("slow", "import time; time.sleep(99)")
    supervisor = Supervisor([slow], lines.emit, impatience=0.01)
    running = asyncio.create_task(supervisor.run(stop, lambda: None))
    await lines.wait_for("up", "still waiting for slow")
    stop.set()
    await asyncio.wait_for(running, LIMIT)


async def test_what_a_child_started_ends_with_it() -> None:
    """A grandchild that holds the output open keeps nobody waiting."""
    lines = Lines()
    program = f"""
import subprocess, sys
print("grandchild", subprocess.Popen(
    [sys.executable, "-c", "import time; time.sleep(99)"]).pid, flush=True)
{SERVER}
"""
    async with supervised([child("one", program)], lines):
        runs = await lines.wait_for("one", "runs")
        os.kill(pid_of(runs[0]), signal.SIGKILL)
        await lines.wait_for("one", "runs", times=2)
        await gone(pid_of(lines.of("one")[0]))
