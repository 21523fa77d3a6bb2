"""Find where a reply's greeting ends and what it says begins."""

import re

from .hedge_words import CJK_GREETING_ENDS, CJK_GREETINGS, GREETINGS
from .hedges import has_negation
from .sentences import segments_of
from .words import Answers, fold, fold_all

#: Lines of politeness that may stand above the answer.
MAX_SALUTATIONS = 3
#: Words of a salutation: "Dear Ms. Anna Maria Smith and team".
SALUTATION_WORDS = 8
#: Characters of a line that may be one.
MAX_LINE = 120
#: Characters of a greeting, and of a name with its title, where words are unspaced.
CJK_LINE, CJK_NAME = 20, 12

_GREETINGS = fold_all(GREETINGS)
_CJK_GREETINGS = tuple(CJK_GREETINGS.split("|"))
_CJK_GREETING_ENDS = tuple(CJK_GREETING_ENDS.split("|"))
_BANNER = re.compile(
    r"\W*(?:external|extern|externe)\b[\w \t/-]{0,30}\W*$", re.IGNORECASE
)
_NAME = re.compile(r"@?[^\W\d_]{1,20}(?:[ .-]{1,2}[^\W\d_]{1,20}){0,3}$")


def below_salutation(text: str, answers: Answers) -> list[str]:
    """Return the lines of a reply without quoted ones and without salutation.

    Args:
        text: The new text of a reply.
        answers: What answers; a line with one of them is no salutation.
    """
    lines = [line for line in text.split("\n") if not line.lstrip().startswith(">")]
    start = _skip_blank(lines, 0)
    for _ in range(MAX_SALUTATIONS):
        if start >= len(lines) or not _is_preamble(lines[start].strip(), answers):
            break
        start = _skip_blank(lines, start + 1)
    return lines[start:] if start < len(lines) else lines


def is_salutation(segment: str, answers: Answers) -> bool:
    """Tell whether what stands before a punctuation only greets or thanks."""
    if _is_cjk_salutation(segment):
        return True
    words = fold(segment).split()
    if not words or len(words) > SALUTATION_WORDS or _says(segment, answers):
        return False
    return any(" ".join(words[:size]) in _GREETINGS for size in (1, 2, 3))


def _says(text: str, answers: Answers) -> bool:
    return answers.stand_in(fold(text)) or has_negation(text)


def _is_preamble(line: str, answers: Answers) -> bool:
    """Tell whether a whole line is a banner or a greeting, perhaps with a name."""
    if len(line) > MAX_LINE or "?" in line:
        return False
    if _BANNER.match(line):
        return True
    segments = segments_of(line)
    if not segments or any(_says(segment, answers) for segment in segments):
        return False
    if not is_salutation(segments[0], answers):
        return len(segments) == 1 and line.endswith(",") and _is_name(segments[0])
    return all(
        _is_name(segment) or is_salutation(segment, answers) for segment in segments[1:]
    )


def _is_name(segment: str) -> bool:
    return bool(_NAME.match(segment)) and segment.title() == segment


def _is_cjk_salutation(text: str) -> bool:
    bare = text.strip(" \u3001,\uff0c\u3002!\uff01:\uff1a")
    if len(bare) > CJK_LINE:
        return False
    return bare.startswith(_CJK_GREETINGS) or (
        bare.endswith(_CJK_GREETING_ENDS) and len(bare) <= CJK_NAME
    )


def _skip_blank(lines: list[str], start: int) -> int:
    while start < len(lines) and not lines[start].strip():
        start += 1
    return start
