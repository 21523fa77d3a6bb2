"""Find the line above which a reply is written, whatever a mail program did to it."""

import re

from signoff.domain.wording import REPLY_MARKER

#: Prefixes, wrapping and spaces that may have come between two words of the marker.
_BETWEEN = r"[\W_]{1,24}"
_OURS = _BETWEEN.join(re.findall(r"[A-Za-z]+", REPLY_MARKER))
_SPACES = " \t\u00a0"
_DASHES = "-#=*_~"
#: Every repeat is bounded: outsiders write what is searched here.
_MARKER = re.compile(
    rf"{_OURS}"
    rf"|[{_DASHES}]{{2}}[{_SPACES}]{{0,24}}"
    rf"(?:(?:please|type|write|your)[{_SPACES}]{{1,24}}){{0,4}}"
    rf"reply[{_SPACES}]{{1,24}}above[{_SPACES}]{{1,24}}(?:this|the)[{_SPACES}]{{1,24}}line"
    rf"[{_SPACES}]{{0,24}}[{_DASHES}]{{2}}",
    re.IGNORECASE,
)


def find_marker(text: str) -> tuple[int, int] | None:
    """Return where the first marker begins and ends, with its dashes, or None."""
    if "above" not in text and "above" not in text.casefold():
        return None
    match = _MARKER.search(text)
    if match is None:
        return None
    before, after = text[: match.start()], text[match.end() :]
    start = before.rstrip(_SPACES).rstrip(_DASHES + "\\")
    rest = after.lstrip(_SPACES).lstrip(_DASHES + "\\")
    return len(start), len(text) - len(rest)
