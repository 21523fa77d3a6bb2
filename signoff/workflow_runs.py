"""Runs of workflows: starting one, finding it again, and its document.

The engine's root promise is all there is of a run: its id is the workflow_id,
its param keeps the call as it was sent, its value is the result. So a run is
started and told by any gateway, and none remembers it.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from signoff.approvals import APPROVAL, LIFETIME
from signoff.domain.request import MAX_REQUEST_OCTETS, check_deadline
from signoff.domain.request_json import request_from_json
from signoff.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    Problem,
)
from signoff.ports import Call, DurablePromise, Promises, Workflows

#: What the ids of our own promises begin with.
RESERVED_PREFIX = "signoff-"
#: The rule for a workflow_id, as those are told who break it.
ID_RULE = (
    "has to be 1 to 100 of A-Z a-z 0-9 . _ -, not dots alone, "
    f"and must not begin with {RESERVED_PREFIX}"
)

_ID = re.compile(r"[A-Za-z0-9._-]{1,100}", re.ASCII)
_MEMBERS = ("workflow_id", "workflow", "request")

type _Json = dict[str, Any]


class RunEngine(Promises, Workflows, Protocol):
    """What starting a run needs."""


@dataclass(frozen=True, kw_only=True)
class RunOrder:
    """What someone wants to have run."""

    #: The id of the run.
    workflow_id: str
    #: A registered name; None: `APPROVAL`, or whatever already runs.
    workflow: str | None = None
    #: What it is called with; None: not given.
    request: Mapping[str, Any] | None = None


def read_order(data: object) -> RunOrder:
    """Read the body of ``POST /start-workflow``.

    Args:
        data: The decoded JSON.

    Raises:
        InvalidRequestError: With every problem found, each naming its member.
    """
    if not isinstance(data, dict):
        raise InvalidRequestError([Problem("", "has to be a JSON object")])
    members = cast("_Json", data)
    problems = [
        Problem(name, f"is unknown; known are {', '.join(_MEMBERS)}")
        for name in members
        if name not in _MEMBERS
    ]
    problems += _id_problems(members.get("workflow_id"))
    problems += _name_problems(members.get("workflow"))
    problems += _request_problems(members.get("workflow"), members.get("request"))
    if problems:
        raise InvalidRequestError(problems)
    return RunOrder(**members)


async def start_run(
    engine: RunEngine, order: RunOrder, *, names: Collection[str], now: datetime
) -> DurablePromise:
    """Start a run, or find the one of that id.

    A run that exists is compared with the order's members, and only with those
    that were given; whether it could be started now does not matter then.

    Args:
        engine: Where it runs.
        order: What is wanted.
        names: The workflows of users that are known here.
        now: The present instant.

    Raises:
        ConflictError: The run of that id was started with something else.
        EngineUnavailableError: No answer; starting it again is safe.
        InvalidRequestError: The deadline cannot be.
        NotFoundError: No workflow of that name is known; nothing was created.
    """
    promise = await engine.get(order.workflow_id)
    if promise is None:
        _check_startable(order, names, now)
        called = Call(order.workflow or APPROVAL, 1, (dict(order.request or {}),))
        promise = await engine.start(order.workflow_id, called, lifetime=LIFETIME)
    differences = _differences(order, promise)
    if differences:
        raise ConflictError(order.workflow_id, differences)
    return promise


def check_run(workflow_id: str, promise: DurablePromise | None) -> DurablePromise:
    """Return the promise of a run.

    Raises:
        NotFoundError: There is no run of that id.
    """
    known = is_run_id(workflow_id) and promise is not None and _call_of(promise)
    if promise is None or not known:
        raise NotFoundError(f"workflow_id {workflow_id!r}")
    return promise


def is_run_id(text: str) -> bool:
    """Say whether a run can have this id; `ID_RULE` says it in words."""
    # Dots alone are no name in a path: clients take them for the folder above.
    named = _ID.fullmatch(text) is not None and bool(text.strip("."))
    return named and not text.startswith(RESERVED_PREFIX)


def _id_problems(workflow_id: object) -> list[Problem]:
    if isinstance(workflow_id, str) and is_run_id(workflow_id):
        return []
    missing = workflow_id is None
    return [Problem("workflow_id", f"is missing; it {ID_RULE}" if missing else ID_RULE)]


def _name_problems(workflow: object) -> list[Problem]:
    if workflow is None or isinstance(workflow, str):
        return []
    return [Problem("workflow", "has to be a string: the name of a workflow")]


def _request_problems(workflow: object, request: object) -> list[Problem]:
    if request is None:
        return []
    if not isinstance(request, dict):
        return [Problem("request", "has to be an object")]
    if workflow not in (None, APPROVAL):
        return _size_problems(cast("_Json", request))
    try:
        request_from_json(cast("_Json", request))
    except InvalidRequestError as error:
        return [
            Problem(f"request.{each.field}".rstrip("."), each.message)
            for each in error.problems
        ]
    return []


def _size_problems(request: _Json) -> list[Problem]:
    """Check what goes to a user's workflow, whose members are not ours to judge."""
    try:
        octets = len(json.dumps(request, ensure_ascii=False).encode())
    except (ValueError, RecursionError) as error:
        return [Problem("request", f"cannot be written as JSON: {error}")]
    if octets > MAX_REQUEST_OCTETS:
        message = f"{octets} octets; {MAX_REQUEST_OCTETS} are allowed"
        return [Problem("request", message)]
    return []


def _check_startable(order: RunOrder, names: Collection[str], now: datetime) -> None:
    if order.workflow not in (None, APPROVAL, *names):
        raise NotFoundError(f"a workflow named {order.workflow!r}")
    if order.workflow in names or order.request is None:
        return
    deadline = request_from_json(order.request).deadline
    problem = check_deadline(deadline, now) if isinstance(deadline, datetime) else None
    if problem:
        raise InvalidRequestError([Problem("request.deadline", problem.message)])


def _differences(order: RunOrder, promise: DurablePromise) -> list[str]:
    """List the members that were given and differ from what was started."""
    called = _call_of(promise)
    if called is None:
        return ["origin"]
    function, sent = called
    differences: list[str] = []
    if order.workflow is not None and order.workflow != function:
        differences.append("workflow")
    differences += [
        f"request.{name}"
        for name, value in (order.request or {}).items()
        if sent.get(name) != value
    ]
    return differences


def _call_of(promise: DurablePromise) -> tuple[str, _Json] | None:
    """Return function and request of a run; None: the promise is of no run."""
    match promise.param:
        case {"func": str(function), "args": [first, *_]}:
            return function, cast("_Json", first) if isinstance(first, dict) else {}
        case {"func": str(function)}:
            return function, {}
        case _:
            return None
