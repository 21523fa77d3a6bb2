"""The development inbox: what is kept, and what a name can reach."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from signoff.errors import NotFoundError
from signoff.inbox import KeptMail, keep_message, list_messages, read_message


def _mail(name: str = "a" * 43, minute: int = 0) -> KeptMail:
    return KeptMail(
        name=name,
        envelope_from="bounce+key@localhost",
        recipient="jörg@localhost",
        at=datetime(2026, 11, 23, 21, minute, tzinfo=UTC),
        content=b"Subject: x\r\n\r\n\xff",
    )


def test_a_mail_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    """Bytes, envelope and instant."""
    keep_message(tmp_path, _mail())
    assert read_message(tmp_path, "a" * 43) == _mail()


def test_the_newest_comes_first(tmp_path: Path) -> None:
    """As in any inbox."""
    mails = [_mail(letter * 43, minute) for minute, letter in enumerate("bca")]
    for mail in mails:
        keep_message(tmp_path, mail)
    assert list_messages(tmp_path) == mails[::-1]


def test_the_same_mail_again_changes_nothing(tmp_path: Path) -> None:
    """It keeps its age, and stands there once."""
    keep_message(tmp_path, _mail(minute=1))
    keep_message(tmp_path, _mail(minute=2))
    assert list_messages(tmp_path) == [_mail(minute=1)]


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    """Links and reply addresses are capabilities."""
    inbox = tmp_path / "inbox"
    keep_message(inbox, _mail())
    modes = {stat.S_IMODE(path.stat().st_mode) for path in inbox.iterdir()}
    assert (stat.S_IMODE(inbox.stat().st_mode), modes) == (0o700, {0o600})


def test_a_missing_inbox_is_empty(tmp_path: Path) -> None:
    """Before the first mail there is no folder."""
    assert list_messages(tmp_path / "inbox") == []


def test_a_mail_without_envelope_is_not_there_yet(tmp_path: Path) -> None:
    """A process that died between the two files leaves no half mail."""
    keep_message(tmp_path, _mail())
    (tmp_path / f"{'a' * 43}.json").unlink()
    assert list_messages(tmp_path) == []


@pytest.mark.parametrize("text", ["", "[]", '{"from": 1}', "{"], ids=str)
def test_a_damaged_envelope_hides_only_its_mail(tmp_path: Path, text: str) -> None:
    """The others are still listed."""
    keep_message(tmp_path, _mail())
    keep_message(tmp_path, _mail("b" * 43))
    (tmp_path / f"{'a' * 43}.json").write_text(text)
    (tmp_path / "notes.json").write_text("{}")
    assert list_messages(tmp_path) == [_mail("b" * 43)]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "c" * 43,
        "../" + "a" * 40,
        "A" * 43,
        "a" * 42,
        "a" * 43 + "\n",
        "/etc/passwd",
    ],
    ids=["empty", "unknown", "above", "case", "short", "newline", "root"],
)
def test_a_name_reaches_nothing_else(tmp_path: Path, name: str) -> None:
    """Names come from addresses that anybody can type."""
    keep_message(tmp_path, _mail())
    with pytest.raises(NotFoundError):
        read_message(tmp_path, name)


def test_a_mail_of_another_name_is_not_kept(tmp_path: Path) -> None:
    """Writing goes nowhere else either."""
    with pytest.raises(ValueError, match="43"):
        keep_message(tmp_path, _mail("../" + "a" * 40))
