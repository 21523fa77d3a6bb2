"""Read the decision that a reply states: a word on its first line, or nothing.

A wrong approval is the worst that can happen, so only an answer that stands by itself
decides, and anything that could take it back makes it unclear.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

from signoff.domain.choices import Choice

from .hedge_words import NEGATIVE_EMOJI, POSITIVE_EMOJI, THANKS
from .hedges import (
    has_negation,
    is_bare_negation,
    is_conditional,
    is_deferred,
    is_later_condition,
    is_later_restriction,
    is_postponed,
    is_restricted,
    is_taken_back,
    negates,
)
from .markup import DOUBTFUL
from .reply import PART_BREAK
from .salutations import below_salutation, is_salutation
from .sentences import Sentence, sentences
from .weak_answers import is_all_said, is_number_alone, is_weak
from .words import Lexicon, emoji_of, fold, fold_all, lexicon

type Reason = Literal[
    "clear",
    "no_match",
    "negated",
    "condition",
    "question",
    "two_answers",
    "bad_field",
    "empty",
]

#: Characters of a reply that are read; who writes more has not written one word.
MAX_READ = 16 * 1024
#: A later question this short asks about the answer itself: "Right?"
TAG_WORDS = 3

_THANKS = sorted(fold_all(THANKS), key=len, reverse=True)
_FIELD = re.compile(r"[ \t*_>-]*([^\W\d][\w .-]{0,63}?)[ \t*_]*[:=\uff1a][ \t*_]*(.*)$")
_ALTERNATIVES = re.compile(r"[/|\\]|\b(?:or|oder|ou|o|of|eller|lub|nebo|или)\b")
_MARKS = " \t\n\u00a0*_\"'\u201d\u00bb.!,;:\u2013\u2014-\u3002\uff01\uff0c\u3001\uff1a)"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reply decides."""

    #: The id of the choice, or None where the reply is unclear.
    choice: str | None
    #: What the person wrote beside the answer.
    comment: str
    #: Why there is a choice, or why not.
    reason: Reason
    #: The values of the fields that were asked for and given.
    fields: dict[str, str] = field(default_factory=dict[str, str])
    #: What is wrong with a field, by its name.
    problems: dict[str, str] = field(default_factory=dict[str, str])


def read_verdict(
    reply_text: str,
    choices: Sequence[str | Choice] = ("approve", "reject"),
    language: str | None = None,
    *,
    fields: Sequence[str] = (),
) -> Verdict:
    """Read the decision from the new text of a reply.

    Args:
        reply_text: What :func:`services.mail_gateway.reply.extract_reply` returned.
        choices: What may be answered: ids, or choices with words of their own.
        language: The approver's language; its words win over other languages'.
        fields: Names whose values may be given on lines ``name: value``.

    Returns:
        The verdict; ``choice`` is None unless ``reason`` is ``clear``.
    """
    words = lexicon(tuple(choices), language)
    parts = reply_text.split(PART_BREAK)
    verdicts = [_read_part(part[:MAX_READ], words, fields) for part in parts]
    return _agreed(verdicts)


def _agreed(verdicts: list[Verdict]) -> Verdict:
    """Return what the HTML and the text of a mail both say."""
    first = verdicts[0]
    answers = {
        (verdict.choice, *sorted(verdict.fields.items())) for verdict in verdicts
    }
    if len(answers) == 1 and first.choice is not None:
        return first
    if len(verdicts) == 1:
        return first
    comments = dict.fromkeys(verdict.comment for verdict in verdicts)
    comment = "\n\n".join(filter(None, comments))
    unclear: list[Reason] = [
        verdict.reason for verdict in verdicts if verdict.choice is None
    ]
    reason: Reason = unclear[0] if unclear else "two_answers"
    return Verdict(None, comment, reason, first.fields, first.problems)


def _read_part(text: str, words: Lexicon, fields: Sequence[str]) -> Verdict:
    lines, given, problems = _take_fields(text.replace(DOUBTFUL, ""), fields)
    body = below_salutation("\n".join(lines), words.every)
    if not any(line.strip() for line in body):
        return Verdict(None, "", "empty", given, problems)
    choice, reason = _judge(body, words)
    if DOUBTFUL in text:
        choice, reason = None, "no_match"
    if choice and problems:
        choice, reason = None, "bad_field"
    comment = _comment(body, words) if choice else "\n".join(body).strip()
    return Verdict(choice, comment, reason, given, problems)


def _take_fields(
    text: str, names: Sequence[str]
) -> tuple[list[str], dict[str, str], dict[str, str]]:
    """Take the lines ``name: value`` out of a text."""
    lines = text.split("\n")
    if not names:
        return lines, {}, {}
    known = {fold(name): name for name in names}
    rest: list[str] = []
    given: dict[str, str] = {}
    problems: dict[str, str] = {}
    for line in lines:
        match = _FIELD.match(line[:2048])
        name = known.get(fold(match[1])) if match else None
        if match is None or name is None:
            rest.append(line)
        elif given.setdefault(name, match[2].strip()) != match[2].strip():
            problems[name] = "given twice with different values"
    return rest, given, problems


def _judge(lines: list[str], words: Lexicon) -> tuple[str | None, Reason]:
    found = sentences(lines)
    while len(found) > 1 and _only_greets(found[0], words):
        found = found[1:]
    first = _without_greeting(found[0], words) if found else None
    if first is None:
        return None, "no_match"
    answer = _answer(first, words)
    if answer is None or (answer.isdecimal() and not is_number_alone(lines)):
        return None, _why_unclear(first, words)
    choice = words.heads[answer]
    if first.is_question or _asks_back(found[1:], words):
        return None, "question"
    objections = chain(
        _objections(choice, first, words),
        *(_later_objections(choice, sentence, words) for sentence in found[1:]),
    )
    if objection := next(objections, None):
        return None, objection
    weak = is_weak(answer, words) and (choice in words.positive or answer.isdecimal())
    if weak and not is_all_said(answer, [first, *found[1:]], words):
        return None, "no_match"
    return choice, "clear"


def _only_greets(sentence: Sentence, words: Lexicon) -> bool:
    segments = sentence.segments
    return len(segments) == 1 and is_salutation(segments[0], words.every)


def _without_greeting(sentence: Sentence, words: Lexicon) -> Sentence:
    segments = sentence.segments
    while len(segments) > 1 and is_salutation(segments[0], words.every):
        segments = segments[1:]
    return Sentence(sentence.text, segments)


def _answer(sentence: Sentence, words: Lexicon) -> str | None:
    """Return the word of a choice, folded, or its emoji that a sentence begins with."""
    if not sentence.segments:
        return _emoji_answer(sentence.text, words)
    whole = fold(" ".join(sentence.segments))
    if whole in words.heads:
        return whole
    first = sentence.segments[0]
    head = fold(first)
    if not head:
        return _emoji_answer(first, words)
    if head in words.heads:
        return head if head not in words.alone else None
    thanked = _without_thanks(head, words)
    return thanked if thanked in words.heads else None


def _emoji_answer(text: str, words: Lexicon) -> str | None:
    found = [char for char in emoji_of(text) if char in words.heads]
    return found[0] if len({words.heads[char] for char in found}) == 1 else None


def _without_thanks(head: str, words: Lexicon) -> str:
    for thanks in _THANKS:
        if head.endswith(f" {thanks}"):
            rest = head.removesuffix(thanks).strip()
            return "" if rest in words.alone else rest
    return ""


def _why_unclear(sentence: Sentence, words: Lexicon) -> Reason:
    if sentence.is_question:
        return "question"
    if _offers_both(sentence.text, words):
        return "two_answers"
    folded = fold(sentence.text)
    answers = words.every
    if answers.stand_in(folded) and is_conditional(sentence):
        return "condition"
    if negates(sentence.text, answers) or any(
        map(is_bare_negation, sentence.segments[:1])
    ):
        return "negated"
    named = {choice for choice, named in words.named.items() if named.stand_in(folded)}
    return "two_answers" if len(named) > 1 else "no_match"


def _offers_both(text: str, words: Lexicon) -> bool:
    """Tell whether a text leaves the choice open: "yes/no"."""
    named = {words.heads.get(fold(part)) for part in _ALTERNATIVES.split(text)}
    return len(named - {None}) > 1


def _objections(choice: str, sentence: Sentence, words: Lexicon) -> Iterator[Reason]:
    """Yield what takes an answer back within its own sentence."""
    rest = _beside_answer(sentence, words)
    if _takes_other_side(choice, sentence.text, words):
        yield "two_answers"
    if any(_names_other(choice, segment, words) for segment in rest):
        yield "two_answers"
    if is_conditional(Sentence("\n".join(rest), rest)):
        yield "condition"
    if choice in words.positive:
        yield from _doubts(choice, sentence, words)


def _beside_answer(sentence: Sentence, words: Lexicon) -> tuple[str, ...]:
    """Return the segments after the answer, none where all of them are the answer."""
    whole = fold(" ".join(sentence.segments)) in words.heads
    return () if whole else sentence.segments[1:]


def _doubts(choice: str, sentence: Sentence, words: Lexicon) -> Iterator[Reason]:
    """Yield what keeps a yes from being one; a no may well deny the yes."""
    rest = _beside_answer(sentence, words)
    tail = " ".join(rest)
    if is_restricted(tail):
        yield "condition"
    if is_postponed(tail) or is_taken_back(tail) or any(map(is_bare_negation, rest)):
        yield "negated"
    if negates(tail, words.strong[choice]):
        yield "negated"
    weak = bool(rest) and _is_weak(sentence, choice, words)
    if weak and (has_negation(tail) or is_deferred(tail)):
        yield "negated"
    if _speaks_for_other(choice, tail, words):
        yield "two_answers"


def _is_weak(sentence: Sentence, choice: str, words: Lexicon) -> bool:
    """Tell whether the answer is a mere "yes", which might answer something else."""
    return fold(sentence.segments[0]) not in words.strong[choice].words


def _later_objections(
    choice: str, sentence: Sentence, words: Lexicon
) -> Iterator[Reason]:
    """Yield what takes an answer back in the text below it."""
    texts = (sentence.text, *sentence.segments[:1])
    if any(_names_other(choice, text, words) for text in texts):
        yield "two_answers"
    if is_later_condition(sentence):
        yield "condition"
    if choice not in words.positive:
        return
    if is_later_restriction(sentence):
        yield "condition"
    if is_postponed(sentence.text) or is_taken_back(sentence.text):
        yield "negated"
    if negates(sentence.text, words.strong[choice]):
        yield "negated"
    if any(map(is_bare_negation, sentence.segments[:1])):
        yield "negated"
    if _takes_other_side(choice, sentence.text, words):
        yield "two_answers"
    if _speaks_for_other(choice, sentence.text, words):
        yield "two_answers"


def _names_other(choice: str, segment: str, words: Lexicon) -> bool:
    named = words.heads.get(fold(segment))
    return named is not None and named != choice


def _speaks_for_other(choice: str, text: str, words: Lexicon) -> bool:
    folded = fold(text)
    return any(
        strong.stand_in(folded)
        for other, strong in words.strong.items()
        if other != choice
    )


def _takes_other_side(choice: str, text: str, words: Lexicon) -> bool:
    """Tell whether an emoji contradicts the word beside it."""
    emoji = set(emoji_of(text))
    named = {words.heads[char] for char in emoji if char in words.heads}
    against = NEGATIVE_EMOJI if choice in words.positive else POSITIVE_EMOJI
    return bool(named - {choice}) or bool(emoji & against)


def _asks_back(later: list[Sentence], words: Lexicon) -> bool:
    """Tell whether a later question doubts the answer: "Right?", "Or reject?"."""
    for sentence in later:
        if not sentence.is_question:
            continue
        folded = fold(sentence.text)
        if len(folded.split()) <= TAG_WORDS or words.every.stand_in(folded):
            return True
    return False


def _comment(lines: list[str], words: Lexicon) -> str:
    """Return what stands beside the answer: after it and on the lines below."""
    first, below = lines[0], "\n".join(lines[1:])
    for segment in sentences(lines)[0].segments:
        at = first.find(segment)
        if at >= 0 and (fold(segment) or emoji_of(segment)) in words.heads:
            rest = first[at + len(segment) :].lstrip(_MARKS)
            return f"{rest}\n{below}".strip()
    return below.strip()
