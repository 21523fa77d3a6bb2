# ruff: noqa: RUF001 -- these are words of languages that share letters' shapes
"""What a reply decides, and above all when it decides nothing."""

import pytest

from services.mail_gateway.decision_words import WORDS
from services.mail_gateway.reply import PART_BREAK
from services.mail_gateway.verdict import read_verdict
from signoff.domain.choices import Choice

SHIP = (
    Choice("ship", "Ship it now", positive=True, words=("👍", "go")),
    Choice("hold", "Hold back", positive=False, words=("👎", "wait a week")),
)
CLEAR = [
    ("approve", "approve", ""),
    ("APPROVED!!!", "approve", ""),
    ("*Approved*", "approve", ""),
    ("“Approved”", "approve", ""),
    ("_approve_.", "approve", ""),
    ("ＡＰＰＲＯＶＥ", "approve", ""),
    ("ap\u200bprove", "approve", ""),
    ("Approved 🎉", "approve", ""),
    ("- approve", "approve", ""),
    ("Approved, but please change the date", "approve", "but please change the date"),
    ("Approved - thanks", "approve", "thanks"),
    ("Approved thanks", "approve", ""),
    ("Approved\nby the way: blue ones", "approve", "by the way: blue ones"),
    ("Approved.\n\nOrder the blue ones.", "approve", "Order the blue ones."),
    ("Approved. Can you order today?", "approve", "Can you order today?"),
    ("Approved. If you have questions, call me.", "approve", None),
    ("Approved, let me know if you need anything", "approve", None),
    ("Yes, no problem", "approve", "no problem"),
    ("Yes please", "approve", ""),
    ("OK", "approve", ""),
    ("Hi Anna,\n\nApproved.", "approve", ""),
    ("Dear Ms. Smith,\n\nApproved.", "approve", ""),
    ("Hi Anna, approved", "approve", ""),
    ("Anna,\napproved", "approve", ""),
    ("Thanks Anna. Approved.", "approve", ""),
    ("Dear all,\nI hope you are well.\n\nApproved", "approve", ""),
    ("Approve\n\nThanks,\nAda", "approve", None),
    ("Yes\n\nThanks,\nAda", "approve", None),
    ("Yes.\n\nBest regards\nAda Lovelace\nHead of Legal\n+49 123", "approve", None),
    ("Yes, thanks Anna", "approve", "thanks Anna"),
    ("Yes, approved, but please only blue ones", "approve", None),
    ("お世話になっております。\n承認します。", "approve", ""),
    ("> may we?\n\nApproved", "approve", ""),
    ("[EXTERNAL]\nApproved", "approve", ""),
    ("reject", "reject", ""),
    ("No.", "reject", ""),
    ("Rejected, I can't approve this", "reject", "I can't approve this"),
    ("Rejected: too dear", "reject", "too dear"),
    ("承認しません", "reject", ""),
    ("不同意", "reject", ""),
    ("no thanks", "reject", ""),
]
UNCLEAR = [
    ("", "empty"),
    ("> approve", "empty"),
    ("approve?", "question"),
    ("Approved??", "question"),
    ("Approve, right?", "question"),
    ("Approved. Right?", "question"),
    ("Approved. Or reject?", "question"),
    ("¿Aprobado?", "question"),
    ("Ναι;", "question"),
    ("承認ですか？", "question"),
    ("Should I approve?", "question"),
    ("not approved", "negated"),
    ("Not approved.", "negated"),
    ("don't approve", "negated"),
    ("I do not approve", "negated"),
    ("I can’t approve this", "negated"),
    ("I do not\napprove", "negated"),
    ("nicht genehmigt", "negated"),
    ("Das genehmige ich nicht", "negated"),
    ("no aprobado", "negated"),
    ("pas approuvé", "negated"),
    ("не одобрено", "negated"),
    ("Approved - not!", "negated"),
    ("Approved... NOT", "negated"),
    ("Approved, not yet", "negated"),
    ("Approved. Do not approve the other one.", "negated"),
    ("Approved\n\nWait, I changed my mind.", "negated"),
    ("Yes, but I can't say now", "negated"),
    ("Yes, I saw it and will decide tomorrow", "negated"),
    ("Approved\n\nSorry, I take that back.", "negated"),
    ("Not,\nApproved", "negated"),
    ("I would approve if the date changes", "condition"),
    ("approve if legal agrees", "condition"),
    ("Approved, if legal agrees", "condition"),
    ("Approved\nif legal agrees", "condition"),
    ("Approved, provided that legal agrees", "condition"),
    ("Approved (subject to legal)", "condition"),
    ("Approved, not before Monday", "condition"),
    ("approve, but not on Friday", "condition"),
    ("Approved.\nBut not before Monday.", "condition"),
    ("Approved, only for staging", "condition"),
    ("Genehmigt, aber erst ab Montag", "condition"),
    ("Approuvé, mais pas avant lundi", "condition"),
    ("Approved, except the travel", "condition"),
    ("Approved. Only if legal agrees.", "condition"),
    ("Approved\n\nUnless legal objects.", "condition"),
    ("Genehmigt, wenn das Datum stimmt", "condition"),
    ("Approuvé, si le budget tient", "condition"),
    ("Aprobado, siempre que cambie la fecha", "condition"),
    ("Одобрено, если дата изменится", "condition"),
    ("如果可以,批准", "condition"),
    ("approve reject", "two_answers"),
    ("approve/reject", "two_answers"),
    ("Approve or reject", "two_answers"),
    ("yes/no", "two_answers"),
    ("approve\nreject", "two_answers"),
    ("no, approved", "two_answers"),
    ("Yes.\nNo.", "two_answers"),
    ("Approved. Actually I reject it.", "two_answers"),
    ("Approved 👎", "two_answers"),
    ("Reject\n\nApproved", "two_answers"),
    ("ok, will look at it", "no_match"),
    ("OK thanks", "no_match"),
    ("Please approve", "no_match"),
    ("Thanks!", "no_match"),
    ("Approval", "no_match"),
    ("Re: approved", "no_match"),
    ("I approve of the idea", "no_match"),
    ("аpprove", "no_match"),
    ("👍", "no_match"),
    ("Yes. But the amount is wrong", "negated"),
    ("Yes. But the amount is too high", "no_match"),
    ("Yes, let me check with legal", "no_match"),
    ("Yes\n\nThis is wrong, please fix the amount first", "negated"),
    ("Yes\n\nThanks,\nPlease fix the amount first", "no_match"),
    ("Yes. Who is this", "no_match"),
    ("YES\n\nWHO IS THIS", "no_match"),
    ("Yes\n\nMaybe", "no_match"),
    ("Yes\n🤔", "no_match"),
    ("はい\n違います", "no_match"),
    ("Approve - sent by mistake", "negated"),
    ("Approve\nsorry wrong mail", "negated"),
    ("Approve\n\nundo", "negated"),
    ("Genehmigt\n\nVersehentlich gesendet", "negated"),
    ("Approved: your ticket #1 was received", "negated"),
    ("1", "no_match"),
    ("tak", "no_match"),
    ("承認お願いします", "no_match"),
]


@pytest.mark.parametrize(
    ("text", "choice", "comment"), CLEAR, ids=[case[0] for case in CLEAR]
)
def test_clear_answer_decides(text: str, choice: str, comment: str | None) -> None:
    """A word that stands by itself decides; the rest is the comment."""
    verdict = read_verdict(text)
    assert (verdict.choice, verdict.reason) == (choice, "clear")
    assert comment is None or verdict.comment == comment


@pytest.mark.parametrize(
    ("text", "reason"), UNCLEAR, ids=[case[0] or "nothing" for case in UNCLEAR]
)
def test_unclear_answer_decides_nothing(text: str, reason: str) -> None:
    """Whatever might be meant otherwise decides nothing and says why."""
    verdict = read_verdict(text)
    assert (verdict.choice, verdict.reason) == (None, reason)


@pytest.mark.parametrize("language", WORDS)
def test_words_of_the_approvers_language_decide(language: str) -> None:
    """Each word of a language means what its table says, to who speaks it."""
    words = WORDS[language]
    said = {
        word: read_verdict(f"{word}.", language=language).choice
        for word in f"{words.approve}|{words.yes}".split("|")
    }
    denied = {
        word: read_verdict(f"{word}.", language=language).choice
        for word in f"{words.reject}|{words.no}".split("|")
    }
    assert set(said.values()) == {"approve"}, said
    assert set(denied.values()) == {"reject"}, denied


@pytest.mark.parametrize("language", WORDS)
def test_word_never_means_the_opposite_to_others(language: str) -> None:
    """Where the language is not known a word means the same or nothing."""
    words = WORDS[language]
    said = f"{words.approve}|{words.yes}".split("|")
    denied = f"{words.reject}|{words.no}".split("|")
    assert {read_verdict(word).choice for word in said} <= {"approve", None}
    assert {read_verdict(word).choice for word in denied} <= {"reject", None}


@pytest.mark.parametrize(
    ("word", "language", "choice"),
    [
        ("tak", "pl", "approve"),
        ("tak", "da", None),
        ("ne", "cs", "reject"),
        ("ne", None, None),
        ("no", "pl", None),
        ("no", "en-GB", "reject"),
        ("nei", "nb", "reject"),
        ("так", "uk", "approve"),
        ("так", "ru", None),
    ],
)
def test_colliding_word_needs_the_language(
    word: str, language: str | None, choice: str | None
) -> None:
    """A word with two meanings counts only to who speaks the language."""
    assert read_verdict(word, language=language).choice == choice


@pytest.mark.parametrize(
    ("text", "choice", "reason"),
    [
        ("Ship it now", "ship", "clear"),
        ("go!", "ship", "clear"),
        ("hold: next week", "hold", "clear"),
        ("1", "ship", "clear"),
        ("#2", "hold", "clear"),
        ("1\ufe0f\u20e3", "ship", "clear"),
        ("👍🏽", "ship", "clear"),
        ("👎", "hold", "clear"),
        ("👍👎", None, "no_match"),
        ("3", None, "no_match"),
        ("2 days", None, "no_match"),
        ("1.", "ship", "clear"),
        ("Hi Anna,\n\n1)\n\nThanks\nAda", "ship", "clear"),
        ("1. The amount is off", None, "no_match"),
        ("1) please explain", None, "no_match"),
        ("1. Please send the quote first", None, "no_match"),
        ("1.5 million is too much", None, "no_match"),
        ("1. Das ist zu teuer.", None, "no_match"),
        ("2. The amount is off", None, "no_match"),
        ("1.\nThe amount is off", None, "no_match"),
        ("👍\nThe amount is off", None, "no_match"),
        ("approve", None, "no_match"),
        ("ship, hold back", None, "two_answers"),
        ("ship it now if it is dry", None, "condition"),
    ],
)
def test_custom_choices_are_named(text: str, choice: str | None, reason: str) -> None:
    """Own choices go by their words, label, id, emoji or number."""
    verdict = read_verdict(text, SHIP)
    assert (verdict.choice, verdict.reason) == (choice, reason)


def test_longer_choice_wins() -> None:
    """A choice whose words begin with another's is not that other."""
    choices = ("approve", "approve_with_changes", "reject")
    verdict = read_verdict("Approve with changes", choices)
    assert verdict.choice == "approve_with_changes"


def test_fields_are_taken_out() -> None:
    """Lines of asked fields are values, not comment."""
    text = "Approved\nAmount: 500\nnote: blue"
    verdict = read_verdict(text, fields=("amount",))
    assert (verdict.choice, verdict.comment) == ("approve", "note: blue")
    assert verdict.fields == {"amount": "500"}


def test_field_given_twice_decides_nothing() -> None:
    """Two values of one field contradict each other."""
    text = "amount: 5\nApproved\namount: 6"
    verdict = read_verdict(text, fields=("amount",))
    assert (verdict.choice, verdict.reason) == (None, "bad_field")
    assert list(verdict.problems) == ["amount"]


@pytest.mark.parametrize(
    ("html", "plain", "choice"),
    [
        ("Approved", "Approved, thanks", "approve"),
        ("Approve", "Reject", None),
        ("Approve", "I would approve if the date changes", None),
        ("Approve", "", None),
        ("", "Approve", None),
        ("\x1aApprove", "Approve", None),
    ],
)
def test_both_bodies_must_decide_alike(
    html: str, plain: str, choice: str | None
) -> None:
    """Two readings of one mail decide only what each of them decides alone."""
    assert read_verdict(f"{html}\n{PART_BREAK}\n{plain}").choice == choice


def test_break_between_bodies_is_no_comment() -> None:
    """The sign between two bodies is not shown."""
    verdict = read_verdict(f"Please\n{PART_BREAK}\n\x1aWhy")
    assert verdict.comment == "Please\n\nWhy"
