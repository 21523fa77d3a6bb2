"""Cut the new text of a reply into the sentences that a verdict is read from."""

import re
from dataclasses import dataclass
from itertools import pairwise

_STOPS = r".!?\u061f\u3002\uff01\uff1f\u0964\u2026"
#: Begins only where a run of stops does: each run is looked at once.
_END = re.compile(
    rf"(?<![{_STOPS}])[{_STOPS}]+(?=[\s\"')\]*_]|[^\x00-\u024f]|$)[\"')\]*_]*"
)
_SEGMENT = re.compile(
    r"[.,!?;:()\[\]{}\"\u2013\u2014\u2026\u3001\u3002\uff0c\uff01\uff1f\uff1b\uff1a"
    r"\u060c\u061b\u061f\u0964\u00bf\u00a1\u00bb\u00ab\u201c-\u201f\n]"
    r"|(?:^|(?<=\s))-+(?=\s|$)|-+$|^-+|--+|->"
)
_QUESTION = re.compile(r"[?\uff1f\u061f\u055e]")
_GREEK = re.compile(r"[\u0370-\u03ff]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the new text."""

    #: As written.
    text: str
    #: Its parts between punctuation, as written, blank ones left out.
    segments: tuple[str, ...]

    @property
    def is_question(self) -> bool:
        """Whether a question mark stands in it (Greek uses the semicolon)."""
        if _QUESTION.search(self.text):
            return True
        return bool(_GREEK.search(self.text)) and self.text.rstrip().endswith(
            (";", "\u037e")
        )


def sentences(lines: list[str]) -> list[Sentence]:
    """Split lines into sentences.

    A sentence goes on over a line end unless the next line is blank or begins anew
    with a capital, a figure or a dash.
    """
    found: list[Sentence] = []
    for paragraph in _paragraphs(lines):
        texts = map(str.strip, _split(paragraph))
        found += [Sentence(text, segments_of(text)) for text in texts if text]
    return found


def _split(paragraph: str) -> list[str]:
    ends = [match.end() for match in _END.finditer(paragraph)]
    return [paragraph[start:end] for start, end in pairwise([0, *ends, len(paragraph)])]


def segments_of(text: str) -> tuple[str, ...]:
    """Split a text at its punctuation and line ends; blank parts are left out."""
    parts = (part.strip() for part in _SEGMENT.split(text))
    return tuple(part for part in parts if part.strip("*_ "))


def _paragraphs(lines: list[str]) -> list[str]:
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        stripped = line.strip()
        if not (paragraphs[-1] and stripped and _goes_on(stripped)):
            paragraphs.append([])
        if stripped:
            paragraphs[-1].append(stripped)
    return ["\n".join(paragraph) for paragraph in paragraphs if paragraph]


def _goes_on(line: str) -> bool:
    return line[0].islower() or line[0] in ",;?!)"
