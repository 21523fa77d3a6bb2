"""A running `signoff up`, as a test drives it."""

import json
import os
import shutil
import signal
import smtplib
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from signoff.domain.keys import Keyring
from signoff.probe import free_port
from signoff.secret_files import secret_keys
from signoff.settings import Settings
from tests.end_to_end.http_calls import Answer, call
from tests.end_to_end.mails import InboxFolder, Mailbox, MailpitApi
from tests.end_to_end.proc import children_of
from tests.end_to_end.waiting import LIMIT, eventually

ROOT = Path(__file__).resolve().parents[2]
MAILPIT = shutil.which("mailpit")
READY = "Ctrl-C stops everything."
#: What `curl -d` sends where it is told nothing else.
CURL = {"Content-Type": "application/x-www-form-urlencoded"}
#: Seconds that a clean stop may take: what issue 3 allows, and no more.
STOP_LIMIT = 20.0


class Installation:
    """One data directory, and the command that runs on it or does not."""

    def __init__(self, folder: Path, *arguments: str, **environ: str) -> None:
        """Choose ports and settings; nothing is started.

        Args:
            folder: Where its data and its output go.
            arguments: Of ``signoff up``.
            environ: Settings beside those that keep it apart from others.
        """
        self.folder = folder
        self.ports = {name: free_port() for name in ("HTTP", "MAIL", "ENGINE")}
        self._pit = {name: free_port() for name in ("SMTP", "UI")}
        self._uses_mailpit = "mailpit" in arguments
        self._arguments = arguments
        self._environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "SIGNOFF_DATA_DIR": str(folder / "data"),
            **{f"SIGNOFF_{name}_PORT": str(port) for name, port in self.ports.items()},
            **{
                f"MP_{name}_BIND_ADDR": f"127.0.0.1:{port}"
                for name, port in self._pit.items()
            },
            **environ,
        }
        self._output = folder / "output"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def runs(self) -> bool:
        """Whether the command runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it and wait until everything is ready."""
        assert not self.runs
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 (our own command)
                [sys.executable, "-P", "-m", "signoff", "up", *self._arguments],
                env=self._environ,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        eventually(lambda: READY in self.output or not self.runs, limit=60)
        assert self.runs, self.output

    def stop(self) -> int:
        """Tell it to stop, as a service manager does; return its exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(STOP_LIMIT)

    def close(self) -> None:
        """Leave nothing behind, whatever state it is in."""
        if not self.runs:
            return
        for pid in self.pids().values():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        try:
            self.stop()
        except subprocess.TimeoutExpired:
            self.kill_everything()
            raise

    def pids(self) -> dict[str, int]:
        """Return the processes that the command runs now, by name."""
        assert self._process is not None
        return children_of(self._process.pid)

    def send(self, name: str, number: signal.Signals) -> int:
        """Send a signal to one process; return which one it was."""
        pid = eventually(lambda: self.pids().get(name), why=name)
        os.kill(pid, number)
        return pid

    def kill_everything(self) -> None:
        """Send SIGKILL to the command and to all that it runs, at once."""
        assert self._process is not None
        children = self.pids().values()
        self._process.kill()
        for pid in children:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)  # each leads a group of its own
        self._process.wait(LIMIT)

    def kill_command(self) -> None:
        """Send SIGKILL to the command alone."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(LIMIT)

    @property
    def output(self) -> str:
        """What it wrote since its last start."""
        return self._output.read_text(errors="replace")

    def log(self, event: str, **members: str) -> list[dict[str, Any]]:
        """Return the lines of its logs that tell of an event."""
        lines = (line.partition(" | ")[2] for line in self.output.splitlines())
        told = [json.loads(line) for line in lines if line.startswith("{")]
        wanted = (members | {"event": event}).items()
        return [each for each in told if wanted <= _scalars(each).items()]

    @property
    def url(self) -> str:
        """Where its HTTP gateway is."""
        return f"http://localhost:{self.ports['HTTP']}"

    @property
    def mailbox(self) -> Mailbox:
        """Where its mail arrives."""
        if self._uses_mailpit:
            return MailpitApi(f"http://127.0.0.1:{self._pit['UI']}")
        return InboxFolder(self.folder / "data" / "inbox")

    @contextmanager
    def smtp(self, *, gateway: bool = False) -> Generator[smtplib.SMTP]:
        """Connect as a person's mail program does: to Mailpit where there is one.

        Args:
            gateway: Connect to the mail gateway itself, whatever there is.
        """
        direct = gateway or not self._uses_mailpit
        port = self.ports["MAIL"] if direct else self._pit["SMTP"]
        with smtplib.SMTP("127.0.0.1", port, timeout=LIMIT) as client:
            yield client

    @property
    def settings(self) -> Settings:
        """The settings that its processes run with."""
        named = {
            name: value
            for name, value in self._environ.items()
            if name.startswith("SIGNOFF_")
        }
        return Settings.from_environment(named)

    @property
    def keyring(self) -> Keyring:
        """Its secrets, as its files hold them."""
        keys, signing = secret_keys(self.settings)
        return Keyring(keys, signing, self.settings.reply_domain)

    def post(self, body: object, headers: Mapping[str, str] = CURL) -> Answer:
        """Call ``POST /start-workflow``; text is sent as it stands."""
        text = body if isinstance(body, str) else json.dumps(body)
        return call("POST", f"{self.url}/start-workflow", text.encode(), headers)

    def document(self, workflow_id: str, wait: float = 0) -> Answer:
        """Call ``GET /workflows/<id>``."""
        return call("GET", f"{self.url}/workflows/{workflow_id}?wait={wait:g}")


def _scalars(told: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in told.items() if isinstance(value, str)}
