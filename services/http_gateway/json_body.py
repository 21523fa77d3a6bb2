"""Reading JSON that outsiders send, strictly and within limits."""

import json
from typing import Any, NoReturn

from signoff.errors import InvalidRequestError, Problem

#: Twice the largest request, so that one too large is told so by its own rule.
MAX_BODY_OCTETS = 64 * 1024
#: Deeper, and writing it again could exhaust the stack.
_MAX_DEPTH = 32


def read_json(body: bytes) -> Any:
    """Decode a JSON text of RFC 8259, whatever content type it came with.

    Raises:
        InvalidRequestError: It is none, repeats a member, or is too large.
    """
    if len(body) > MAX_BODY_OCTETS:
        raise _invalid(f"has more than {MAX_BODY_OCTETS} octets")
    try:
        data = json.loads(
            body, parse_constant=_refuse_constant, object_pairs_hook=_unique_members
        )
    except (ValueError, RecursionError) as error:
        raise _invalid(f"is not JSON: {error}") from error
    if _depth(data) > _MAX_DEPTH:
        raise _invalid(f"is nested deeper than {_MAX_DEPTH}")
    return data


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("an object has a member twice")
    return members


def _depth(data: Any) -> int:
    """Return how deep arrays and objects are nested, without recursing."""
    depth, layer = 0, [data]
    while layer := [each for each in layer if isinstance(each, dict | list)]:
        depth += 1
        layer = [
            inner
            for each in layer
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return depth


def _invalid(message: str) -> InvalidRequestError:
    return InvalidRequestError([Problem("", message)])
