"""Real mail: the measuring corpus, where it lies beside the checkout."""

from pathlib import Path

import pytest

from benchmarks.replies import CORPUS, count_kinds, score_replies

pytestmark = pytest.mark.skipif(
    not Path(CORPUS / "replies.jsonl").exists(),
    reason="the measuring corpus is not beside this checkout",
)


def test_new_text_of_real_mail_is_read() -> None:
    """Nine replies in ten are exact; few leak or lose text, none comes out empty."""
    marks = [mark for _, mark in score_replies(CORPUS / "replies.jsonl")]
    total = len(marks)
    assert marks.count("exact") >= 0.9 * total
    assert marks.count("leak") <= 0.02 * total
    assert marks.count("cut") <= 0.03 * total
    assert marks.count("empty") == 0


def test_real_programs_are_told_from_people() -> None:
    """No person is taken for a program, and hardly a program for a person."""
    counts = count_kinds(CORPUS / "automatic.jsonl")
    people = {kind: n for (label, kind), n in counts.items() if label == "human"}
    programs = {pair: n for pair, n in counts.items() if pair[0] != "human"}
    right = sum(n for (label, kind), n in programs.items() if label == kind)
    taken = sum(n for (_, kind), n in programs.items() if kind == "human")
    assert set(people) == {"human"}
    assert taken <= 0.005 * sum(programs.values())
    assert right >= 0.98 * sum(programs.values())
