"""`signoff up` on a stage: the real command, the real supervisor, small services.

The package is copied beside services that only answer for their health, so that
these tests are about starting and stopping and about nothing else.
"""

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from signoff.probe import free_port

ROOT = Path(__file__).resolve().parent.parent
#: Seconds that anything may take on a busy machine.
LIMIT = 30.0

_BODY = """
import asyncio
import os
from signoff.health import health_server

async def serve(host, port, stop, name):
    async def ready():
        return {"process": "ok"}
    if os.environ.get("SIGNOFF_TEST_FAIL") == os.environ["SIGNOFF_INTERNAL_NAME"]:
        raise OSError("no luck today")
    async with health_server(host, port, ready):
        print(f"{name} runs {os.getpid()}", flush=True)
        await stop.wait()
        while os.environ.get("SIGNOFF_TEST_STUBBORN"):
            await asyncio.sleep(1)
        print(f"{name} stopped", flush=True)
"""
_SERVICE = """
from signoff.stage import serve

async def run(settings, stop):
    await serve(settings.health_host, settings.health_port, stop, "service")
"""
_HTTP = _SERVICE.replace("health_host", "http_host").replace("health_port", "http_port")
_ERRORS = """
class EngineError(Exception):
    pass
"""
_ENGINE = """
from dataclasses import dataclass
from pathlib import Path
from signoff.stage import serve

@dataclass(frozen=True)
class EngineConfig:
    host: str
    port: int
    database: Path
    token: str

async def run(config, *, stop, ready=None):
    assert config.token
    await serve(config.host, config.port, stop, "service")
"""


def build_stage(root: Path) -> Path:
    """Lay out a checkout with small services; return its folder."""
    stage = root / "stage"
    shutil.copytree(
        ROOT / "signoff", stage / "signoff", ignore=shutil.ignore_patterns("engine")
    )
    shutil.copy(ROOT / "mailpit.env", stage)
    (stage / "signoff" / "stage.py").write_text(_BODY)
    _write(stage / "signoff" / "engine", "server.py", _ENGINE)
    _write(stage / "signoff" / "engine", "errors.py", _ERRORS)
    _write(stage / "services", "__init__.py", "")
    for name in ("worker", "mail_gateway"):
        _write(stage / "services" / name, "main.py", _SERVICE)
    _write(stage / "services" / "http_gateway", "main.py", _HTTP)
    return stage


def _write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__init__.py").touch()
    (folder / name).write_text(text)


def free_ports() -> dict[str, str]:
    """Return settings that let it listen where nobody else does."""
    names = ("HTTP", "MAIL", "ENGINE")
    return {f"SIGNOFF_{name}_PORT": str(free_port()) for name in names}


class StagedUp:
    """One run of the command, and what it wrote."""

    def __init__(self, stage: Path, *arguments: str, **environ: str) -> None:
        home = {"PATH": os.environ["PATH"], "PYTHONPATH": str(stage)}
        self._process = subprocess.Popen(  # noqa: S603 (our own command)
            [sys.executable, "-P", "-m", "signoff", *arguments],
            env=home | environ,
            cwd=stage,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        #: Every line so far.
        self.lines: list[str] = []
        self._news: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.send(signal.SIGTERM)
        self.wait()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the command alone."""
        self._process.send_signal(number)

    def press_ctrl_c(self) -> None:
        """Do what a terminal does: interrupt everybody in the foreground."""
        os.killpg(self._process.pid, signal.SIGINT)

    def press_ctrl_c_until(self, text: str) -> None:
        """Lose one's patience until a line holds a text."""
        until = time.monotonic() + LIMIT
        while not any(text in line for line in self.lines):
            assert time.monotonic() < until, "\n".join(self.lines)
            self.press_ctrl_c()
            with suppress(queue.Empty):
                line = self._news.get(timeout=0.5)
                assert line is not None, "\n".join(self.lines)
                self.lines.append(line)

    def wait(self) -> int:
        """Wait until it has ended and all is read; return its exit code."""
        code = self._process.wait(LIMIT)
        self._reader.join(LIMIT)
        while (line := self._news.get()) is not None:
            self.lines.append(line)
        self._news.put(None)
        return code

    def wait_for(self, text: str, *, times: int = 1) -> list[str]:
        """Wait until so many lines hold a text; return those."""
        until = time.monotonic() + LIMIT
        while len(found := [line for line in self.lines if text in line]) < times:
            line = self._news.get(timeout=until - time.monotonic())
            if line is None:
                raise AssertionError("\n".join(["it ended:", *self.lines]))
            self.lines.append(line)
        return found

    def pids(self) -> dict[str, int]:
        """Return the number of each child that runs, once all was ready."""
        runs = [line for line in self.lines if " runs " in line]
        return {line.split()[0]: int(line.split()[-1]) for line in runs}

    def _read(self) -> None:
        output = self._process.stdout
        if output is not None:
            with output:
                for line in output:
                    self._news.put(line.rstrip("\n"))
        self._news.put(None)


@contextmanager
def running_up(stage: Path, *arguments: str, **environ: str) -> Generator[StagedUp]:
    """Run the command until the block ends, from when it says it is ready."""
    with StagedUp(stage, "up", *arguments, **environ) as up:
        up.wait_for("Ctrl-C stops everything.")
        yield up
