"""Mail to the postmaster."""

import stat
from pathlib import Path

from services.mail_gateway.postbox import Postbox


def test_a_message_is_a_file_of_its_owner(tmp_path: Path) -> None:
    """Nobody else on the machine can read it."""
    postbox = Postbox(tmp_path / "postmaster")
    assert postbox.keep(b"hello")
    (path,) = postbox.directory.iterdir()
    assert path.read_bytes() == b"hello"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_message_is_kept_once(tmp_path: Path) -> None:
    """A message that is sent again after a lost reply makes no second file."""
    postbox = Postbox(tmp_path, most_files=1)
    assert postbox.keep(b"hello")
    assert postbox.keep(b"hello")
    assert len(list(tmp_path.iterdir())) == 1


def test_it_ends_at_so_many_files(tmp_path: Path) -> None:
    """Anybody may write to the postmaster, so there is a last file."""
    postbox = Postbox(tmp_path, most_files=1)
    postbox.keep(b"one")
    assert postbox.is_full()
    assert not postbox.keep(b"two")


def test_it_ends_at_so_many_octets(tmp_path: Path) -> None:
    """Few but large messages fill it as well."""
    postbox = Postbox(tmp_path, most_octets=3)
    assert postbox.keep(b"one")
    assert not postbox.keep(b"two")
