"""Find the line above which a reply is written, whatever a mail program did to it."""

import re

from signoff.domain.wording import REPLY_MARKER

#: Prefixes, wrapping and spaces that may have come between two words of the marker.
_BETWEEN = r"[\W_]{1,24}"
_OURS = _BETWEEN.join(re.findall(r"[A-Za-z]+", REPLY_MARKER))
_MARKER = re.compile(
    rf"[#*=_~\\-]*[ \t\u00a0]*{_OURS}[ \t\u00a0]*[#*=_~\\-]*"
    r"|[-#=*_~]{2,}[ \t\u00a0]*(?:(?:please|type|write|your)[ \t\u00a0]+){0,4}"
    r"reply[ \t\u00a0]+above[ \t\u00a0]+(?:this|the)[ \t\u00a0]+line"
    r"[ \t\u00a0]*[-#=*_~]{2,}",
    re.IGNORECASE,
)


def find_marker(text: str) -> tuple[int, int] | None:
    """Return where the first marker begins and ends, or None."""
    if "above" not in text and "above" not in text.casefold():
        return None
    match = _MARKER.search(text)
    return match.span() if match else None
