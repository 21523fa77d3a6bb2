"""Addresses of workers, and the queues in which their messages wait.

``poll://any@group`` reaches any process of a group, ``poll://any@group/pid`` too but
rather that one, ``poll://uni@group/pid`` that one alone. Messages wait in a queue:
``any@group`` is served by every process of the group, ``uni@group/pid`` by one.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from signoff.engine.errors import RefusedError

_ADDRESS = re.compile(
    r"poll://(?P<cast>any|uni)@(?P<group>[^/?#@\s]+)(?:/(?P<pid>[^?#\s]*))?"
)


class Address(NamedTuple):
    """Where a message goes."""

    #: The queue in which it waits.
    queue: str
    #: The process of that queue which should get it if it is there.
    prefer: str | None


def any_queue(group: str) -> str:
    """Name the queue that every process of a group serves."""
    return f"any@{group}"


def own_queue(group: str, pid: str) -> str:
    """Name the queue that one process serves."""
    return f"uni@{group}/{pid}"


def parse_address(address: str, *, what: str) -> Address:
    """Read a ``poll://`` address.

    Raises:
        RefusedError: 400, naming ``what``, for everything else.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None or (match["cast"] == "uni" and not match["pid"]):
        raise RefusedError(400, f"Invalid {what} address")
    if match["cast"] == "uni":
        return Address(own_queue(match["group"], match["pid"]), match["pid"])
    return Address(any_queue(match["group"]), match["pid"] or None)
