# ruff: noqa: RUF001 -- month names of languages that share letters' shapes
"""Read until when an absence note says that its author is away."""

import re
from datetime import date

from .month_names import MONTHS

#: Characters of a note that are read.
MAX_READ = 4000
#: An absence ends at most this long after the note was written.
MAX_DAYS = 400
#: The last month of a year; a larger figure is a day.
DECEMBER = 12

_UNTIL = (
    "until|till|til|through|thru|back on|back in the office on|return on"
    "|returning on|returning|return|be back|back|bis einschließlich|bis einschl"
    "|bis zum|bis|ab dem|zurück am|wieder am|jusqu'au|jusqu’au|de retour le"
    "|retour le|au|hasta el|hasta|vuelvo el|regreso el|até ao|até o|até|regresso a"
    "|fino al|fino a|al|rientro il|tot en met|t/m|tot|terug op|till och med|t.o.m."
    "|åter den|tillbaka den|til og med|tilbage den|tilbake den|asti|saakka|do dnia"
    "|do|wracam|až do|návrat|zpět|до|по|вернусь|до дня|έως|μέχρι|kadar|-ig|până pe"
    "|până la|până|đến ngày|đến|hingga|sampai|-|–"
)
_MONTH = {name: at for at, names in enumerate(MONTHS, 1) for name in names.split()}
_NAME = r"([^\W\d_]{3,14})\.?"
_WEEKDAY = r"(?:[^\W\d_]{2,14}[.,]?\s+(?:the\s+|den\s+|dem\s+|le\s+|el\s+)?){0,2}"
_AFTER = re.compile(
    rf"(?:(?<!\w)(?:{_UNTIL})|[-–])\s*{_WEEKDAY}("
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
    r"|(?P<dotted>\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{2,4})?)"
    r"|(?P<slashed>\d{1,2}/\d{1,2}(?:/\d{2,4})?)"
    rf"|(?P<day_first>\d{{1,2}}(?:st|nd|rd|th|\.|er|º|°)?\s+(?:of\s+|de\s+|d')?{_NAME}"
    r"(?:,?\s+(?:de\s+)?(?P<year_a>\d{4}))?)"
    rf"|(?P<month_first>{_NAME}\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d)"
    r"(?:,?\s+(?P<year_b>\d{4}))?)"
    r"|(?P<cjk>(?:\d{4}[年년]\s?)?\d{1,2}[月월]\s?\d{1,2}[日일]))",
    re.IGNORECASE,
)
_CJK_UNTIL = re.compile(
    r"((?:\d{4}[年년]\s?)?\d{1,2}[月월]\s?\d{1,2}[日일])\s?(?:\([^)]{1,4}\))?\s?(?:まで|为止|為止|까지)"
)


def absent_until(text: str, written: date | None) -> date | None:
    """Return the day a note names as the end of the absence, or None.

    Args:
        text: The note.
        written: When it was written; a day without a year is the next such day.
    """
    start = " ".join(text[:MAX_READ].split())
    if match := _CJK_UNTIL.search(start):
        return _plausible(_cjk(match[1]), written)
    for match in _AFTER.finditer(start):
        found = _plausible(_parts(match), written)
        if found:
            return found
    return None


type _Parts = tuple[int | None, int, int] | None


def _parts(match: re.Match[str]) -> _Parts:
    """Return year, month and day; the year is None where it is left out."""
    if text := match["iso"]:
        return _numbers(text, (0, 1, 2))
    if text := match["dotted"]:
        return _numbers(text, (2, 1, 0))
    if text := match["slashed"]:
        return _slashed(text)
    if text := match["cjk"]:
        return _cjk(text)
    year = match["year_a"] or match["year_b"]
    return _worded(match["day_first"] or match["month_first"], year)


def _numbers(text: str, order: tuple[int, int, int]) -> _Parts:
    found = [int(number) for number in re.findall(r"\d+", text)]
    year_at, month_at, day_at = order
    year = found[year_at] if len(found) > year_at else None
    return _century(year), found[month_at], found[day_at]


def _century(year: int | None) -> int | None:
    return 2000 + year % 1000 if year is not None else None


def _slashed(text: str) -> _Parts:
    """Read a date whose order is the writer's: only where both orders agree."""
    first, second, *rest = (int(number) for number in text.split("/"))
    year = _century(rest[0]) if rest else None
    if first > DECEMBER or first == second:
        return year, second, first
    return (year, first, second) if second > DECEMBER else None


def _cjk(text: str) -> _Parts:
    *year, month, day = (int(number) for number in re.findall(r"\d+", text))
    return (year[0] if year else None), month, day


def _worded(text: str | None, year: str | None) -> _Parts:
    words = re.findall(r"[^\W\d_]{3,14}", text or "")
    months = [_MONTH[word.lower()] for word in words if word.lower() in _MONTH]
    day = re.search(r"(?<!\d)\d{1,2}(?!\d)", text or "")
    if not months or not day:
        return None
    return (int(year) if year else None), months[0], int(day[0])


def _plausible(parts: _Parts, written: date | None) -> date | None:
    if parts is None:
        return None
    year, month, day = parts
    years = [year] if year else [written.year, written.year + 1] if written else []
    for candidate in years:
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if written is None or 0 <= (found - written).days <= MAX_DAYS:
            return found
    return None
