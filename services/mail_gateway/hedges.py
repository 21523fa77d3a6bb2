"""Find what keeps an answer from being clear: negations, conditions, postponement."""

import re
from collections.abc import Collection

from .hedge_words import (
    CJK_CONDITIONS,
    CONDITIONS,
    DEFERRED,
    HARMLESS,
    IFS,
    NEGATIONS,
    OFFERS,
    POSTPONED,
    RESTRICTIONS,
    TAKEN_BACK,
)
from .sentences import Sentence
from .words import Answers, fold, fold_all, is_unspaced

#: A negation this many words from an answer turns it round.
NEAR = 3
#: A bare "if" sentence without a main clause is this short at most.
BARE_IF_WORDS = 6
#: Words of a negation that stands alone: "certainly not".
BARE_NOT_WORDS = 2

_NEGATIONS = fold_all(NEGATIONS)
_IFS = fold_all(IFS)
_LEADS = fold_all(
    "but|only|however|and|aber|nur|mais|pero|ma|mas|maar|men|ale|но|de|ama|tylko"
)


def _one_of(words: Collection[str]) -> re.Pattern[str]:
    spaced = [word for word in words if word.isascii() or not is_unspaced(word)]
    unspaced = [word for word in words if word not in spaced]
    bounded = rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(spaced, key=len)))})(?!\w)"
    return re.compile("|".join([bounded, *map(re.escape, unspaced)]))


_POSTPONED = _one_of(fold_all(POSTPONED))
_DEFERRED = _one_of(fold_all(DEFERRED))
_TAKEN_BACK = _one_of(fold_all(TAKEN_BACK))
_HARMLESS = _one_of(fold_all(HARMLESS))
_CONDITIONS = _one_of(fold_all(CONDITIONS))
_RESTRICTIONS = _one_of(fold_all(RESTRICTIONS))
_CJK_CONDITIONS = re.compile(CJK_CONDITIONS)
_OFFERS = re.compile("|".join(map(re.escape, fold_all(OFFERS))))
_CJK_NEGATED = re.compile(
    "[不未没沒非別别勿无無]{word}"
    "|{word}(?:は|を|が|も)?(?:し|でき|いたし|致し|出来|し兼ね|せ|しかね)"
    "(?:ない|ません|ず|ねます|かね)|{word}(?:は|が)?(?:不可|できかね)"
    "|{word}(?:할 수 없|하지|을 하지|안|못|불가)"
    "|(?:안|못|미|불) ?{word}|(?:ไม่|ยังไม่|อย่า) ?{word}"
)


def is_postponed(text: str) -> bool:
    """Tell whether a text puts the answer off or takes it back."""
    return bool(_POSTPONED.search(fold(text)))


def is_taken_back(text: str) -> bool:
    """Tell whether a text says that the answer was a mistake, or no person's."""
    return bool(_TAKEN_BACK.search(fold(text)))


def is_deferred(text: str) -> bool:
    """Tell whether a text behind a mere "yes" promises the answer for later."""
    return bool(_DEFERRED.search(fold(text)))


def is_hedged(text: str) -> bool:
    """Tell whether a text might limit or deny an answer that stands above it."""
    if has_negation(text) or is_postponed(text):
        return True
    return bool(_CONDITIONS.search(fold(text))) or _opens_with_if(text)


def has_negation(text: str) -> bool:
    """Tell whether a text denies anything, "no problem" and its like aside."""
    words = _HARMLESS.sub(" ", fold(text)).split()
    return any(word in _NEGATIONS for word in words)


def is_bare_negation(segment: str) -> bool:
    """Tell whether a segment is no more than "not"."""
    words = fold(segment).split()
    return 0 < len(words) <= BARE_NOT_WORDS and all(
        word in _NEGATIONS for word in words
    )


def negates(text: str, answers: Answers) -> bool:
    """Tell whether a text denies one of the answers: "not approved"."""
    folded = _HARMLESS.sub(" ", fold(text))
    if not answers.stand_in(folded):
        return False
    words = folded.split()
    denied = [at for at, word in enumerate(words) if word in _NEGATIONS]
    if denied and _is_near(words, denied, answers):
        return True
    return _negates_unspaced(folded, answers)


def _is_near(words: list[str], denied: list[int], answers: Answers) -> bool:
    """Look for an answer a few words from a negation."""
    for at in denied:
        window = " ".join(words[max(0, at - NEAR) : at + NEAR + 1])
        if answers.stand_in(window):
            return True
    return False


def _negates_unspaced(folded: str, answers: Answers) -> bool:
    for answer in answers.unspaced:
        if answer in folded:
            pattern = _CJK_NEGATED.pattern.replace("{word}", re.escape(answer))
            if re.search(pattern, folded):
                return True
    return False


def is_conditional(sentence: Sentence) -> bool:
    """Tell whether the sentence makes its answer depend on something."""
    folded = fold(sentence.text)
    if _CONDITIONS.search(folded):
        return True
    if any(_opens_with_if(segment) for segment in sentence.segments):
        return True
    if _CJK_CONDITIONS.search(sentence.text) and not _OFFERS.search(folded):
        return True
    return " if " in f" {folded} " and not _OFFERS.search(folded)


def is_restricted(text: str) -> bool:
    """Tell whether what stands beside a yes limits it: "but not on Friday"."""
    return bool(_RESTRICTIONS.search(fold(text)))


def is_later_restriction(sentence: Sentence) -> bool:
    """Tell whether a sentence below a yes begins by limiting it."""
    folded = fold(sentence.text)
    found = _RESTRICTIONS.search(folded)
    return found is not None and found.start() <= len(folded.partition(" ")[0]) + 1


def is_later_condition(sentence: Sentence) -> bool:
    """Tell whether a sentence below the answer limits it.

    "If you have questions, call me." does not; "Only if legal agrees." does.
    """
    folded = fold(sentence.text)
    words = folded.split()
    first = " ".join(words[:6])
    found = _CONDITIONS.search(first)
    if found and found.start() <= len(words[0]) + 1:
        return True
    if (
        not words
        or words[0] not in _IFS
        or (words[0] == "if" and _OFFERS.search(folded))
    ):
        return False
    return len(words) <= BARE_IF_WORDS and len(sentence.segments) == 1


def _opens_with_if(segment: str) -> bool:
    words = fold(segment).split()
    while words and words[0] in _LEADS:
        words = words[1:]
    if not words[1:] or words[0] not in _IFS:
        return False
    return not _OFFERS.search(" ".join(words))
