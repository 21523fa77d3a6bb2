"""Find where a mail program opens a quotation: attributions, rules, header blocks.

An *opening* is the line or lines that a mail program writes above what it quotes.
Every finder looks at a bounded number of neighbouring lines, so the work is linear
in the length of the text.
"""

import re
from dataclasses import dataclass

from .header_blocks import header_block_end
from .quote_words import (
    FORWARD_LINES,
    INLINE_OPENERS,
    MESSAGE_STEMS,
    OPENERS,
    WROTE,
)

#: An attribution is wrapped over at most this many lines, blank ones included.
WRAP_LINES = 6
#: Longer joined text is prose, not an attribution.
MAX_ATTRIBUTION = 420

_SPACES = " \t*_\u00a0\u200e\u200f"
_QUOTE_MARKS = _SPACES + ">|"
_WROTE = "|".join(sorted(map(re.escape, WROTE), key=len, reverse=True))
_WROTE_WORD = re.compile(rf"(?:(?<=[\W\d])|^)(?:{_WROTE})(?!\w)", re.IGNORECASE)
_CJK_WROTE = re.compile("写道|寫道|のメッセージ|のメール|작성|書きました|썼습니다")
_WROTE_COLON = re.compile(rf"(?:{_WROTE})[ \t\u00a0]*[:\uff1a]", re.IGNORECASE)
_WROTE_DASHES = re.compile(rf"(?:{_WROTE})[ \t]*-{{2,}}$", re.IGNORECASE)
_COLONS = (":", "\uff1a")
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,255}")
_DATE = re.compile(
    r"\d{1,4}\s?[./年-]\s?\d{1,2}\s?[./月-]\s?\d{1,4}|\d{1,2}[:.h]\d{2}(?!\d)"
    r"|(?<!\d)(?:19|20|25)\d{2}(?!\d)|\d{1,2}月\d{1,2}日"
)
_ANGLED = re.compile(r"<[^\s<>@]{1,64}@[^\s<>@]{1,255}>")
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}(?!\d)")
_ABBREVIATED = re.compile(r"\s[^\W\d_]{1,4}\.$")
_DATE_START = re.compile(
    r"(?:[^\W\d]{2,12}[.,]?,?\s{1,3}){0,2}\d{1,4}(?:[./:年-]|\.?,?\s)"
)
_ISO_AUTHOR = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s+(?:\d{1,2}:\d{2}(?::\d{2})?\s+)?"
    r"(?:(?:GMT|UTC)[+-]?[\d:]*\s+[^\d@:.!?]{1,60}|[^<>:]{0,80}<[^<>\s@]+@[^<>\s]+>:?)$"
)
_RULED = re.compile(r"[-_=~*]{2,}\s*([^-_=~*\s].{1,60}?)\s*[-_=~*]{2,}[.:]?$")
_INLINE = re.compile(
    rf"(?:-{{2,}}\s*|(?<![\w-]))(?:{'|'.join(INLINE_OPENERS)})\s+"
    r"(?:[^\W\d]{2,10}[.,]?,?\s+){0,2}\d"
)
_FIRST_PERSON = frozenset({"i", "we", "ich", "wir", "je", "nous", "yo", "ik"})


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens a quotation."""

    #: Index of the first line after the opening.
    end: int
    #: New text that shares the first line with the opening.
    before: str = ""
    #: Whether quoted text follows on the opening's own last line.
    shares_line: bool = False
    #: Whether it introduces an answer; else a copied header block or a rule.
    attribution: bool = True


def find_openings(lines: list[str]) -> dict[int, Opening]:
    """Map the index of each opening's first line to the opening."""
    found: dict[int, Opening] = {}
    covered = 0
    bare = [line.lstrip(_QUOTE_MARKS).rstrip(_SPACES) for line in lines]
    for index, line in enumerate(bare):
        if index < covered or not line:
            continue
        start, opening = _opening_at(lines, bare, index)
        if opening and start >= covered:
            found[start] = opening
            covered = opening.end
    return found


def _opening_at(
    lines: list[str], bare: list[str], index: int
) -> tuple[int, Opening | None]:
    line = bare[index]
    if line[0] in "-_=~*" and is_message_rule(line):
        return index, Opening(index + 1, attribution=False)
    if line[0].isdigit() and _ISO_AUTHOR.match(line):
        return index, Opening(index + 1)
    if ":" not in line and "\uff1a" not in line and not line.endswith("--"):
        return index, None
    if end := header_block_end(lines, index):
        return index, Opening(end, attribution=False)
    if _is_forward_line(line):
        return index, Opening(index + 1, attribution=False)
    return _attribution(bare, index)


def is_message_rule(line: str) -> bool:
    """Tell whether a line is like ``-----Original Message-----``."""
    ruled = _RULED.match(line)
    if not ruled or len(line) > MAX_ATTRIBUTION:
        return False
    phrase = ruled[1].casefold()
    return any(stem in phrase for stem in MESSAGE_STEMS) and not _DATE.search(phrase)


def _is_forward_line(line: str) -> bool:
    return line.rstrip(" :\uff1a").casefold() in FORWARD_LINES


def _attribution(bare: list[str], index: int) -> tuple[int, Opening | None]:
    line = bare[index]
    if len(line) > MAX_ATTRIBUTION:
        return index, None
    if line.endswith((*_COLONS, "--")):
        start = _attribution_start(bare, index)
        if start is not None and _is_closed(bare[start : index + 1]):
            return start, Opening(index + 1, _before(bare[start]))
    return _shared_line(bare, index)


def _is_closed(lines: list[str]) -> bool:
    """Tell whether an attribution ends as one does: a colon, or "wrote ----"."""
    return lines[-1].endswith(_COLONS) or bool(_WROTE_DASHES.search(" ".join(lines)))


def _shared_line(bare: list[str], index: int) -> tuple[int, Opening | None]:
    """Read ``… wrote: quoted text`` and ``reply On … wrote:``."""
    line = bare[index]
    wrote = _WROTE_COLON.search(line)
    if not wrote:
        return index, None
    head, tail = line[: wrote.end()], line[wrote.end() :].strip()
    if _reads_as_attribution(head):
        return index, Opening(index + 1, _before(head), shares_line=bool(tail))
    inline = _INLINE.search(head, max(0, wrote.start() - 250))
    if inline and _reads_as_attribution(head[inline.start() :].lstrip("- ")):
        return index, Opening(
            index + 1, head[: inline.start()].strip(), shares_line=bool(tail)
        )
    return index, None


def _before(first_line: str) -> str:
    """Return the new text in front of an attribution that starts inside a line."""
    inline = _INLINE.search(first_line[:MAX_ATTRIBUTION])
    return first_line[: inline.start()].strip() if inline else ""


def _attribution_start(bare: list[str], index: int) -> int | None:
    """Find the first line of the attribution that ends at ``index``."""
    joined, best = "", None
    for start in range(index, max(-1, index - WRAP_LINES), -1):
        line = bare[start]
        dangling = joined.startswith(("<", "mailto", "wrote"))
        if not line and dangling:
            continue
        if not line or len(joined) + len(line) > MAX_ATTRIBUTION:
            break
        if start < index and _ends_sentence(line):
            break
        leads = best is not None and _leads_into(line, joined)
        joined = f"{line} {joined}".strip()
        opens = _opens(line.lstrip("- "))
        if (best is None or opens or dangling or leads) and _reads_as_attribution(
            joined
        ):
            best = start
    return best


def _ends_sentence(line: str) -> bool:
    if _ANGLED.search(line) or (_opens(line) and _ABBREVIATED.search(line)):
        return False
    return line.endswith((*_COLONS, ".", "!", "?"))


def _leads_into(line: str, joined: str) -> bool:
    """Tell whether a line is the wrapped beginning of an attribution.

    Its author's address stands there, or the time that the rest does not have.
    """
    if _ANGLED.search(line):
        return not _ANGLED.search(joined)
    return bool(_TIME.search(line[-16:])) and not _DATE.search(joined)


def _reads_as_attribution(joined: str) -> bool:
    text = joined.strip("-\u2014\u2013 >")
    address, date = _ADDRESS.search(text), _DATE.search(text)
    if not address and not date:
        return False
    body = text.rstrip(":\uff1a ->")
    if _WROTE_WORD.search(body) or _CJK_WROTE.search(body):
        return _names_an_author(text, body, bool(address))
    if not address or not date or _is_first_person(body):
        return False
    return text.endswith(_COLONS) or (_opens(text) and body.endswith((">", address[0])))


def _names_an_author(text: str, body: str, has_address: bool) -> bool:
    if _is_first_person(body):
        return False
    if _opens(text) or has_address:
        return True
    head = " ".join(body.split(maxsplit=6)[:5])
    return bool(_WROTE_WORD.search(head)) and not _WROTE_WORD.match(body)


def _opens(line: str) -> bool:
    """Tell whether a line starts as attributions do: a date or "On"."""
    if _DATE_START.match(line):
        return True
    word, _, rest = line.partition(" ")
    return word.casefold().rstrip(",") in OPENERS and any(
        character.isdigit() for character in rest[:60]
    )


def _is_first_person(body: str) -> bool:
    return body.partition(" ")[0].casefold() in _FIRST_PERSON
