"""Read what a person newly wrote in a mail, without what it quotes or signs."""

import re

from .markup import DOUBTFUL, html_to_text
from .quotes import split_quotes
from .signatures import strip_signature
from .words import emoji_of, fold, fold_all

#: Characters of a body that are read; a decision stands near one of its ends.
MAX_TEXT = 256 * 1024
#: Lines of a body that are read.
MAX_LINES = 10_000
#: Characters of a text that only points to the HTML.
STUB = 400

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_INVISIBLE = re.compile(
    "[\x00\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]"
)
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&"))
#: Stands between two readings of one reply that must both decide alike.
PART_BREAK = "\x0c"
#: Words of a quotation that one body leaked; fewer might be an answer.
LEAKED_WORDS = 4

_COMPARED = re.compile(r"[^\W_]+|[?\uff1f\u061f\u037e]")
_LINKS = re.compile(r"[<(\[]?(?:https?://|mailto:)[^\s>)\]]*[>)\]]?")
_STUB_WORDS = fold_all(
    "a|an|and|as|been|by|can|cannot|capable|client|clients|compatible|contains|display"
    "|displayed|does|e|email|enable|format|has|have|hypertext|html|if|in|is|it|mail"
    "|mails|message|messages|of|only|open|or|part|please|program|reader|read|see|sent"
    "|software|support|supports|text|that|the|this|to|use|using|version|view|viewed"
    "|viewer|was|which|with|you|your"
)
_STUB_SIGNS = frozenset({"view", "viewer", "client", "reader", "program", "support"})


def extract_reply(text: str, *, html: str | None = None) -> str:
    """Return the text that the sender wrote anew, or ``""``.

    Args:
        text: The plain-text body, decoded; may be blank.
        html: The HTML body, decoded, where there is one.

    Where both exist and differ only by what one of them leaked of a quotation, the
    shorter is right. Otherwise both are returned, the HTML first, with
    :data:`PART_BREAK` between them: what is decided must then be said by each.
    """
    plain = _read(text[:MAX_TEXT])
    if not html or not html.strip():
        return plain
    marked_up = _read_html(html)
    if not text.strip() or _is_stub(plain):
        return marked_up
    if DOUBTFUL in marked_up or not plain or not marked_up:
        return _both(plain, marked_up)
    return _reconcile(plain, marked_up, (text[:MAX_TEXT], _whole_html(html)))


def _both(plain: str, marked_up: str) -> str:
    return f"{marked_up}\n{PART_BREAK}\n{plain}"


def _reconcile(plain: str, marked_up: str, wholes: tuple[str, str]) -> str:
    """Return the body that leaked nothing, or both."""
    folded_plain, folded_html = _fold(plain), _fold(marked_up)
    if folded_plain == folded_html:
        return plain
    if _is_leak(_fold_lines(plain), folded_html, wholes[1]):
        return marked_up
    if _is_leak(_fold_lines(marked_up), folded_plain, wholes[0]):
        return plain
    return _both(plain, marked_up)


def _is_leak(lines: list[str], new: str, whole: str) -> bool:
    """Tell whether lines are the new text and what the other body knew as quoted.

    Args:
        lines: Folded lines of the longer new text.
        new: The shorter new text, folded.
        whole: The whole body that the shorter one was taken from.
    """
    rest = _below(lines, new) or _above(lines, new)
    if len(rest.split()) < LEAKED_WORDS:
        return False
    return f" {rest} " in f" {_fold(whole)} "


def _below(lines: list[str], new: str) -> str:
    """Return the lines that follow those that make up the new text, or ``""``."""
    size = -1
    for index, line in enumerate(lines):
        size += len(line) + 1
        if size >= len(new):
            joined = " ".join(lines[: index + 1])
            return " ".join(lines[index + 1 :]) if joined == new else ""
    return ""


def _above(lines: list[str], new: str) -> str:
    size = -1
    for index in range(len(lines) - 1, -1, -1):
        size += len(lines[index]) + 1
        if size >= len(new):
            joined = " ".join(lines[index:])
            return " ".join(lines[:index]) if joined == new else ""
    return ""


def _fold_lines(text: str) -> list[str]:
    return list(filter(None, map(_fold, text.split("\n"))))


def _fold(text: str) -> str:
    """Fold away what a client changes between its two bodies: links, marks, space."""
    without_links = _LINKS.sub("", text.casefold())
    said = _COMPARED.findall(without_links)
    return " ".join([*said, *emoji_of(without_links)])


def _is_stub(plain: str) -> bool:
    """Tell whether the text part says only that there is an HTML part."""
    if len(plain) >= STUB:
        return False
    words = set(fold(plain).split())
    return "html" in words and bool(words & _STUB_SIGNS) and words <= _STUB_WORDS


def _whole_html(html: str) -> str:
    return html_to_text(html[: 2 * MAX_TEXT], signatures=True)


def _read_html(html: str) -> str:
    markup = html[: 2 * MAX_TEXT]
    read = _read(html_to_text(markup))
    return read or _read(html_to_text(markup, signatures=True))


def _read(text: str) -> str:
    body = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    body = "\n".join(body.split("\n", MAX_LINES)[:MAX_LINES])
    for entity, character in _ENTITIES:
        body = body.replace(entity, character)
    new = split_quotes(body)
    pieces = [
        strip_signature(part.lines, closings=not new.cut, below_quote=part.below_quote)
        for part in new.parts
    ]
    joined = "\n\n".join("\n".join(piece).strip() for piece in pieces)
    return joined.strip()
