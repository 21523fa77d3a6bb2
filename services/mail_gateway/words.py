"""Fold words so that they compare, and know which choice each word stands for."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from signoff.domain.choices import Choice

from .decision_words import ALONE, LOCAL, MISLEADING, WORDS

#: Ids that mean a refusal where a choice is given by its id alone.
_NEGATIVE_IDS = frozenset({"reject", "deny", "decline", "refuse", "no", "disapprove"})
#: Words of the longest answer that is looked for inside a text.
LONGEST = 4
#: Longer texts are folded each time: remembering them would cost memory.
WORD_LENGTH = 64

_STANDARD = frozenset({"approve", "reject"})
_SAME_LANGUAGE = {
    "nb": "no",
    "nn": "no",
    "iw": "he",
    "in": "id",
    "tl": "fil",
    "bs": "hr",
}
_LETTERS = str.maketrans(
    {"\u0131": "i", "ł": "l", "ø": "o", "đ": "d", "\u017f": "s", "ـ": None}
)
_DROPPED = re.compile(
    "[\u0300-\u036f\u064b-\u0652'\u2019\u2018\u02bc`\u00b4\u200b-\u200f\u2060\ufeff\u00ad]"
)
_NO_WORD = re.compile(r"[^\w\u0900-\u0dff\u0e00-\u0eff]+|_+")


def fold(text: str) -> str:
    """Return the words of a text, comparable: no case, accents, marks or emoji."""
    return _fold_word(text) if len(text) <= WORD_LENGTH else _fold(text)


@lru_cache(maxsize=8192)
def _fold_word(text: str) -> str:
    return _fold(text)


def _fold(text: str) -> str:
    folded = unicodedata.normalize(
        "NFKD", unicodedata.normalize("NFKC", text).casefold()
    )
    folded = _DROPPED.sub("", folded.translate(_LETTERS))
    folded = unicodedata.normalize("NFC", folded)
    return _NO_WORD.sub(" ", folded).strip()


def emoji_of(text: str) -> str:
    """Return the emoji of a text, without variation selectors and skin tones."""
    return "".join(
        char
        for char in text
        if unicodedata.category(char) == "So" or "\U0001f300" <= char <= "\U0001f3fa"
    )


def fold_all(words: str) -> frozenset[str]:
    """Fold a ``|``-separated list."""
    return frozenset(filter(None, map(fold, words.split("|"))))


@dataclass(frozen=True, slots=True)
class Answers:
    """Folded words that answer, ready to be looked for."""

    #: All of them.
    words: frozenset[str]
    #: Those of languages without spaces, found inside a text.
    unspaced: tuple[str, ...]

    @classmethod
    def of(cls, words: Iterable[str]) -> Self:
        """Collect words; an emoji is none."""
        kept = frozenset(word for word in words if fold(word))
        return cls(kept, tuple(sorted(filter(is_unspaced, kept), key=len)))

    def stand_in(self, folded: str) -> bool:
        """Tell whether folded text has one of them."""
        words = folded.split()
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + LONGEST) + 1):
                if " ".join(words[start:end]) in self.words:
                    return True
        return any(word in folded for word in self.unspaced)


def is_unspaced(word: str) -> bool:
    """Tell whether a word of more than one sign is in a script without spaces."""
    return len(word) > 1 and any(
        "\u0e00" <= char <= "\u0eff" or char >= "\u3040" for char in word
    )


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one request, for an approver of one language."""

    #: Folded word or emoji to the id of the choice it stands for.
    heads: dict[str, str]
    #: Words that only a decision uses, per choice id: they count within a sentence.
    strong: dict[str, Answers]
    #: All words of each choice.
    named: dict[str, Answers]
    #: All words.
    every: Answers
    #: Words that count only alone on their line.
    alone: frozenset[str]
    #: Words that may answer something else than the request: they decide only where
    #: nothing else is said.
    weak: frozenset[str]
    #: Ids of the choices that say yes.
    positive: frozenset[str]


@lru_cache(maxsize=256)
def lexicon(choices: tuple[str | Choice, ...], language: str | None) -> Lexicon:
    """Collect the words of a request's choices."""
    heads: dict[str, str] = {}
    strong: dict[str, frozenset[str]] = {}
    clashing: set[str] = set()
    weak = _weak(language)
    own = [(_identifier(choice), _own_words(choice)) for choice in choices]
    for identifier, words in own:
        strong[identifier] = frozenset(words)
        _claim(heads, clashing, identifier, words)
    for identifier, _ in own:
        general = _general(identifier, language)
        strong[identifier] |= general - weak
        _claim(heads, clashing, identifier, general - _owned_elsewhere(own, identifier))
    for word in clashing:
        heads.pop(word, None)
    _number(heads, [identifier for identifier, _ in own])
    taken = frozenset(word for _, words in own for word in words)
    positive = frozenset(_identifier(choice) for choice in choices if _is_yes(choice))
    return Lexicon(
        heads=heads,
        strong={name: Answers.of(words) for name, words in strong.items()},
        named={name: Answers.of(_standing_for(heads, name)) for name in strong},
        every=Answers.of(heads),
        alone=fold_all(ALONE) - taken,
        weak=weak,
        positive=positive,
    )


def _standing_for(heads: dict[str, str], identifier: str) -> set[str]:
    return {word for word, named in heads.items() if named == identifier}


def _owned_elsewhere(own: list[tuple[str, set[str]]], identifier: str) -> set[str]:
    return {word for other, words in own if other != identifier for word in words}


def _claim(
    heads: dict[str, str], clashing: set[str], identifier: str, words: Iterable[str]
) -> None:
    for word in words:
        if heads.setdefault(word, identifier) != identifier:
            clashing.add(word)


def _identifier(choice: str | Choice) -> str:
    return choice if isinstance(choice, str) else choice.id


def _is_yes(choice: str | Choice) -> bool:
    if isinstance(choice, str):
        return choice.casefold() not in _NEGATIVE_IDS
    return choice.positive


def _own_words(choice: str | Choice) -> set[str]:
    """Fold the id, label and words of a choice; an emoji is a word of its own."""
    if isinstance(choice, str):
        words = [choice]
    else:
        words = [choice.id, choice.label, *choice.words]
    return {fold(word) or emoji_of(word) for word in words} - {""}


def _number(heads: dict[str, str], identifiers: list[str]) -> None:
    """Let custom choices be named by their place in the list, from 1."""
    if set(identifiers) <= _STANDARD:
        return
    numbers = [str(number) for number in range(1, len(identifiers) + 1)]
    if not any(number in heads for number in numbers):
        heads.update(zip(numbers, identifiers, strict=True))


def _primary(language: str | None) -> str:
    primary = re.split(r"[-_]", (language or "").casefold())[0]
    return _SAME_LANGUAGE.get(primary, primary)


def _general(identifier: str, language: str | None) -> frozenset[str]:
    """Return the words of all languages for ``approve`` or ``reject``."""
    if identifier not in _STANDARD:
        return frozenset()
    primary = _primary(language)
    everywhere = _everywhere()[identifier] - MISLEADING.get(primary, frozenset())
    other = _everywhere()["reject" if identifier == "approve" else "approve"]
    own_other = _of_language(
        primary, "reject" if identifier == "approve" else "approve"
    )
    own = _of_language(primary, identifier)
    return own | (everywhere - other - own_other)


@lru_cache(maxsize=1)
def _everywhere() -> dict[str, frozenset[str]]:
    local = fold_all(LOCAL)
    return {
        identifier: frozenset[str]().union(
            *(_of_language(language, identifier) for language in WORDS)
        )
        - local
        | (fold_all(ALONE) if identifier == "approve" else frozenset())
        for identifier in _STANDARD
    }


@lru_cache(maxsize=128)
def _of_language(language: str, identifier: str) -> frozenset[str]:
    words = WORDS.get(language)
    if words is None:
        return frozenset()
    if identifier == "approve":
        return fold_all(f"{words.approve}|{words.yes}")
    return fold_all(f"{words.reject}|{words.no}")


@lru_cache(maxsize=128)
def _weak(language: str | None) -> frozenset[str]:
    """Return each language's yes and no, and what merely acknowledges."""
    del language
    lists = [f"{words.yes}|{words.no}" for words in WORDS.values()]
    return fold_all("|".join([*lists, ALONE]))
