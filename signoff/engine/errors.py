"""What can go wrong in the engine: one root, and each class carries its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class EngineError(Exception):
    """Root of everything the engine raises to whoever started it."""


class EngineConfigError(EngineError):
    """The configuration cannot be served."""


class DatabaseDamagedError(EngineError):
    """The file is not a database of this engine, or no longer readable."""

    def __init__(self, path: Path, detail: str) -> None:
        self.path, self.detail = path, detail
        super().__init__(
            f"{path} is not a readable engine database ({detail}); "
            "restore it from a backup or move it away"
        )


class DatabaseTooNewError(EngineError):
    """A newer release wrote the file."""

    def __init__(self, path: Path, *, found: int, known: int) -> None:
        self.path, self.found, self.known = path, found, known
        super().__init__(
            f"{path} has schema version {found}, this release knows up to {known}; "
            "start the newer release again"
        )


class DatabaseInUseError(EngineError):
    """Another engine process holds the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} is in use by another engine process")


class PortTakenError(EngineError):
    """The address cannot be listened on."""

    def __init__(self, host: str, port: int, detail: str) -> None:
        self.host, self.port, self.detail = host, port, detail
        super().__init__(f"cannot listen on {host}:{port}: {detail}")


class UnavailableError(EngineError):
    """The database did not keep the request: nothing of it happened."""


class RefusedError(Exception):
    """A request is answered with an error status; never leaves the engine."""

    def __init__(self, status: int, message: str) -> None:
        self.status, self.message = status, message
        super().__init__(message)
