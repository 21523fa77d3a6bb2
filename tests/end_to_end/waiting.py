"""Waiting for what other processes do."""

import time
from collections.abc import Callable

#: Seconds within which everything has happened that should, on a busy machine.
LIMIT = 30.0


def eventually[T](
    probe: Callable[[], T | None], *, limit: float = LIMIT, why: str = ""
) -> T:
    """Return the first true result of a probe.

    Args:
        probe: Asked again and again; what it raises ends the wait.
        limit: Seconds after which its last result is what is wrong.
        why: What was waited for.
    """
    until = time.monotonic() + limit
    while not (result := probe()):
        assert time.monotonic() < until, f"{why or 'nothing'} in {limit} s: {result!r}"
        time.sleep(0.02)  # between two looks: across processes there is no event
    return result
