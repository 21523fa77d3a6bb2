"""A process ends when it is told to, and says in one line why it ended otherwise."""

import signal
import subprocess
import sys
import textwrap
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

#: Seconds that anything may take on a busy machine.
LIMIT = 20.0

WAITS = "print('runs', flush=True); await stop.wait()"
NEVER = f"{WAITS}; print('asked', flush=True); await asyncio.Event().wait()"


@contextmanager
def process(
    body: str, prelude: str = "", **environ: str
) -> Generator[subprocess.Popen[str]]:
    """Run `run_process` around a body until the block ends."""
    program = textwrap.dedent(f"""
        import asyncio, sys, time
        from signoff.process import run_process
        {prelude}
        async def body(stop):
            {body}
        sys.exit(run_process("worker", body))
    """)
    with subprocess.Popen(  # noqa: S603 (a program of this test's own)
        [sys.executable, "-c", program],
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        yield running
        running.kill()


def wait_for_line(running: subprocess.Popen[str], line: str) -> None:
    """Wait for the next line that a body writes."""
    assert running.stdout is not None
    assert running.stdout.readline() == f"{line}\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(number: signal.Signals) -> None:
    """The body is told, finishes, and the exit code is 0."""
    with process(WAITS) as running:
        wait_for_line(running, "runs")
        running.send_signal(number)
        assert running.wait(LIMIT) == 0


def test_a_second_interrupt_does_not_wait() -> None:
    """A body that does not end is left where it is."""
    with process(NEVER) as running:
        wait_for_line(running, "runs")
        running.send_signal(signal.SIGINT)
        wait_for_line(running, "asked")
        running.send_signal(signal.SIGINT)
        assert running.wait(LIMIT) == 1


@pytest.mark.parametrize(
    ("body", "code", "last"),
    [
        ("raise OSError('port 1 is taken')", 1, "port 1 is taken"),
        ("raise ValueError('odd\\x1b[2J')", 1, r"failed: ValueError: odd\x1b[2J"),
        ("raise SettingsError(['one', 'two'])", 2, "two"),
        ("raise LockedError(Path('d/f'), '7')", 1, "data directory d is in use by"),
        ("return", 1, "ended without being told to"),
    ],
    ids=["system", "defect", "settings", "ours", "early"],
)
def test_the_last_line_says_why(body: str, code: int, last: str) -> None:
    """A supervisor and a person read the same line."""
    imports = (
        "from pathlib import Path; from signoff.settings import SettingsError; "
        "from signoff.data_lock import LockedError"
    )
    with process(body, imports) as running:
        _, errors = running.communicate(timeout=LIMIT)
    assert running.returncode == code
    assert errors.splitlines()[-1].startswith(f"signoff worker: {last}")


def test_a_defect_leaves_its_traceback_in_the_log() -> None:
    """The line alone would not let anybody mend it."""
    with process("raise ValueError('odd')") as running:
        _, errors = running.communicate(timeout=LIMIT)
    assert "Traceback" in errors.splitlines()[0]


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    """The kernel closes our input when whoever held it is gone."""
    lock = {"SIGNOFF_INTERNAL_PARENT": str(tmp_path / "lock")}
    with process(WAITS, **lock) as running:
        wait_for_line(running, "runs")
        assert running.stdin is not None
        running.stdin.close()
        assert running.wait(LIMIT) == 0


def test_a_loop_that_hangs_ends_with_its_parent_too(tmp_path: Path) -> None:
    """Past the limit an orphan ends hard."""
    short = "import signoff.process as p; w = p.watch_parent"
    patch = "p.watch_parent = lambda gone: w(gone, limit=0.05)"
    hangs = "print('runs', flush=True); time.sleep(99)"
    lock = {"SIGNOFF_INTERNAL_PARENT": str(tmp_path / "lock")}
    with process(hangs, f"{short}; {patch}", **lock) as running:
        wait_for_line(running, "runs")
        assert running.stdin is not None
        running.stdin.close()
        assert running.wait(LIMIT) == 1


def test_without_a_parent_its_input_means_nothing() -> None:
    """By itself it may run with its input closed, as under a service manager."""
    with process(WAITS) as running:
        wait_for_line(running, "runs")
        assert running.stdin is not None
        running.stdin.close()
        running.send_signal(signal.SIGTERM)
        assert running.wait(LIMIT) == 0
