"""Tell whether a mere "yes" is all that a reply says.

"Yes", "OK", "1" and a thumb may answer anything: they decide a request only where
nothing but politeness and a name stands beside them.
"""

import re

from .hedge_words import HARMLESS, NO_NAMES, POSITIVE_EMOJI, THANKS, TITLE_WORDS
from .sentences import Sentence
from .signature_words import CLOSINGS
from .words import Lexicon, emoji_of, fold, fold_all

#: Words of a line with a name or a title.
NAME_WORDS = 6
#: Words of thanks with a name: "Thanks a lot Anna Maria".
THANKS_WORDS = 5

_COURTESIES = (
    fold_all(THANKS)
    | fold_all(HARMLESS)
    | fold_all("|".join(CLOSINGS))
    | fold_all("please|thanks a lot|thank you very much|thank you so much|of course")
)
_THANKS = tuple(sorted(fold_all(THANKS), key=len, reverse=True))
_NO_NAMES = fold_all(NO_NAMES)
_TITLE_WORDS = fold_all(TITLE_WORDS)
_FRIENDLY = POSITIVE_EMOJI | frozenset("🎉🙏😀😃😄😊🙂")
_NUMBER = re.compile(r"[#(]?[ ]?\d{1,3}[.)#]{0,2}[\ufe0f\u20e3]{0,2}")
_CONTACT = re.compile(r"[\d +()/.-]+|\S+@\S+|(?:https?://|www\.)\S+")


def is_weak(answer: str, words: Lexicon) -> bool:
    """Tell whether an answer, folded, might as well answer something else."""
    return answer in words.weak or answer.isdecimal() or not fold(answer)


def is_number_alone(lines: list[str]) -> bool:
    """Tell whether the first line is a number: "1.", not "1. The amount is wrong"."""
    return bool(_NUMBER.fullmatch(lines[0].strip(" \t\u00a0*_"))) if lines else False


def is_all_said(answer: str, found: list[Sentence], words: Lexicon) -> bool:
    """Tell whether a weak answer has nothing beside it that could mean otherwise.

    Args:
        answer: The folded answer that the first sentence begins with.
        found: The sentences, the one with the answer first.
        words: What answers.

    "Yes, approved, but only the blue ones" is no mere yes: the words of a decision
    beside the weak one make it as strong as they are.
    """
    first = found[0].segments
    beside = () if fold(" ".join(first)) == answer else first[1:]
    said = [*beside, *(part for later in found[1:] for part in later.segments or "-")]
    choice = words.heads[answer]
    for segment in said:
        named = fold(segment)
        if words.heads.get(named) == choice and not is_weak(named, words):
            return True
        if not _is_polite(segment, choice, words):
            return False
    return True


def _is_polite(segment: str, choice: str, words: Lexicon) -> bool:
    """Tell whether a segment repeats the answer, thanks, closes or signs."""
    folded = fold(segment)
    if not folded:
        return set(emoji_of(segment)) <= _FRIENDLY
    if folded in _COURTESIES or words.heads.get(folded) == choice:
        return True
    return _thanks_somebody(segment) or _signs(segment)


def _thanks_somebody(segment: str) -> bool:
    """Recognise "thanks Anna": after the thanks there are only names."""
    folded = fold(segment)
    size = next(
        (len(thanks.split()) for thanks in _THANKS if folded.startswith(f"{thanks} ")),
        0,
    )
    rest = segment.split()[size:]
    return size > 0 and len(rest) <= THANKS_WORDS and _signs(" ".join(rest))


def _signs(segment: str) -> bool:
    """Tell whether a segment is a name, a title, a number or an address."""
    if _CONTACT.fullmatch(segment):
        return True
    words = segment.split()
    if not words or len(words) > NAME_WORDS or fold(segment).startswith(_FIRST):
        return False
    return all(_is_of_name(word) for word in words)


_FIRST = tuple(f"{word} " for word in _TITLE_WORDS)


def _is_of_name(word: str) -> bool:
    folded = fold(word)
    if folded in _TITLE_WORDS or not any(char.isalpha() for char in word):
        return True
    if folded in _NO_NAMES or not word[0].isupper():
        return False
    return len(folded) == 1 or any(char.islower() for char in word)
