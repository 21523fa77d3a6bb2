"""Recognise the block of header lines that Outlook and others put above a quotation."""

import re

from .quote_words import LABELS

#: A block has at most this many lines, wrapped ones included.
BLOCK_LINES = 16
#: Labels on one line that make it a block by itself.
LABELS_IN_A_LINE = 3
#: Longer lines are no header of a message.
MAX_LINE = 1000

_LABEL = re.compile(r"[\s>*_|]*([^\W\d_][^:\uff1a*]{0,24}?)[\s*_]*[:\uff1a](?!//)")
_NAMED = re.compile(r"([^\W\d_]{2,14})[ \t]?:")


def header_block_end(lines: list[str], index: int) -> int:
    """Return the index after the header block that starts at ``index``, or 0.

    A block names who wrote and when, to whom or about what; "From:" alone, or an
    appointment's "Date:" and "Time:", is no block.
    """
    if _labels_in(lines[index]) >= LABELS_IN_A_LINE:
        return index + 1
    first = _kind(lines[index])
    if not first:
        return 0
    kinds, end = _collect(lines, index)
    block = "\n".join(lines[index:end])
    return end if _is_block(kinds, block) else 0


def _is_block(kinds: set[str], block: str) -> bool:
    if "from" in kinds and len(kinds) > 1:
        return bool(kinds & {"sent", "subject"}) or "@" in block
    return {"sent", "to", "subject"} <= kinds


def _collect(lines: list[str], index: int) -> tuple[set[str], int]:
    """Collect the kinds of labels from ``index`` on; wrapped lines may intervene."""
    kinds: set[str] = set()
    end, loose = index, 0
    for at in range(index, min(len(lines), index + BLOCK_LINES)):
        kind = _kind(lines[at])
        if kind:
            kinds.add(kind)
            end, loose = at + 1, 0
            continue
        loose += 1
        if loose > _allowed_gap(lines[at], "subject" in kinds and "from" in kinds):
            break
    return kinds, end


def _allowed_gap(line: str, complete: bool) -> int:
    if complete:
        return 0
    return 1 if not line.strip(" \t>*|") else 2


def _kind(line: str) -> str:
    match = _LABEL.match(line[:80])
    if not match:
        return ""
    label = match[1].replace("\u00a0", " ").strip(" *_").casefold()
    return LABELS.get(label, "")


def _labels_in(line: str) -> int:
    """Count different header labels on one line (some clients join them)."""
    if line.count(":") < LABELS_IN_A_LINE or len(line) > MAX_LINE:
        return 0
    named = {word.casefold() for word in _NAMED.findall(line)}
    kinds = {LABELS.get(word, "") for word in named} - {""}
    return len(kinds)
