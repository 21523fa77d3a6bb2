"""Mail to the postmaster, kept as files for whoever runs this gateway.

A name is the digest of its content: a message that comes again is kept once.
"""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

#: Anybody may write here, so it ends before the disk does.
MOST_FILES = 1000
MOST_OCTETS = 256 * 1024 * 1024


@dataclass(frozen=True)
class Postbox:
    """A folder of ``.eml`` files that only its owner can read."""

    directory: Path
    most_files: int = MOST_FILES
    most_octets: int = MOST_OCTETS

    def is_full(self) -> bool:
        """Say whether nothing more is taken."""
        sizes = [path.stat().st_size for path in self.directory.glob("*.eml")]
        return len(sizes) >= self.most_files or sum(sizes) >= self.most_octets

    def keep(self, raw: bytes) -> bool:
        """Keep a message so that it survives a power cut.

        Returns:
            Whether it is kept; False where the postbox is full.

        Raises:
            OSError: It cannot be written.
        """
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.directory / f"{hashlib.sha256(raw).hexdigest()}.eml"
        if path.exists():
            return True
        if self.is_full():
            return False
        _write(path, raw)
        return True


def _write(path: Path, raw: bytes) -> None:
    """Write under a name of our own first: a file is whole or not there."""
    ours = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        with os.fdopen(os.open(ours, flags, 0o600), "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        ours.replace(path)
    finally:
        ours.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
