"""Durations as people write them: ``90s``, ``15m``, ``4h``, ``7d``, ``2w``."""

import re
from datetime import timedelta

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"([0-9]{1,9})([smhdw])", re.ASCII)


def parse_duration(text: str) -> timedelta:
    """Read a duration.

    Raises:
        ValueError: What is wrong, with examples of what is right.
    """
    matched = _DURATION.fullmatch(text.strip().lower())
    if matched is None:
        raise ValueError(
            f"{text!r} is no duration; write a whole number and a unit, "
            "such as 90s, 15m, 4h, 7d or 2w"
        )
    amount, unit = matched.groups()
    try:
        return timedelta(**{_UNITS[unit]: int(amount)})
    except OverflowError as error:
        raise ValueError(f"{text!r} is longer than time can be") from error
