"""Read what a person newly wrote in a mail, without what it quotes or signs."""

import re

from .markup import html_to_text
from .quotes import split_quotes
from .signatures import strip_signature

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
_STUB_WORDS = ("html", "view this", "mail client", "mail reader", "e-mail client")


def extract_reply(text: str, *, html: str | None = None) -> str:
    """Return the text that the sender wrote anew, or ``""``.

    Args:
        text: The plain-text body, decoded; may be blank.
        html: The HTML body, decoded, where there is one.

    Where both exist and one holds the other, the shorter is right (the longer leaked
    something quoted). Where they disagree both are returned, the HTML first: what is
    decided must then be said by both.
    """
    plain = _read(text[:MAX_TEXT])
    if not html or not html.strip():
        return plain
    marked_up = _read_html(html)
    if not plain or _is_stub(plain):
        return marked_up or plain
    return _reconcile(plain, marked_up)


def _reconcile(plain: str, marked_up: str) -> str:
    folded_plain, folded_html = _fold(plain), _fold(marked_up)
    if not folded_html or folded_plain == folded_html:
        return plain
    if folded_html in folded_plain:
        return marked_up
    if folded_plain in folded_html:
        return plain
    if folded_plain[:40] == folded_html[:40]:
        return min(plain, marked_up, key=len)
    return f"{marked_up}\n\n{plain}"


def _fold(text: str) -> str:
    """Fold away what a client changes between its two bodies: links, marks, space."""
    without_links = re.sub(r"[<(\[]?(?:https?://|mailto:)[^\s>)\]]*[>)\]]?", "", text)
    return "".join(char for char in without_links.casefold() if char.isalnum())


def _is_stub(plain: str) -> bool:
    """Tell whether the text part only says that there is an HTML part."""
    folded = plain.casefold()
    return (
        len(plain) < STUB
        and "html" in folded
        and any(word in folded for word in _STUB_WORDS[1:])
    )


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
