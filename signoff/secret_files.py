"""Secrets that nobody set: drawn at the first start, kept in the data directory.

Several processes may start first at once. Each draws a secret of its own into a
file of its own and links it to the one name; the first link stands and the
others read it. So whoever reads the name reads a whole secret.
"""

import os
import secrets
from pathlib import Path

from signoff.setting_values import parse_secret_keys, parse_token
from signoff.settings import Settings, SettingsError

#: Random octets in what is drawn: as many as HMAC-SHA-256 can use (RFC 2104).
_ENTROPY = 32


def engine_token(settings: Settings) -> str:
    """Return the engine's bearer token: ``RESONATE_TOKEN``, else the kept one.

    Raises:
        SettingsError: The file was damaged.
        OSError: The data directory cannot be used.
    """
    if settings.resonate_token:
        return settings.resonate_token
    path = settings.data_dir / "engine-token"
    try:
        return parse_token(_read_or_create(path, secrets.token_urlsafe(_ENTROPY)))
    except ValueError as error:
        raise SettingsError([f"{path}: {_DAMAGED}; {error}"]) from error


def secret_keys(settings: Settings) -> tuple[dict[str, bytes], str]:
    """Return the secrets by id, and the id of the one that signs.

    They come from ``SIGNOFF_SECRET_KEYS``, else from a file in the same form.

    Raises:
        SettingsError: The file was damaged, or lacks ``SIGNOFF_SIGNING_KEY``.
        OSError: The data directory cannot be used.
    """
    keys = settings.secret_keys or _kept_keys(settings.data_dir / "secret-keys")
    signing = settings.signing_key or next(iter(keys))
    if signing not in keys:
        raise SettingsError(
            [f"SIGNOFF_SIGNING_KEY: {signing!r} is none of the generated secrets"]
        )
    return keys, signing


_DAMAGED = "the file is damaged (remove it, and what it signed is void)"


def _kept_keys(path: Path) -> dict[str, bytes]:
    text = _read_or_create(path, f"a:{secrets.token_urlsafe(_ENTROPY)}")
    try:
        keys = parse_secret_keys(text)
    except ValueError as error:
        raise SettingsError([f"{path}: {_DAMAGED}; {error}"]) from error
    if not keys:
        raise SettingsError([f"{path}: {_DAMAGED}; it is empty"])
    return keys


def _read_or_create(path: Path, drawn: str) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        _create(path, drawn)
        return path.read_text(encoding="utf-8").strip()


def _create(path: Path, drawn: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    ours = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(ours, flags, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{drawn}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(ours)
    except FileExistsError:
        pass  # another process was first: its secret is the one
    finally:
        ours.unlink()
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut: what it signs is mailed at once."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
