"""What is cut from a message before the standard library parses it.

Its parser takes time with the square of some lengths, and memory by the line. No
mail that a person or a mail system writes comes near these limits.
"""

import re
from bisect import bisect_left

#: Octets of a field with parameters: the standard library's time to read them grows
#: with the square of their length, and its parser itself reads those of each part.
MAX_PARAMETERS = 4096
#: Line ends, CRLF counted twice, after which a message is cut: 10 MiB of base64 have
#: half as many, and the parser takes a hundred octets for each.
MAX_LINE_ENDS = 500_000
_PARAMETERS = re.compile(
    rb"(?<![^\r\n])(?:content-(?:type|disposition|transfer-encoding)"
    rb"|(?:original|final)-recipient):"
    rb"[^\r\n]*+(?:(?:\r\n|\r|\n)[ \t][^\r\n]*+)*+",
    re.IGNORECASE,
)


def cut_costly(raw: bytes) -> bytes:
    """Return a message without what would cost more than it can say."""
    return _PARAMETERS.sub(_cut, _first_lines(raw))


def _first_lines(raw: bytes) -> bytes:
    def ends_before(at: int) -> int:
        return raw.count(b"\n", 0, at) + raw.count(b"\r", 0, at)

    if ends_before(len(raw)) <= MAX_LINE_ENDS:
        return raw
    return raw[: bisect_left(range(len(raw)), MAX_LINE_ENDS, key=ends_before)]


def _cut(field: re.Match[bytes]) -> bytes:
    """Cut a field that is too long; what is left does not end a header block."""
    return field[0][:MAX_PARAMETERS].rstrip(b"\r\n")
