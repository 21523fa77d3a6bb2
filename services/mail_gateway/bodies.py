"""Take the text and the HTML out of a parsed message, whatever their labels say."""

import codecs
import re
from collections.abc import Iterator
from email.message import Message
from typing import Any

#: Parts that are looked at; real replies have a handful.
MAX_PARTS = 100
#: Octets of one part that are decoded.
MAX_PART = 1024 * 1024

_KNOWN_CHARSET = re.compile(
    r"(?:utf|iso|windows|cp|koi8|gb|big5|euc|shift|sjis|ms|mac|tis|latin|ks|hz|johab|ascii)"
    r"[\w.:-]{0,30}$"
)
_ALIASES = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "windows-874": "cp874",
    "tis-620": "cp874",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "unicode-1-1-utf-7": "utf-7",
    "utf8": "utf-8",
}
_WIDE = ("gb", "big5", "euc", "cp932", "cp949", "iso-2022", "utf", "hz", "johab")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FLOWED_QUOTE = re.compile(r">*")

type Part = Message[Any, Any]


def leaf_parts(message: Part) -> Iterator[Part]:
    """Yield the parts that are no containers; attached messages are not opened."""
    waiting = [message]
    seen = 0
    while waiting and seen < MAX_PARTS:
        part = waiting.pop()
        seen += 1
        payload = part.get_payload()
        inside = part.get_content_maintype() == "multipart" and isinstance(
            payload, list
        )
        if inside:
            children = [child for child in payload if isinstance(child, Message)]
            waiting.extend(reversed(children[:MAX_PARTS]))
        else:
            yield part


def read_bodies(message: Part) -> tuple[str, str]:
    """Return the plain text and the HTML of a message, each ``""`` where missing.

    Several parts of a kind are joined: mail programs split a text around a picture.
    """
    plain: list[str] = []
    marked_up: list[str] = []
    for part in leaf_parts(message):
        if _is_attachment(part):
            continue
        kind = part.get_content_type()
        if kind == "text/html":
            marked_up.append(decode_part(part))
        elif kind == "text/plain" or part.get_content_maintype() == "multipart":
            plain.append(_unflow(part, decode_part(part)))
    return "\n".join(plain), "\n".join(marked_up)


def _is_attachment(part: Part) -> bool:
    disposition = str(part.get("Content-Disposition", "")).strip().lower()
    return disposition.startswith("attachment") or "filename" in disposition


def decode_part(part: Part) -> str:
    """Return the text of a part, decoded as far as it can be."""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        payload = None
    if not isinstance(payload, bytes):
        raw = part.get_payload()
        return raw[:MAX_PART] if isinstance(raw, str) else ""
    return decode_text(payload[:MAX_PART], _charset(part))


def _charset(part: Part) -> str:
    try:
        charset = part.get_content_charset()
    except (ValueError, LookupError, TypeError):
        return ""
    return (charset or "").strip(" '\"").lower()


def decode_text(data: bytes, charset: str) -> str:
    """Decode octets by their label, or by what they are where the label is wrong."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, "replace")
    label = _ALIASES.get(charset, charset)
    if not _KNOWN_CHARSET.match(label):
        label = "cp1252"
    order = [label, "utf-8"] if label.startswith(_WIDE) else ["utf-8", label]
    for name in [*order, "cp1252"]:
        try:
            return data.decode(name)
        except (UnicodeError, LookupError):
            continue
    return data.decode("latin-1")


def _unflow(part: Part, text: str) -> str:
    """Join the lines of a ``format=flowed`` text (RFC 3676)."""
    if _parameter(part, "format") != "flowed":
        return text
    delete_space = _parameter(part, "delsp") == "yes"
    joined: list[str] = []
    depth, open_line = -1, False
    for line in text.splitlines():
        marks = _FLOWED_QUOTE.match(line)
        level = marks.end() if marks else 0
        content = line[level:].removeprefix(" ")
        signature = content == "-- "
        if open_line and level == depth and not signature:
            joined[-1] += content
        else:
            joined.append(f"{'>' * level} {content}" if level else content)
        open_line = content.endswith(" ") and not signature
        depth = level
        if open_line and delete_space:
            joined[-1] = joined[-1][:-1]
    return "\n".join(joined)


def _parameter(part: Part, name: str) -> str:
    try:
        value = part.get_param(name)
    except (ValueError, LookupError, TypeError):
        return ""
    return value.lower() if isinstance(value, str) else ""
