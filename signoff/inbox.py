"""The development inbox: mail that has no SMTP server to go to, as files.

One mail is ``<name>.eml``, its bytes as they would have gone out, and beside it
``<name>.json``, its envelope. The envelope is written last: a mail without one
is not there yet. The name is the key that the Message-ID is made of, so the same
mail again is the same file.
"""

import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from signoff.errors import NotFoundError

_NAME = re.compile(r"[a-z2-7]{43}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class KeptMail:
    """One mail of the inbox."""

    #: 43 base32 characters.
    name: str
    #: The envelope sender.
    envelope_from: str
    #: The envelope recipient.
    recipient: str
    #: When it came here, aware, in UTC.
    at: datetime
    #: Header and body.
    content: bytes


def keep_message(directory: Path, mail: KeptMail) -> None:
    """Keep a mail; one that is kept already stays as old as it is.

    Raises:
        ValueError: The name is none.
        OSError: It cannot be written.
    """
    stem = _stem(directory, mail.name)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    envelope = {
        "from": mail.envelope_from,
        "to": mail.recipient,
        "at": mail.at.isoformat(),
    }
    _replace(stem.with_suffix(".eml"), mail.content)
    if not stem.with_suffix(".json").exists():
        _replace(stem.with_suffix(".json"), json.dumps(envelope).encode())


def list_messages(directory: Path) -> list[KeptMail]:
    """Return every mail of an inbox, the newest first; none where it is missing."""
    kept = list(_read_all(directory))
    return sorted(kept, key=lambda mail: (mail.at, mail.name), reverse=True)


def read_message(directory: Path, name: str) -> KeptMail:
    """Return one mail.

    Raises:
        NotFoundError: The inbox has none of that name.
    """
    try:
        return _read(_stem(directory, name))
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise NotFoundError("that mail") from error


def _stem(directory: Path, name: str) -> Path:
    """Return the path of a mail without its ending; a name leads nowhere else."""
    if _NAME.fullmatch(name) is None:
        raise ValueError("a mail's name is 43 base32 characters")
    return directory / name


def _read_all(directory: Path) -> Iterator[KeptMail]:
    for path in directory.glob("*.json"):
        try:
            yield read_message(directory, path.stem)
        except NotFoundError:
            continue  # a file that is not ours, or one that was just removed


def _read(stem: Path) -> KeptMail:
    envelope = json.loads(stem.with_suffix(".json").read_bytes())
    return KeptMail(
        name=stem.name,
        envelope_from=envelope["from"],
        recipient=envelope["to"],
        at=datetime.fromisoformat(envelope["at"]),
        content=stem.with_suffix(".eml").read_bytes(),
    )


def _replace(path: Path, octets: bytes) -> None:
    """Put a file in its place at once, whole and for its owner alone (0600)."""
    descriptor, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(octets)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
