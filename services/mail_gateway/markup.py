"""Turn an HTML mail body into text whose quotations are marked as in plain text."""

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import (
    etree,  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types
)

from .style_sheets import Hidden, hides

#: Longer tags are no mail program's; their attributes cost quadratic time.
MAX_TAG = 8192
#: Elements that are read; a reply stands at the top or after few quotations.
MAX_ELEMENTS = 10_000
#: Marks of nested quotations on a line; deeper ones add nothing.
MAX_DEPTH = 12

#: What a rule is turned into: the reader of plain text knows it.
RULE = "_" * 32
#: What may be hidden from who reads the mail; it must decide nothing.
DOUBTFUL = "\x1a"
#: What an Outlook-like divider is turned into.
DIVIDER = "-----Original Message-----"

_LONG_TAG = re.compile(rf"<[^<>]{{{MAX_TAG},}}>?")
_GAPS = re.compile(r"\n{3,}")
_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "td",
        "th",
        "tr",
        "ul",
        "blockquote",
    ]
)
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "head",
        "title",
        "template",
        "del",
        "s",
        "strike",
        "noscript",
        "select",
        "textarea",
        "object",
        "svg",
        "math",
        "button",
    ]
)
_SIGNATURES = re.compile(
    r"gmail_signature|moz-signature|protonmail_signature|ms-outlook-mobile-signature"
    r"|^signature$|^x_signature$|applemailsignature|ymail_signature|tutanota_signature"
    r"|zm_signature|signature_old",
    re.IGNORECASE,
)
_QUOTES = re.compile(
    r"yahoo_quoted|protonmail_quote|olk_src_body_section|moz-forward-container"
    r"|gmail_attr|moz-cite-prefix|zmail_extra|tutanota_quote|ms-outlook-quote"
    r"|mail-editor-reference-message-container|qt-quote|hm_quote|wm_reply_quote"
    r"|replyforwardhtml|quoted-printable-quote|mcntmcntquote|mailquote|quote-container",
    re.IGNORECASE,
)
_DIVIDERS = re.compile(
    r"divrplyfwdmsg|appendonsend|outlookmessageheader|zwchr|divtagdefaultwrapper_quote"
    r"|stopspelling|replysplit|x_divrplyfwdmsg|ms-outlook-mobile-reference-message"
    r"|reply-intro|isforwardcontent",
    re.IGNORECASE,
)
_OUTLOOK_BORDER = re.compile(
    r"border(?:-top)?:(?:none;)?.{0,40}?solid#(?:b5c4df|e1e1e1)|border-top:solid#",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Page:
    """The text written so far."""

    lines: list[str] = field(default_factory=lambda: [""])
    depth: int = 0
    #: Whether Gmail's quotations are marked by a division alone.
    bare_gmail: bool = False
    #: What a style sheet hides.
    hidden: Hidden = field(default_factory=Hidden)

    def write(self, data: str) -> None:
        folded = _SPACE.sub(" ", data)
        if folded == " " and not self.lines[-1].strip(" >"):
            return
        if not self.lines[-1]:
            folded = self._prefix() + folded.lstrip()
        self.lines[-1] += folded

    def write_verbatim(self, data: str) -> None:
        for number, line in enumerate(data.split("\n")):
            if number:
                self.lines.append(self._prefix())
            self.lines[-1] += line

    def end_line(self) -> None:
        if self.lines[-1].strip(" >"):
            self.lines.append("")
        else:
            self.lines[-1] = ""

    def blank_line(self) -> None:
        self.end_line()
        self.lines.insert(-1, self._prefix().rstrip())

    def line(self, text: str) -> None:
        self.end_line()
        self.write(text)
        self.lines.append("")

    def _prefix(self) -> str:
        return "> " * min(self.depth, MAX_DEPTH)


def html_to_text(html: str, *, signatures: bool = False) -> str:
    """Return the text of an HTML body: quotations marked ``>``, rules as rules.

    What an element itself hides or strikes out is left out. What a style sheet hides
    is kept behind :data:`DOUBTFUL`: programs differ in what they make of sheets.

    Args:
        html: The decoded body; anything, however broken.
        signatures: Whether to keep what mail programs mark as a signature.
    """
    root = _parse(html)
    if root is None:
        return ""
    styles = "\n}".join(style.text or "" for style in root.iter("style"))
    page = _Page(
        bare_gmail=root.find(".//blockquote") is None, hidden=Hidden.of(styles)
    )
    _render(root, page, signatures)
    text = "\n".join(line.rstrip() for line in page.lines)
    return _GAPS.sub("\n\n", text).strip("\n")


def _parse(html: str) -> Any:
    markup = _LONG_TAG.sub("", html.replace("\x00", ""))
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        return etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None


def _render(root: Any, page: _Page, signatures: bool) -> None:
    """Walk the tree without recursion: its depth is the sender's choice."""
    walk = etree.iterwalk(root, events=("start", "end"))
    for number, (event, element) in enumerate(walk):
        if number > 2 * MAX_ELEMENTS:
            return
        if event == "end":
            _end(element, page)
        elif _is_left_out(element, signatures):
            walk.skip_subtree()
        else:
            _start(element, page)


def _is_left_out(element: Any, signatures: bool) -> bool:
    if element.tag in _SKIPPED:
        return True
    if not element.attrib:
        return False
    style = element.get("style", "")
    if "hidden" in element.attrib or (style and hides(style)):
        return True
    names = _names(element)
    return bool(names) and not signatures and any(map(_SIGNATURES.search, names))


def _start(element: Any, page: _Page) -> None:
    tag = element.tag
    if tag in _BLOCKS:
        page.end_line()
    if tag == "p":
        page.blank_line()
    if _is_quote(element, page.bare_gmail):
        page.end_line()
        page.depth += 1
    if _is_divider(element):
        page.line(DIVIDER)
    if tag == "hr":
        page.line(RULE)
    if tag == "br":
        _break(page)
    if page.hidden and page.hidden.has(element.tag, _names(element)):
        page.write(DOUBTFUL)
    if element.text:
        _write(element, element.text, page)


def _end(element: Any, page: _Page) -> None:
    if element.tag in _BLOCKS:
        page.end_line()
    if not _is_left_out(element, signatures=True) and _is_quote(
        element, page.bare_gmail
    ):
        page.end_line()
        page.depth -= 1
        page.lines.append("")
    if element.tail:
        _write(element.getparent(), element.tail, page)


def _write(element: Any, data: str, page: _Page) -> None:
    if element is not None and element.tag == "pre":
        page.write_verbatim(data)
    else:
        page.write(data)


def _break(page: _Page) -> None:
    if page.lines[-1].strip(" >"):
        page.lines.append("")
    else:
        page.lines[-1] = page.lines[-1].rstrip()
        page.lines.append("")


def _names(element: Any) -> list[str]:
    identifier = element.get("id")
    classes = element.get("class", "")[:500].split()
    return [*classes, identifier] if identifier else classes


def _is_quote(element: Any, bare_gmail: bool) -> bool:
    if element.tag == "blockquote":
        return True
    names = _names(element) if element.attrib else []
    if not names:
        return False
    if any(map(_QUOTES.search, names)):
        return True
    return bare_gmail and "gmail_quote" in names


def _is_divider(element: Any) -> bool:
    if not element.attrib:
        return False
    if any(map(_DIVIDERS.search, _names(element))):
        return True
    style = element.get("style", "").replace(" ", "")
    return bool(style) and element.tag == "div" and bool(_OUTLOOK_BORDER.search(style))
