"""Locks in the data directory: who may use it, and who still does.

They are the kernel's (flock), so that they end with the process that holds them,
however it ends.
"""

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from signoff.errors import SignoffError

_PAUSE = 0.05


class LockedError(SignoffError):
    """Another process uses what only one may use."""

    def __init__(self, path: Path, holder: str, user: str = "another process") -> None:
        number = f" (process {holder})" if holder else ""
        super().__init__(f"data directory {path.parent} is in use by {user}{number}")
        #: The file that is locked.
        self.path = path
        #: The number of the process that holds it; empty where not known.
        self.holder = holder


@contextmanager
def exclusive_lock(
    path: Path, *, user: str = "another process", wait: float = 0.0
) -> Generator[None]:
    """Be the only one to hold a lock while the block runs.

    Args:
        path: The file to lock; made, with its folder, where missing.
        user: Who it must be that holds it, for the message.
        wait: Seconds to wait for others to let go.

    Raises:
        LockedError: Somebody holds it still.
        OSError: The file cannot be made.
    """
    descriptor = _open(path)
    try:
        if not _acquire(descriptor, until=time.monotonic() + wait):
            raise LockedError(path, _read_holder(descriptor), user)
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def hold_shared_lock(path: Path) -> None:
    """Hold a lock, beside others who share it, until this process ends.

    Raises:
        LockedError: Somebody holds it alone.
        OSError: The file cannot be made.
    """
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise LockedError(path, "") from error


def _open(path: Path) -> int:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _acquire(descriptor: int, *, until: float) -> bool:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
        else:
            return True
        time.sleep(_PAUSE)


def _read_holder(descriptor: int) -> str:
    text = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
    return text if text.isdigit() else ""
