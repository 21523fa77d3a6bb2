"""The request as JSON: what `POST /start-workflow` and other languages send.

Strict in what is read: an unknown member is a problem, because whoever wrote it
expects something of it.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from signoff.domain.choices import DEFAULT_CHOICES, Choice
from signoff.domain.durations import parse_duration
from signoff.domain.policy import Policy
from signoff.domain.request import MAX_REQUEST_OCTETS, ApprovalRequest, Approver
from signoff.errors import InvalidRequestError, Problem

_POLICIES = ("any", "all")
_BY_ID = {choice.id: choice for choice in DEFAULT_CHOICES}
_MEMBERS = {
    "subject": str,
    "body": str,
    "approvers": list,
    "choices": list,
    "policy": str,
    "deadline": str,
    "requester": str,
}
_APPROVER_MEMBERS = {"address": str, "name": str, "language": str}
_CHOICE_MEMBERS = {"id": str, "label": str, "positive": bool, "words": list}
_TYPE_NAMES = {str: "a string", list: "an array", bool: "true or false"}

type _Json = dict[str, Any]
type _Read[T] = Callable[[object, str], T | None]


def request_from_json(
    data: object, *, max_octets: int | None = MAX_REQUEST_OCTETS
) -> ApprovalRequest:
    """Read a request.

    Args:
        data: The decoded JSON object; members may be left out.
        max_octets: What it may take as JSON; None for one that was taken before
            and has grown by what it left open.

    Raises:
        InvalidRequestError: With every problem found, each naming its field.
    """
    reader = _Reader()
    members = reader.members(data, _MEMBERS, "")
    if max_octets is not None:
        reader.check_size(data, max_octets)
    values: _Json = {name: reader.read(name, value) for name, value in members.items()}
    reader.raise_problems()
    return ApprovalRequest(**values)


def request_to_json(request: ApprovalRequest) -> _Json:
    """Return the JSON object that `request_from_json` reads back."""
    deadline = request.deadline
    if isinstance(deadline, timedelta):
        written = f"{int(deadline.total_seconds())}s"
    else:
        written = deadline.isoformat() if deadline else None
    members: _Json = {
        "subject": request.subject,
        "body": request.body,
        "approvers": [_approver_to_json(each) for each in request.approvers],
        "choices": [choice_to_json(each) for each in request.choices],
        "policy": request.policy.kind,
        "deadline": written,
        "requester": request.requester,
    }
    return {name: value for name, value in members.items() if value is not None}


def choice_to_json(choice: Choice) -> _Json:
    """Return a choice as JSON."""
    return {
        "id": choice.id,
        "label": choice.label,
        "positive": choice.positive,
        "words": list(choice.words),
    }


def choice_from_json(data: Mapping[str, Any]) -> Choice:
    """Read a choice that `choice_to_json` wrote."""
    words = tuple(data["words"])
    return Choice(data["id"], data["label"], positive=data["positive"], words=words)


def _approver_to_json(approver: Approver) -> _Json:
    members = {
        "address": approver.address,
        "name": approver.name,
        "language": approver.language,
    }
    return {name: value for name, value in members.items() if value}


class _Reader:
    """Reads members and gathers what is wrong with them."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def raise_problems(self) -> None:
        if self._problems:
            raise InvalidRequestError(self._problems)

    def check_size(self, data: object, most: int) -> None:
        try:
            octets = len(json.dumps(data, ensure_ascii=False).encode())
        except (TypeError, ValueError) as error:
            self._add("", f"cannot be written as JSON: {error}")
        else:
            if octets > most:
                self._add("", f"{octets} octets; {most} are allowed")

    def members(
        self, data: object, allowed: Mapping[str, type], field: str
    ) -> Mapping[str, Any]:
        """Return the members that are known and of the right type."""
        if not isinstance(data, dict):
            self._add(field, "has to be an object")
            return {}
        good: _Json = {}
        for name, value in cast("_Json", data).items():
            where = f"{field}.{name}" if field else name
            if name not in allowed:
                self._add(where, f"is unknown; known are {', '.join(allowed)}")
            elif value is not None and not isinstance(value, allowed[name]):
                self._add(where, f"has to be {_TYPE_NAMES[allowed[name]]}")
            elif value is not None:
                good[name] = value
        return good

    def read(self, name: str, value: Any) -> object:
        match name:
            case "approvers":
                return tuple(self._each(name, value, self._approver))
            case "choices":
                return tuple(self._each(name, value, self._choice))
            case "policy":
                return self._policy(value)
            case "deadline":
                return self._deadline(value)
            case _:
                return value

    def _each[T](self, name: str, values: list[Any], read: _Read[T]) -> list[T]:
        results = (read(v, f"{name}[{i}]") for i, v in enumerate(values))
        return [result for result in results if result is not None]

    def _approver(self, value: object, field: str) -> Approver | None:
        known = {"address": value} if isinstance(value, str) else value
        members = self.members(known, _APPROVER_MEMBERS, field)
        if not members:
            return None
        try:
            return Approver(
                members.get("address", ""),
                members.get("name", ""),
                members.get("language"),
            )
        except InvalidRequestError as error:
            self._add(f"{field}.address", error.problems[0].message)
            return None

    def _choice(self, value: object, field: str) -> Choice | None:
        if isinstance(value, str):
            if value not in _BY_ID:
                self._add(field, "needs an object with id, label and positive")
            return _BY_ID.get(value)
        members = self.members(value, _CHOICE_MEMBERS, field)
        missing = {"id", "label", "positive"} - members.keys()
        words: list[object] = members.get("words", [])
        if missing and members:
            self._add(field, f"lacks {', '.join(sorted(missing))}")
        if not all(isinstance(word, str) for word in words):
            self._add(f"{field}.words", "has to be an array of strings")
            return None
        return None if missing else choice_from_json({"words": [], **members})

    def _policy(self, value: str) -> Policy:
        if value not in _POLICIES:
            self._add(
                "policy", f"{value!r} is unknown; known are {', '.join(_POLICIES)}"
            )
            return Policy.any()
        return Policy(value)

    def _deadline(self, value: str) -> datetime | timedelta | None:
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
        try:
            return parse_duration(value)
        except ValueError:
            self._add(
                "deadline",
                f"{value!r} is neither a time such as 2030-01-31T17:00:00Z "
                "nor a duration such as 4h or 7d",
            )
            return None

    def _add(self, field: str, message: str) -> None:
        self._problems.append(Problem(field, message))
