"""Run a program that is not ours so that it ends with the `signoff up` above it.

``python -m signoff.guard COMMAND…``: the command is told to end on SIGTERM,
SIGINT and when our standard input closes; its exit code becomes ours.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from signoff.parent_watch import watch_parent


def main(command: Sequence[str]) -> int:
    """Run the command to its end and return its exit code."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as program:  # noqa: S603 (the caller's own command line, no shell)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: program.terminate())
        watch_parent(program.terminate, limit=5.0)
        code = program.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    # Ended by os._exit: the watching thread sits in a read that never returns.
    status = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)
