"""Separate the new text of a plain-text reply from what it quotes."""

import re
from dataclasses import dataclass, field

from .marker import find_marker
from .openings import Opening, find_openings

#: A quoted line at least this long, and its rest on a line without a mark.
WRAP_WIDTH = 70
#: Our own message has more lines than this; fewer with a mark are a damaged quote.
ORIGINAL_LINES = 2
#: Lines of what a program writes above a quotation, and figures of its date.
LAST_WORDS = DATE_FIGURES = 4

_QUOTED = re.compile(r"[ \t\u00a0]*(?:[>\uff1e]|[A-Z]{1,3}>(?:[ \t]|$))")
_BARRED = re.compile(r"[ \t\u00a0]*\|(?:[ \t]|$)")
_RULE = re.compile(r"[ \t>]*(?:[_=*\u2500\u2014-][ \t]?){5,}$")


@dataclass(frozen=True, slots=True)
class Piece:
    """New text without a quotation in it."""

    #: Its lines, without line ends.
    lines: list[str]
    #: Whether a quotation stands right above it.
    below_quote: bool


@dataclass(slots=True)
class NewText:
    """The new parts of a reply, in order."""

    #: Pieces of new text; a quotation stood between two of them.
    parts: list[Piece] = field(default_factory=list[Piece])
    #: Whether anything quoted was left out.
    cut: bool = False

    def add(self, lines: list[str], *, below_quote: bool) -> None:
        """Append a piece, unless it is blank."""
        if any(line.strip() for line in lines):
            self.parts.append(Piece(lines, below_quote))


def split_quotes(text: str) -> NewText:
    """Return the new text of a body whose lines end in a line feed.

    Quoted lines stay only where the writer put them in by hand: no attribution
    stands above them and new text follows.
    """
    marker = find_marker(text)
    if marker is None:
        return _Splitter(text.split("\n")).run()
    return _split_at_marker(text, *marker)


def _split_at_marker(text: str, start: int, end: int) -> NewText:
    line_start = text.rfind("\n", 0, start) + 1
    prefix = text[line_start:start]
    above = text[:start] if any(map(str.isalnum, prefix)) else text[:line_start]
    new = _Splitter(_without_last_words(above.rstrip().split("\n"))).run()
    new.cut = True
    below = text[end:].split("\n")[1:] if _QUOTED.match(prefix) else []
    if sum(map(bool, map(_QUOTED.match, below))) >= ORIGINAL_LINES:
        new.parts += _below_quote(below)
    return new


def _below_quote(lines: list[str]) -> list[Piece]:
    """Read on where the quoted original ends: people also answer below it."""
    splitter = _Splitter(lines)
    splitter.attributed = splitter.below_quote = True
    return splitter.run().parts


def _without_last_words(lines: list[str]) -> list[str]:
    """Drop what a program wrote above our marker in a language we don't know.

    Our message begins with the marker, so a paragraph right above it that ends in a
    colon and holds a figure or an address introduces the quotation.
    """
    if not lines or not lines[-1].rstrip(" \u00a0*_").endswith((":", "\uff1a")):
        return lines
    if find_openings(lines[-LAST_WORDS:]):
        return lines
    for start in range(len(lines) - 1, max(-1, len(lines) - LAST_WORDS), -1):
        if not lines[start].strip():
            break
        words = " ".join(lines[start:])
        if "@" in words or sum(map(str.isdigit, words)) >= DATE_FIGURES:
            return lines[:start]
    return lines


class _Splitter:
    """One walk over the lines, from top to bottom."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.openings = find_openings(lines)
        self.attributed = False
        self.below_quote = False
        self.new = NewText()
        self.piece: list[str] = []

    def run(self) -> NewText:
        index = 0
        while index < len(self.lines):
            opening = self.openings.get(index)
            if self._is_quoted(index):
                index = self._quotation(index)
            elif opening:
                index = self._opening(opening)
            else:
                self.piece.append(self.lines[index])
                index += 1
        self._close_piece()
        return self.new

    def _is_quoted(self, index: int) -> bool:
        line = self.lines[index]
        if _QUOTED.match(line):
            return True
        return self.attributed and bool(_BARRED.match(line))

    def _opening(self, opening: Opening) -> int:
        """Leave out an opening; without marks all that follows is quoted."""
        self._drop_rules()
        if opening.before:
            self.piece.append(opening.before)
        self._close_piece()
        self.attributed = self.below_quote = self.new.cut = True
        following = self._next_filled(opening.end)
        marked = following < len(self.lines) and self._is_quoted(following)
        if following in self.openings and not marked:
            return following
        return opening.end if marked else len(self.lines)

    def _quotation(self, index: int) -> int:
        end = self._quotation_end(index)
        inside = any(at in self.openings for at in range(index, end))
        by_hand = not self.attributed and not inside
        if by_hand and self._text_follows(end):
            self.piece += self.lines[index:end]
        else:
            self._close_piece()
            self.new.cut = self.below_quote = True
        self.attributed = self.attributed or inside
        return end

    def _quotation_end(self, index: int) -> int:
        end = index + 1
        while end < len(self.lines):
            if self._is_quoted(end) or self._is_damage(end):
                end += 1
                continue
            following = self._next_filled(end)
            if following == end or following >= len(self.lines):
                break
            if not self._is_quoted(following):
                break
            end = following
        return end

    def _is_damage(self, index: int) -> bool:
        """Tell whether a line is the rest of a re-wrapped quoted line."""
        above, line = self.lines[index - 1], self.lines[index].strip()
        if not line or not self._is_quoted(index - 1):
            return False
        after = self.lines[index + 1] if index + 1 < len(self.lines) else ""
        if not _QUOTED.match(after):
            return False
        if above.count("(") > above.count(")") and ")" in line:
            return True
        if line.startswith(("(http", "<http", "http")):
            return True
        word = line.split(maxsplit=1)[0]
        full = len(above) + 1 + len(word) >= WRAP_WIDTH
        return full and line[0].islower() and " " in line and above[-1] != "?"

    def _text_follows(self, index: int) -> bool:
        """Tell whether new text, not a signature or a rule, stands below."""
        following = self._next_filled(index)
        if following >= len(self.lines):
            return False
        if following in self.openings:
            return any(line.strip() for line in self.piece)
        line = self.lines[following].strip()
        return line not in {"--", "—"} and not _RULE.match(line)

    def _next_filled(self, index: int) -> int:
        while index < len(self.lines) and not self.lines[index].strip():
            index += 1
        return index

    def _drop_rules(self) -> None:
        """Take back the dashes that stood above an opening."""
        while self.piece:
            line = self.piece[-1]
            if line.strip() and not _RULE.match(line):
                return
            self.piece.pop()

    def _close_piece(self) -> None:
        self.new.add(self.piece, below_quote=self.below_quote)
        self.piece = []
