"""Excerpts: where a long text is cut."""

import pytest

from services.worker.excerpts import excerpt


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("short", "short"),
        ("exactly 20 charactrs", "exactly 20 charactrs"),
        ("one paragraph\n\nanother paragraph", "one paragraph"),
        ("a first line\nand a second line", "a first line"),
        ("words and words and words", "words and words and"),
        ("x" * 30, "x" * 20),
        ("a\n\n" + "x" * 30, "a\n\n" + "x" * 17),
    ],
    ids=["short", "fits", "paragraph", "line", "word", "nowhere", "too early"],
)
def test_a_text_is_cut_where_it_hurts_least(text: str, kept: str) -> None:
    """Between paragraphs, else lines, else words; never below half."""
    assert excerpt(text, 20) == kept


def test_nothing_is_left_where_nothing_is_allowed() -> None:
    """A limit of 0 keeps nothing, whatever the text begins with."""
    assert excerpt("\n\ntext", 0) == ""
