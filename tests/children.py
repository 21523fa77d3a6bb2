"""Small programs for supervisors to run, and what hears them."""

import asyncio
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from signoff.child import ChildSpec

#: Seconds that anything may take on a busy machine.
LIMIT = 20.0

#: Answers for its health, says its number, and on SIGTERM what it was told.
SERVER = """
import os, signal, socketserver, sys
class Health(socketserver.StreamRequestHandler):
    def handle(self):
        self.rfile.readline()
        self.wfile.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n")
def stop(number, frame):
    print("stopped", flush=True)
    os._exit(0)
signal.signal(signal.SIGTERM, stop)
place = "127.0.0.1", int(os.environ["SIGNOFF_INTERNAL_HEALTH_PORT"])
with socketserver.TCPServer(place, Health) as server:
    print("runs", os.getpid(), flush=True)
    server.serve_forever()
"""

#: As `SERVER`, but nothing short of SIGKILL ends it.
STUBBORN = SERVER.replace("os._exit(0)", "return")


@dataclass
class Lines:
    """What children wrote, and a way to wait for it."""

    #: Name and line, in order.
    heard: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._news = asyncio.Event()

    def emit(self, name: str, line: str) -> None:
        """Take a line, as a supervisor's `emit`."""
        self.heard.append((name, line))
        self._news.set()

    def of(self, name: str) -> list[str]:
        """Return the lines of one child."""
        return [line for whose, line in self.heard if whose == name]

    async def wait_for(self, name: str, text: str, *, times: int = 1) -> list[str]:
        """Wait until a child wrote something so often; return those lines."""
        async with asyncio.timeout(LIMIT):
            while len(found := [li for li in self.of(name) if text in li]) < times:
                self._news.clear()
                await self._news.wait()
        return found


def child(name: str, program: str = SERVER, *, stage: int = 0) -> ChildSpec:
    """Describe a child that runs a program text."""
    argv = (sys.executable, "-I", "-S", "-c", program)
    return ChildSpec(name, argv, {}, stage=stage)


def pid_of(line: str) -> int:
    """Return the number in ``runs 123``."""
    return int(line.rsplit(maxsplit=1)[-1])


async def gone(*pids: int) -> None:
    """Wait until processes that are no children of ours run no more."""
    async with asyncio.timeout(LIMIT):
        while True:
            if not any(_runs(pid) for pid in pids):
                return
            await asyncio.sleep(0.01)


def _runs(pid: int) -> bool:
    """Say whether a process runs; one that only waits to be buried does not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # a system without /proc
        return not Path("/proc/self").exists()
    return state.rpartition(")")[2].split()[0] != "Z"
