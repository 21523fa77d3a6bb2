"""One child process: how it is started, watched, heard and stopped."""

import asyncio
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from signoff.child_pipes import ChildPipes, child_pipes
from signoff.internal_names import HEALTH_PORT
from signoff.probe import answers, free_port

#: Takes a line of output: the name of whose it is, and the line.
type Emit = Callable[[str, str], None]

#: Seconds between two questions whether it is ready.
_PROBE_PAUSE = 0.05


@dataclass(frozen=True)
class ChildSpec:
    """What to run, and how to know that it is ready."""

    #: What it is called in messages; each child's is its own.
    name: str
    #: The program and its arguments.
    argv: tuple[str, ...]
    #: Its whole environment.
    env: Mapping[str, str] = field(repr=False)
    #: Answers 200 when it is ready. None: it is told a port of its own at each
    #: start and answers there, at ``/readyz``.
    ready_url: str | None = None
    #: The bearer token that this address wants.
    ready_token: str | None = field(default=None, repr=False)
    #: Lower stages start first and stop last.
    stage: int = 0


class Child:
    """A process that runs, or does not, as a `ChildSpec` says."""

    def __init__(self, spec: ChildSpec, emit: Emit) -> None:
        #: What it runs.
        self.spec = spec
        #: Set while it runs and has said that it is ready.
        self.ready = asyncio.Event()
        #: The last line that it wrote.
        self.last_line = ""
        #: How it ended last; negative: by that signal.
        self.exit_code: int | None = None
        self._emit = emit
        self._process: asyncio.subprocess.Process | None = None
        self._told_to_stop = False

    async def run(self) -> str:
        """Start it, wait for its end, and say how it ended."""
        env, ready_url = dict(self.spec.env), self.spec.ready_url
        if ready_url is None:
            port = free_port()
            env[HEALTH_PORT] = str(port)
            ready_url = f"http://127.0.0.1:{port}/readyz"
        async with child_pipes() as pipes:
            try:
                self._process = await self._spawn(env, pipes)
            except OSError as error:
                self.last_line, self.exit_code = str(error), 1
                return f"cannot be run: {error}"
            finally:
                pipes.hand_over()
            self.exit_code = await self._accompany(self._process, pipes, ready_url)
        return _describe(self.exit_code)

    async def stop(self, grace: float) -> None:
        """Tell it to end, and end it hard when it has not after `grace` seconds."""
        self._told_to_stop = True
        process = self._process
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), grace)
        except TimeoutError:
            self._emit("up", f"{self.spec.name} did not stop in {grace:g} s; killed")
            self.kill()
            await process.wait()

    def kill(self) -> None:
        """End it, and what it started, at once."""
        self._told_to_stop = True
        if self._process is not None:
            _kill_group(self._process.pid)

    async def _spawn(
        self, env: Mapping[str, str], pipes: ChildPipes
    ) -> asyncio.subprocess.Process:
        # A group of its own: Ctrl-C reaches us alone, and we stop in order. Its
        # standard input stays open as long as we live: see `parent_watch`.
        return await asyncio.create_subprocess_exec(
            *self.spec.argv,
            env=env,
            stdin=pipes.stdin,
            stdout=pipes.output,
            stderr=asyncio.subprocess.STDOUT,
            process_group=0,
        )

    async def _accompany(
        self, process: asyncio.subprocess.Process, pipes: ChildPipes, ready_url: str
    ) -> int:
        """See a process that runs to its end; return its exit code."""
        if self._told_to_stop:  # while it was being started
            self.kill()
        ended = asyncio.create_task(process.wait())
        probe = asyncio.create_task(self._probe(ready_url))
        try:
            await pipes.read_lines(self._hear, ended)
            return await ended
        finally:
            probe.cancel()
            self.ready.clear()
            self._process = None
            _kill_group(process.pid)  # what it started itself ends with it

    def _hear(self, raw: bytes) -> None:
        line = raw.decode("utf-8", errors="backslashreplace").rstrip()
        if line:
            self.last_line = line
            self._emit(self.spec.name, line)

    async def _probe(self, url: str) -> None:
        while True:
            if await answers(url, self.spec.ready_token):
                return self.ready.set()
            await asyncio.sleep(_PROBE_PAUSE)


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _describe(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
