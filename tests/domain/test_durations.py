"""Durations as people write them."""

from datetime import timedelta

import pytest

from signoff.domain.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("4h", timedelta(hours=4)),
        ("7d", timedelta(days=7)),
        ("2w", timedelta(weeks=2)),
        (" 7D ", timedelta(days=7)),
    ],
)
def test_reads_whole_numbers_with_a_unit(text: str, expected: timedelta) -> None:
    """A number and a unit make a duration, in any case."""
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", ["", "7", "d", "-7d", "1.5h", "7 d", "7y", "\u0667d"])
def test_says_what_would_be_right(text: str) -> None:
    """What is no duration is answered with examples of ones."""
    with pytest.raises(ValueError, match="such as 90s"):
        parse_duration(text)


def test_refuses_more_than_time_can_be() -> None:
    """A number beyond what a timedelta holds is an error, not a crash."""
    with pytest.raises(ValueError, match="longer than time"):
        parse_duration("999999999w")
