"""`signoff up`: everything on one machine, watched by one supervisor."""

import asyncio
import errno
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import TextIO

from signoff.data_lock import exclusive_lock
from signoff.errors import SignoffError
from signoff.escaping import escape_text
from signoff.parent_watch import STOP_GRACE
from signoff.secret_files import engine_token, secret_keys
from signoff.supervisor import Supervisor
from signoff.up_plan import (
    Plan,
    UpOptions,
    child_specs,
    children_lock,
    describe,
    listeners,
    make_plan,
)

#: The processes of an earlier run get this long to let go of their ports.
_EARLIER_RUN_LIMIT = STOP_GRACE + 5.0
#: Seconds within which two interrupts are one press of Ctrl-C.
_SAME_KEYSTROKE = 0.3


class PortTakenError(SignoffError):
    """Somebody else listens where we should."""


def run_up(options: UpOptions, environ: Mapping[str, str]) -> int:
    """Run it all until it is told to stop; return the exit code.

    Raises:
        SettingsError: The settings cannot work.
        SignoffError: Something is taken, missing, or does not start.
        OSError: The data directory cannot be used.
    """
    began = time.monotonic()
    plan = make_plan(options, environ)
    settings = plan.settings
    user = "another `signoff up`"
    with exclusive_lock(settings.data_dir / "lock", user=user):
        _await_earlier_run(children_lock(settings))
        for name, host, port in listeners(plan):
            check_port(name, host, port)
        engine_token(settings)
        secret_keys(settings)
        return asyncio.run(_supervise(plan, began))


def check_port(name: str, host: str, port: int) -> None:
    """See that one can listen there.

    Raises:
        PortTakenError: One cannot; the message names the setting.
    """
    place = f"port {port} of {host}"
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with closing(socket.socket(family, kind)) as listener:
            # As servers do: a connection that lingers there takes no port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(1)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "is taken" if taken else f"cannot be used ({error.strerror})"
        advice = f"stop what uses it, or set {name}" if taken else f"set {name}"
        raise PortTakenError(f"{place} {why}; {advice}") from error


def _await_earlier_run(lock: Path) -> None:
    """Wait for children of a run that was killed: they end by themselves."""
    with exclusive_lock(
        lock, user="processes of an earlier run", wait=_EARLIER_RUN_LIMIT
    ):
        pass


async def _supervise(plan: Plan, began: float) -> int:
    supervisor = Supervisor(child_specs(plan), _pass_on)
    stop, forced = asyncio.Event(), asyncio.Event()

    def announce() -> None:
        _write(sys.stdout, "\n".join(describe(plan, time.monotonic() - began)))

    def force() -> None:
        forced.set()
        _pass_on("up", "killing")
        supervisor.kill_all()

    _on_signals(stop, force)
    await supervisor.run(stop, announce)
    return 1 if forced.is_set() else 0


def _on_signals(stop: asyncio.Event, force: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    asked_at = 0.0

    def ask() -> None:
        nonlocal asked_at
        if not stop.is_set():
            asked_at = loop.time()
            _pass_on("up", "stopping; Ctrl-C once more kills")
        stop.set()

    def interrupt() -> None:
        # Whoever runs us, `uv run` for one, may pass the first Ctrl-C on again.
        if stop.is_set() and loop.time() - asked_at > _SAME_KEYSTROKE:
            force()
        ask()

    loop.add_signal_handler(signal.SIGINT, interrupt)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            loop.add_signal_handler(number, ask)


def _pass_on(name: str, line: str) -> None:
    _write(sys.stderr, f"{name:12} | {escape_text(line.expandtabs())}")


def _write(stream: TextIO, text: str) -> None:
    with suppress(OSError):  # whoever read it is gone; the work goes on
        print(text, file=stream, flush=True)
