"""Starting runs, finding them again, and what their documents say."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from signoff.errors import ConflictError, InvalidRequestError, NotFoundError
from signoff.ports import Call, DurablePromise
from signoff.run_documents import run_document
from signoff.testing import MemoryEngine
from signoff.workflow_runs import (
    APPROVAL,
    LIFETIME,
    RunOrder,
    check_run,
    read_order,
    start_run,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NAMES = frozenset({"deploy"})


@pytest.fixture
def engine() -> MemoryEngine:
    """Give an engine whose clock stands still."""
    return MemoryEngine(lambda: NOW)


async def start(engine: MemoryEngine, **members: Any) -> DurablePromise:
    """Start what a body asks for."""
    order = read_order({"workflow_id": "hitl-001", **members})
    return await start_run(engine, order, names=NAMES, now=NOW)


def fields_of(data: object) -> list[str]:
    """Return the fields that reading an order complains about."""
    with pytest.raises(InvalidRequestError) as caught:
        read_order(data)
    return [problem.field for problem in caught.value.problems]


@pytest.mark.parametrize(
    "workflow_id", ["a", "hitl-001", "A.b_c-9", "x" * 100, "Signoff-1", "signoff"]
)
def test_good_ids(workflow_id: str) -> None:
    """The id alone is an order."""
    assert read_order({"workflow_id": workflow_id}) == RunOrder(workflow_id=workflow_id)


@pytest.mark.parametrize(
    "workflow_id",
    ["", "x" * 101, "a b", "ä", "a/b", "a:1", "signoff-x", "a\n", 7, None, ["a"]],
    ids=repr,
)
def test_bad_ids(workflow_id: object) -> None:
    """Everything else breaks the rule."""
    assert fields_of({"workflow_id": workflow_id}) == ["workflow_id"]


@pytest.mark.parametrize(
    ("members", "fields"),
    [
        ({"extra": 1}, ["extra"]),
        ({"workflow": 7}, ["workflow"]),
        ({"request": []}, ["request"]),
        ({"request": {"subjekt": "x"}}, ["request.subjekt"]),
        ({"request": {"subject": 7}}, ["request.subject"]),
        ({"request": {"approvers": ["nobody"]}}, ["request.approvers[0].address"]),
        ({"request": {"body": "x" * 33_000}}, ["request"]),
        ({"request": {"deadline": "366d"}}, ["request.deadline"]),
        ({"workflow": "deploy", "request": {"x": "x" * 33_000}}, ["request"]),
        ({"workflow": "deploy", "request": {"x": "\ud800"}}, ["request"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_problems_name_their_member(members: dict[str, Any], fields: list[str]) -> None:
    """What is wrong is found by the path that stands in the problem."""
    assert fields_of({"workflow_id": "hitl-001", **members}) == fields


@pytest.mark.parametrize("data", [None, [], "x", 7], ids=repr)
def test_what_is_no_object(data: object) -> None:
    """JSON that is no object is no order."""
    assert fields_of(data) == [""]


async def test_an_id_alone_starts_an_approval(engine: MemoryEngine) -> None:
    """The engine gets our workflow, an empty request and a long life."""
    promise = await start(engine)
    assert promise.param["func"] == APPROVAL
    assert promise.param["args"] == [{}]
    assert promise.timeout_at == NOW + LIFETIME


async def test_the_request_is_kept_as_sent(engine: MemoryEngine) -> None:
    """Defaults and relative times are left to the workflow."""
    sent = {"subject": "Ship?", "deadline": "4h", "approvers": ["a@example.com"]}
    promise = await start(engine, request=sent)
    assert promise.param["args"] == [sent]


async def test_a_users_workflow_gets_what_was_sent(engine: MemoryEngine) -> None:
    """Its request is its own affair."""
    promise = await start(engine, workflow="deploy", request={"version": [4, 2]})
    assert promise.param["func"] == "deploy"
    assert promise.param["args"] == [{"version": [4, 2]}]


async def test_an_unknown_workflow_creates_nothing(engine: MemoryEngine) -> None:
    """A name that nobody registered is refused before anything is kept."""
    with pytest.raises(NotFoundError):
        await start(engine, workflow="undeploy")
    assert await engine.get("hitl-001") is None


@pytest.mark.parametrize("days", [-1, 0, 366])
async def test_deadlines_that_cannot_be(engine: MemoryEngine, days: int) -> None:
    """An instant in the past or over a year ahead names its member."""
    deadline = (NOW + timedelta(days=days)).isoformat()
    with pytest.raises(InvalidRequestError) as caught:
        await start(engine, request={"deadline": deadline})
    assert caught.value.problems[0].field == "request.deadline"
    assert await engine.get("hitl-001") is None


async def test_a_deadline_that_has_passed_reconnects(engine: MemoryEngine) -> None:
    """The very same body finds its run, also after its own deadline."""
    request = {"deadline": (NOW + timedelta(hours=1)).isoformat()}
    first = await start(engine, request=request)
    order = read_order({"workflow_id": "hitl-001", "request": request})
    later = NOW + timedelta(days=1)
    assert await start_run(engine, order, names=NAMES, now=later) == first


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"workflow": None, "request": None},
        {"request": {}},
        {"request": {"subject": "Ship?"}},
        {"request": {"subject": "Ship?", "body": None}},
        {"workflow": APPROVAL},
    ],
    ids=repr,
)
async def test_the_same_again_reconnects(
    engine: MemoryEngine, members: dict[str, Any]
) -> None:
    """Only members that are given are compared."""
    first = await start(engine, request={"subject": "Ship?", "policy": "all"})
    assert await start(engine, **members) == first


@pytest.mark.parametrize(
    ("members", "differences"),
    [
        ({"workflow": "deploy"}, ("workflow",)),
        ({"request": {"subject": "Sink?"}}, ("request.subject",)),
        ({"request": {"body": "new"}}, ("request.body",)),
        (
            {"request": {"subject": "Sink?", "policy": "any"}},
            ("request.subject", "request.policy"),
        ),
    ],
    ids=["workflow", "changed", "added", "two"],
)
async def test_other_members_conflict(
    engine: MemoryEngine, members: dict[str, Any], differences: tuple[str, ...]
) -> None:
    """What differs is named, and the first run stays as it is."""
    first = await start(engine, request={"subject": "Ship?", "policy": "all"})
    with pytest.raises(ConflictError) as caught:
        await start(engine, **members)
    assert caught.value.differences == differences
    assert await engine.get("hitl-001") == first


async def test_an_id_that_is_no_run_conflicts(engine: MemoryEngine) -> None:
    """A promise that others put there is not taken for a run."""
    await engine.create("hitl-001", {"odd": 1}, timeout_at=NOW + LIFETIME)
    with pytest.raises(ConflictError):
        await start(engine)


@pytest.mark.parametrize("param", [None, "x", {"kind": "invitation"}], ids=repr)
async def test_promises_that_are_no_runs(engine: MemoryEngine, param: object) -> None:
    """They are not told of."""
    promise = await engine.create("x", param, timeout_at=NOW + LIFETIME)
    with pytest.raises(NotFoundError):
        check_run("x", promise)


async def test_an_id_that_no_run_can_have(engine: MemoryEngine) -> None:
    """A promise of ours is not told of, even if it looks like a run."""
    promise = await engine.start("signoff-x", Call("f", 1, ()), lifetime=LIFETIME)
    with pytest.raises(NotFoundError):
        check_run("signoff-x", promise)


DECISION = {"outcome": "approve", "reason": "policy_met", "responses": [{}]}


async def document(engine: MemoryEngine, value: object, **members: Any) -> Any:
    """Return the document of a run that ended with a value."""
    await start(engine, **members)
    run = await engine.settle("hitl-001", value)
    assert run is not None
    return (await run_document(engine, run, self_link="/here")).body


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "decided"),
        ({"outcome": "reject", "reason": "unmeetable"}, "decided"),
        ({"outcome": "expired", "reason": "deadline"}, "expired"),
        ({"outcome": "withdrawn", "reason": "withdrawn"}, "withdrawn"),
        (
            {"outcome": "undeliverable", "reason": "unmeetable", "responses": []},
            "undeliverable",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_states_of_decided_runs(
    engine: MemoryEngine, changes: dict[str, Any], state: str
) -> None:
    """The reason says how it ended, not the name of a choice."""
    found = await document(engine, DECISION | changes)
    assert found["state"] == state
    assert found["decision"] == DECISION | changes
    assert found["waiting_for"] == []


async def test_the_result_of_a_users_workflow(engine: MemoryEngine) -> None:
    """It stands in place of the decision, whatever it looks like."""
    found = await document(engine, {"reason": "deadline"}, workflow="deploy")
    assert (found["state"], found["result"]) == ("decided", {"reason": "deadline"})
    assert "decision" not in found


@pytest.mark.parametrize(
    ("state", "value", "error"),
    [
        ("rejected", {"message": "no such host"}, "no such host"),
        ("rejected", None, "the workflow failed without saying why"),
        ("rejected", {"message": 7}, "the workflow failed without saying why"),
        ("rejected_canceled", None, "the workflow was cancelled"),
        ("rejected_timedout", None, "the workflow did not end in its time"),
    ],
    ids=["message", "silent", "odd", "cancelled", "timed out"],
)
async def test_runs_that_failed(
    engine: MemoryEngine, state: Any, value: object, error: str
) -> None:
    """A rejection is told in words."""
    run = DurablePromise(
        id="hitl-001",
        state=state,
        param={"func": APPROVAL, "args": [{}]},
        value=value,
        tags={},
        timeout_at=NOW,
        created_at=NOW,
    )
    found = (await run_document(engine, run, self_link="/here")).body
    assert (found["state"], found["error"]) == ("failed", error)
    assert found["decision"] is None
