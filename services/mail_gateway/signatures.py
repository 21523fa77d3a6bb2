"""Take signatures, phone lines and disclaimers off the new text of a reply."""

import re

from .hedges import is_hedged
from .signature_words import (
    CLOSINGS,
    DEVICES,
    DISCLAIMERS,
    SENT_FROM,
    SENT_FROM_ENDS,
)

#: A phone line is short; a sentence that happens to begin so is not.
PHONE_LINE_WORDS = 9
PHONE_LINE_LENGTH = 300
#: Lines that may follow a closing phrase: name, title, company, numbers.
CLOSING_LINES = 8
#: Characters of such a line.
NAME_LINE = 60

_DELIMITER = re.compile(r"[ \t\u00a0]*(?:--|\u2014|__+|\u2013\u2013)[ \t\u00a0]*$")
_DASHED_NAME = re.compile(r"-{1,2}[ ]?[^\W\d_][^\W_]*\.?(?:[ ][^\W\d_]+\.?){0,2}$")
_LINK = re.compile(r"[<(\[]?https?://[^\s>)\]]*[>)\]]?")
_SPACES = " \t\u00a0\u200e\u200f\u202a\u202b\u202c\u2066-\u2069"
_EDGES = _SPACES + "*_~-\u2013\u2014.!>[]()"


def strip_signature(
    lines: list[str], *, closings: bool = False, below_quote: bool = False
) -> list[str]:
    """Return the lines of one piece of new text without what signs it.

    Args:
        lines: The piece, without line ends.
        closings: Whether "Best regards" and what follows goes too.
        below_quote: Whether a quotation stands above: "-- " is then no text.
    """
    lines = _without_delimited(lines, below_quote)
    lines = _without_phone_lines(lines)
    lines = _without_disclaimer(lines)
    if closings:
        lines = _without_closing(lines)
    return lines


def is_phone_line(line: str) -> bool:
    """Tell whether a mail program added the line: "Sent from my iPhone"."""
    if len(line) > PHONE_LINE_LENGTH:
        return False
    bare = _LINK.sub("", line).strip(_EDGES).casefold().removeprefix("and ")
    words = bare.split()
    if not words or len(words) > PHONE_LINE_WORDS:
        return False
    if not (bare.startswith(SENT_FROM) or bare.endswith(SENT_FROM_ENDS)):
        return False
    return "," not in bare and any(device in bare for device in DEVICES)


def _without_delimited(lines: list[str], below_quote: bool) -> list[str]:
    """Cut at the first "-- " outside of a code fence that has something above it."""
    fenced = False
    for index, line in enumerate(lines):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif (
            not fenced
            and _DELIMITER.match(line)
            and (below_quote or _has_text(lines[:index]))
        ):
            return lines[:index]
    return lines


def _without_phone_lines(lines: list[str]) -> list[str]:
    """Cut at a phone line; what a program puts below it is not marked as a quote."""
    start, has_text = 0, False
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        if not is_phone_line(line):
            has_text = True
        elif has_text:
            return lines[start:index]
        else:
            start = index + 1
    return lines[start:]


def _without_disclaimer(lines: list[str]) -> list[str]:
    for index, line in enumerate(lines):
        if index == 0 or lines[index - 1].strip():
            continue
        start = line.strip(_EDGES).casefold()[:60]
        if start.startswith(DISCLAIMERS) and _has_text(lines[:index]):
            return lines[:index]
    return lines


def _without_closing(lines: list[str]) -> list[str]:
    """Cut at a closing phrase near the end, or at a last line like "-Anna"."""
    filled = [index for index, line in enumerate(lines) if line.strip()]
    for index in filled[: -CLOSING_LINES - 1 : -1]:
        line = lines[index].strip()
        if index == filled[0]:
            break
        if _closes(line) and _signs(lines[index + 1 :]):
            return lines[:index]
    if len(filled) > 1 and _DASHED_NAME.match(lines[filled[-1]].strip()):
        return _without_dashed_name(lines, filled)
    return lines


def _without_dashed_name(lines: list[str], filled: list[int]) -> list[str]:
    """Cut "-Anna", which in a list of several dashes would be an item."""
    above = lines[filled[-2]].lstrip()
    return lines if above.startswith("-") else lines[: filled[-1]]


def _closes(line: str) -> bool:
    return (
        line.strip(_SPACES + ",.!;:-\u2013\uff0c\u3002\uff01\u3001").casefold()
        in CLOSINGS
    )


def _signs(lines: list[str]) -> bool:
    """Tell whether only short lines, as names and numbers are, follow.

    What might take an answer back is no signature.
    """
    filled = [line.strip() for line in lines if line.strip()]
    return all(
        len(line) <= NAME_LINE and not line.endswith("?") and not is_hedged(line)
        for line in filled
    )


def _has_text(lines: list[str]) -> bool:
    return any(line.strip() for line in lines)
