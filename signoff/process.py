"""The life of one process: signals, the parent that may die, how it ends.

A process stops cleanly on SIGTERM and SIGINT, and when the `signoff up` that
started it is gone. A second SIGINT does not wait.
"""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from signoff.errors import SignoffError
from signoff.escaping import escape_text
from signoff.logs import configure_logs
from signoff.parent_watch import watch_parent
from signoff.settings import SettingsError

type Body = Callable[[asyncio.Event], Awaitable[None]]

log = structlog.stdlib.get_logger(__name__)


class EarlyEndError(SignoffError):
    """A process that should run until it is stopped came to its end."""


def run_process(name: str, body: Body) -> int:
    """Run a process until it is told to stop, and return its exit code.

    Args:
        name: The process, as logs name it.
        body: Does the work, and returns soon after the event it is given is set.

    Returns:
        0 after a stop that was asked for, 2 when the settings cannot work, else 1.
    """
    configure_logs(name)
    try:
        asyncio.run(_live(body))
    except SettingsError as error:
        return _complain(name, str(error), code=2)
    except (SignoffError, OSError) as error:
        return _complain(name, str(error) or type(error).__name__)
    except asyncio.CancelledError:
        return _complain(name, "ended at once, as asked")
    except Exception as error:
        log.exception("process failed")
        return _complain(name, f"failed: {type(error).__name__}: {error}")
    return 0


async def _live(body: Body) -> None:
    stop = asyncio.Event()
    _stop_on_signals(stop)
    _stop_with_parent(stop)
    await body(stop)
    if not stop.is_set():
        raise EarlyEndError("ended without being told to")


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def interrupt() -> None:
        if stop.is_set() and task is not None:
            task.cancel()
        stop.set()

    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGINT, interrupt)


def _stop_with_parent(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def ask_to_stop() -> None:
        with suppress(RuntimeError):  # the loop has ended by itself meanwhile
            loop.call_soon_threadsafe(stop.set)

    watch_parent(ask_to_stop)


def _complain(name: str, what: str, *, code: int = 1) -> int:
    for line in what.splitlines():
        print(f"signoff {name}: {escape_text(line)}", file=sys.stderr)  # noqa: T201 (for a person, behind the logs)
    return code
