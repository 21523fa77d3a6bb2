"""What an engine needs to be told."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from signoff.engine.errors import EngineConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def now_ms() -> int:
    """Return milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, kw_only=True)
class EngineConfig:
    """The configuration of one engine."""

    #: The SQLite file; made if it is not there.
    database: Path
    #: What a client says as ``Authorization: Bearer …``.
    token: str = field(repr=False)
    #: The address to listen on.
    host: str = "127.0.0.1"
    #: 0 takes a free one.
    port: int = 8001
    #: Names by which clients reach it beside ``host`` and the loopback ones.
    allowed_hosts: frozenset[str] = frozenset()
    #: After how many silent seconds a worker's stream gets a comment.
    keepalive: float = 15.0
    #: The time, in milliseconds since the epoch.
    clock: Callable[[], int] = now_ms

    def __post_init__(self) -> None:
        """Check the token.

        Raises:
            EngineConfigError: It is empty or cannot stand in a header.
        """
        if not (
            self.token.isascii() and self.token.isprintable() and self.token.strip()
        ):
            raise EngineConfigError("the engine's token must be printable ASCII")
