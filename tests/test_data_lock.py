"""The locks of a data directory end with who holds them."""

import os
from pathlib import Path

import pytest

from signoff.data_lock import LockedError, exclusive_lock, hold_shared_lock


def test_only_one_holds_it(tmp_path: Path) -> None:
    """The other one is told who does."""
    path = tmp_path / "new" / "lock"
    held, twin = exclusive_lock(path), exclusive_lock(path, user="my twin")
    with held, pytest.raises(LockedError, match="in use by my twin") as caught, twin:
        raise AssertionError("both hold it")
    assert caught.value.holder == str(os.getpid())
    assert caught.value.path == path


def test_it_is_free_after_the_block(tmp_path: Path) -> None:
    """The file that stays behind means nothing."""
    with exclusive_lock(tmp_path / "lock"):
        pass
    with exclusive_lock(tmp_path / "lock"):
        pass


def test_it_waits_no_longer_than_asked(tmp_path: Path) -> None:
    """A limit keeps a start from hanging."""
    path = tmp_path / "lock"
    held, other = exclusive_lock(path), exclusive_lock(path, wait=0.06)
    with held, pytest.raises(LockedError), other:
        raise AssertionError("both hold it")


def test_children_share_and_keep_the_next_one_out(tmp_path: Path) -> None:
    """As long as one lives, nobody has it alone."""
    hold_shared_lock(tmp_path / "lock")
    hold_shared_lock(tmp_path / "lock")
    with pytest.raises(LockedError), exclusive_lock(tmp_path / "lock"):
        raise AssertionError("it is shared")


def test_none_joins_who_holds_it_alone(tmp_path: Path) -> None:
    """A child that comes too late does not start."""
    with exclusive_lock(tmp_path / "lock"), pytest.raises(LockedError):
        hold_shared_lock(tmp_path / "lock")
