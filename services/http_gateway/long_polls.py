"""Places for calls that wait, so that they never hold all threads."""

import threading
from collections.abc import Generator
from contextlib import contextmanager


class LongPolls:
    """So many calls may wait at once; the others are answered without waiting."""

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(places)

    @contextmanager
    def place(self, *, wanted: bool) -> Generator[bool]:
        """Take a place while the block runs; say whether there was one."""
        taken = wanted and self._places.acquire(blocking=False)
        try:
            yield taken
        finally:
            if taken:
                self._places.release()
