"""Take the text and the HTML out of a parsed message, whatever their labels say."""

import codecs
import re
from collections.abc import Iterator
from email.message import Message
from encodings.aliases import aliases
from typing import Any

#: Parts that are looked at; real replies have a handful.
MAX_PARTS = 100
#: Octets of one part that are decoded.
MAX_PART = 1024 * 1024
#: Characters of all parts after which no other is decoded.
MAX_TEXT = 2 * MAX_PART
#: Octets of one part before they are decoded: quoted-printable takes three for one.
_MAX_ENCODED = 3 * MAX_PART
_ENCODING = "Content-Transfer-Encoding"

#: Codecs of Python that are used. Others are slow on purpose-made text (punycode,
#: IDNA), hide ASCII (UTF-7, EBCDIC) or are no charsets at all.
_CODECS = frozenset(
    re.findall(
        r"\w+",
        """
        ascii latin_1 utf_8 utf_8_sig utf_16 utf_16_le utf_16_be utf_32
        utf_32_le utf_32_be iso8859_2 iso8859_3 iso8859_4 iso8859_5 iso8859_6
        iso8859_7 iso8859_8 iso8859_9 iso8859_10 iso8859_11 iso8859_13
        iso8859_14 iso8859_15 iso8859_16 tis_620 cp1250 cp1251 cp1252 cp1253
        cp1254 cp1255 cp1256 cp1257 cp1258 cp437 cp720 cp737 cp775 cp850 cp852
        cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869 cp874
        cp932 cp949 cp950 cp1125 koi8_r koi8_u koi8_t kz1048 ptcp154 mac_roman
        mac_cyrillic mac_greek mac_latin2 mac_turkish mac_iceland gb2312 gbk
        gb18030 hz big5 big5hkscs euc_jp euc_jis_2004 euc_jisx0213 euc_kr johab
        shift_jis shift_jis_2004 shift_jisx0213 iso2022_jp iso2022_jp_1
        iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr
        """,
    )
)
#: Labels that Python does not know.
_LABELS = {
    "windows_874": "cp874",
    "iso_8859_8_i": "iso8859_8",
    "iso_8859_6_i": "iso8859_6",
}
#: Codecs that hold all of another, which mail programs label as that other.
_SUPERSETS = {
    "latin_1": "cp1252",
    "ascii": "cp1252",
    "iso8859_9": "cp1254",
    "iso8859_11": "cp874",
    "tis_620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
#: What a label means: looked up here, for Python remembers each it is ever asked for.
_MEANINGS = _LABELS | {
    label: _SUPERSETS.get(codec, codec)
    for label, codec in (aliases | {codec: codec for codec in _CODECS}).items()
    if codec and codec in _CODECS
}
_WIDE = ("gb", "big5", "euc", "cp932", "cp949", "iso2022", "utf", "hz", "johab")
_MAX_LABEL = 40
_SEPARATORS = re.compile(r"[-_. :]+")
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
        # Not asked of a leaf: get_payload() decodes by whatever charset it names.
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            inside: list[Any] = list(part.get_payload())[:MAX_PARTS]
            waiting.extend(each for each in reversed(inside) if _is_part(each))
        else:
            yield part


def _is_part(found: object) -> bool:
    return isinstance(found, Message)


def read_bodies(message: Part) -> tuple[str, str]:
    """Return the plain text and the HTML of a message, each ``""`` where missing.

    Several parts of a kind are joined: mail programs split a text around a picture.
    """
    plain: list[str] = []
    marked_up: list[str] = []
    for part in leaf_parts(message):
        if sum(map(len, plain + marked_up)) > MAX_TEXT or _is_attachment(part):
            continue
        kind = part.get_content_type()
        if kind == "text/html":
            marked_up.append(decode_part(part))
        elif kind == "text/plain" or part.get_content_maintype() == "multipart":
            plain.append(_unflow(part, decode_part(part)))
    return "\n".join(plain), "\n".join(marked_up)


def _is_attachment(part: Part) -> bool:
    disposition = str(part.get("Content-Disposition", "")).strip().lower()
    named = "filename" in disposition or bool(parameter(part, "name"))
    return named or disposition.startswith("attachment")


def decode_part(part: Part) -> str:
    """Return the text of a part, decoded as far as it can be."""
    try:
        _shorten(part)
        payload = part.get_payload(decode=True)  # to octets: no charset is applied
    except (ValueError, LookupError, TypeError, AssertionError):
        return ""
    if not isinstance(payload, bytes):
        return ""
    return decode_text(payload[:MAX_PART], parameter(part, "charset"))


def _shorten(part: Part) -> None:
    """Cut what is encoded, without line ends: each costs a hundred octets to decode."""
    encoding = str(part.get(_ENCODING, "")).strip().lower()
    del part[_ENCODING]
    encoded: Any = part.get_payload(decode=True)
    if encoding:
        part[_ENCODING] = encoding
    if isinstance(encoded, bytes):
        ends = b"\r\n" if encoding == "base64" else b""
        short = encoded.translate(None, ends)[:_MAX_ENCODED]
        part.set_payload(short.decode("ascii", "surrogateescape"))


def decode_text(data: bytes, charset: str) -> str:
    """Decode octets by their label, or by what they are where the label is wrong."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, "replace")
    label = _codec(charset)
    order = [label, "utf-8"] if label.startswith(_WIDE) else ["utf-8", label]
    for name in [*order, "cp1252"]:
        try:
            return data.decode(name)
        except UnicodeError:
            continue
    return data.decode("latin-1")


def _codec(charset: str) -> str:
    """Return the codec that a label means, the commonest where it means none."""
    label = charset[:_MAX_LABEL].strip(" '\"").lower()
    return _MEANINGS.get(_SEPARATORS.sub("_", label), "cp1252")


def _unflow(part: Part, text: str) -> str:
    """Join the lines of a ``format=flowed`` text (RFC 3676)."""
    if parameter(part, "format") != "flowed":
        return text
    delete_space = parameter(part, "delsp") == "yes"
    joined: list[list[str]] = []
    depth, open_line = -1, False
    for line in text.splitlines():
        marks = _FLOWED_QUOTE.match(line)
        level = marks.end() if marks else 0
        content = line[level:].removeprefix(" ")
        signature = content == "-- "
        if not open_line or level != depth or signature:
            joined.append([f"{'>' * level} "] if level else [])
        open_line = content.endswith(" ") and not signature
        depth = level
        joined[-1].append(content[:-1] if open_line and delete_space else content)
    return "\n".join(map("".join, joined))


def parameter(part: Part, name: str) -> str:
    """Return a parameter of the Content-Type in lower case, ``""`` where missing.

    A charset of its own (RFC 2231) is not applied.
    """
    try:
        value = part.get_param(name)
    except (ValueError, LookupError, TypeError):
        return ""
    text = value[-1] if isinstance(value, tuple) else value
    return str(text or "").lower()
