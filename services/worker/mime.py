"""MIME: header fields and two parts become the bytes of one mail.

Written out here and not left to `email.message`, whose header objects decode
what already looks like an encoded word: a subject from outside could so bring a
line break of its own. Values are one line of showable text when they come here.
The same values always make the same bytes.
"""

import quopri
import re
from base64 import encodebytes
from collections.abc import Sequence
from email.header import Header

#: RFC 5322 §2.1.1: a line should have no more than 78 characters.
_LINE = 76
#: RFC 5322 §3.2.3: what a display name may hold without quotes.
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/^_`{|}~-]+( [A-Za-z0-9!#$%&'*+/^_`{|}~-]+)*")
_HEAD_OF_ENCODED_WORD = "=?"


def text_value(name: str, text: str) -> str:
    """Return the value of an unstructured field such as Subject.

    Args:
        name: The field's name; the first line is shorter by it.
        text: One line; beyond ASCII it becomes encoded words (RFC 2047).
    """
    charset = "us-ascii" if _is_plain(text) else "utf-8"
    header = Header(text, charset, maxlinelen=_LINE, header_name=name)
    return header.encode(linesep="\r\n")


def mailbox_value(name: str, display_name: str, address: str) -> str:
    """Return the value of a field that holds one mailbox.

    Args:
        name: The field's name.
        display_name: One line; may be empty.
        address: The bare address as it stands in the envelope.
    """
    if not display_name:
        return address
    phrase = _phrase(name, display_name)
    last_line = f"{name}: {phrase}".rpartition("\r\n")[2]
    fits = len(last_line) + len(address) + len(" <>") <= _LINE
    return f"{phrase}{' ' if fits else '\r\n '}<{address}>"


def alternative(
    fields: Sequence[tuple[str, str]], text: str, html: str, *, boundary: str
) -> bytes:
    """Return a mail of a text and an HTML part (RFC 2046 §5.1.4), lines in CRLF.

    Args:
        fields: Names and values, the values encoded and folded.
        text: The text part.
        html: The HTML part.
        boundary: Characters that separate the parts. ``=_`` before them keeps
            them out of what quoted-printable and base64 can make.
    """
    mark = f"=_{boundary}"
    kind = f'multipart/alternative;\r\n boundary="{mark}"'
    own = [*fields, ("MIME-Version", "1.0"), ("Content-Type", kind)]
    head = "".join(f"{name}: {value}\r\n" for name, value in own).encode()
    parts = (_part("plain", text), _part("html", html))
    opened = b"".join(b"\r\n--%s\r\n%s" % (mark.encode(), part) for part in parts)
    return b"%s%s\r\n--%s--\r\n" % (head, opened, mark.encode())


def _part(subtype: str, text: str) -> bytes:
    """Return one part in the shorter of the two encodings (RFC 2045 §6)."""
    quoted = quopri.encodestring(text.encode())
    based = encodebytes(text.replace("\n", "\r\n").encode())
    shorter = len(quoted) <= len(based)
    encoding, body = ("quoted-printable", quoted) if shorter else ("base64", based)
    head = (
        f"Content-Type: text/{subtype}; charset=utf-8\n"
        f"Content-Transfer-Encoding: {encoding}\n\n"
    ).encode()
    return (head + body).removesuffix(b"\n").replace(b"\n", b"\r\n")


def _phrase(name: str, text: str) -> str:
    if not _is_plain(text):
        return text_value(name, text)
    if _ATOMS.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _is_plain(text: str) -> bool:
    return text.isascii() and _HEAD_OF_ENCODED_WORD not in text
