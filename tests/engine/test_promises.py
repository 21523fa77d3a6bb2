"""The operations on promises, as a client sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .desk import DAY, GROUP, START, callback

if TYPE_CHECKING:
    from .desk import Desk


def test_created_promise_is_returned_as_kept(desk: Desk) -> None:
    """A new promise has what was asked for and no settlement."""
    made = desk.ok(
        "promise.create",
        id="p",
        timeoutAt=START + 5,
        param={"headers": {"a": "b"}, "data": "eA=="},
        tags={"color": "blue"},
    )["promise"]
    assert made == desk.ok("promise.get", id="p")["promise"]
    assert made == {
        "id": "p",
        "state": "pending",
        "param": {"headers": {"a": "b"}, "data": "eA=="},
        "value": {},
        "tags": {"color": "blue"},
        "timeoutAt": START + 5,
        "createdAt": START,
    }


def test_creating_again_returns_the_first(desk: Desk) -> None:
    """An id that exists is answered with its record, whatever is asked."""
    first = desk.promise("p", color="blue")
    desk.clock.now += 1
    assert desk.promise("p", color="red") == first


def test_first_settlement_stands(desk: Desk) -> None:
    """A second settlement is answered with the first."""
    desk.promise("p")
    first = desk.resolve("p", "one")
    desk.clock.now += 1
    status, answer = desk.ask(
        "promise.settle", id="p", state="rejected", value={"data": "two"}
    )
    assert (status, answer["promise"]) == (200, first)
    assert first["value"] == {"data": "one"}
    assert first["settledAt"] == START


@pytest.mark.parametrize("state", ["resolved", "rejected", "rejected_canceled"])
def test_settles_in_each_state(desk: Desk, state: str) -> None:
    """A promise takes the state that the settlement names."""
    desk.promise("p")
    assert desk.ok("promise.settle", id="p", state=state)["promise"]["state"] == state


@pytest.mark.parametrize(
    ("tags", "state"),
    [({}, "rejected_timedout"), ({"timer": "true"}, "resolved")],
    ids=["promise", "timer"],
)
def test_settling_past_the_deadline_finds_it_timed_out(
    desk: Desk, tags: dict[str, str], state: str
) -> None:
    """From its deadline on, a promise is what the deadline makes of it."""
    desk.promise("p", timeout=10, **tags)
    desk.clock.now += 10
    settled = desk.resolve("p", "late")
    assert (settled["state"], settled["settledAt"]) == (state, START + 10)
    assert settled["value"] == {}


def test_can_be_settled_until_the_deadline(desk: Desk) -> None:
    """The millisecond before the deadline is in time."""
    desk.promise("p", timeout=10)
    desk.clock.now += 9
    assert desk.resolve("p")["state"] == "resolved"


def test_created_past_its_deadline_is_timed_out(desk: Desk) -> None:
    """A promise whose deadline is over begins settled, its task fulfilled."""
    late = desk.promise("p", timeout=-1, target=GROUP)
    assert late["state"] == "rejected_timedout"
    assert late["createdAt"] == late["settledAt"] == START - 1
    assert desk.task("p")["state"] == "fulfilled"


def test_listener_is_told_of_the_settlement(desk: Desk) -> None:
    """A listener gets the settled record as an unblock message."""
    desk.promise("p")
    desk.ok("promise.register_listener", awaited="p", address="poll://uni@g/me")
    settled = desk.resolve("p", "x")
    assert desk.claim("uni@g/me") == [
        {"kind": "unblock", "head": {}, "data": {"promise": settled}}
    ]


def test_listener_of_a_settled_promise_is_answered_at_once(desk: Desk) -> None:
    """Who comes late reads the record and gets no message."""
    desk.promise("p")
    settled = desk.resolve("p")
    answer = desk.ok(
        "promise.register_listener", awaited="p", address="poll://uni@g/me"
    )
    assert answer["promise"] == settled
    assert desk.claim("uni@g/me") == []


def test_callback_resumes_a_suspended_task(desk: Desk) -> None:
    """A callback on a promise that is settled already wakes the awaiter at once."""
    version = desk.held("t")
    desk.promise("t:1")
    desk.promise("t:2")
    desk.suspend("t", version, "t:1")
    desk.resolve("t:2")
    desk.ok("promise.register_callback", awaited="t:2", awaiter="t")
    assert desk.task()["state"] == "pending"


def test_callback_on_a_pending_promise_waits(desk: Desk) -> None:
    """A registered callback counts as a resume once its promise is settled."""
    desk.held("t")
    desk.promise("t:1")
    desk.ok("promise.register_callback", awaited="t:1", awaiter="t")
    assert desk.task()["resumes"] == 0
    desk.resolve("t:1")
    assert desk.task()["resumes"] == 1


UNKNOWN: list[tuple[str, dict[str, Any], int]] = [
    ("promise.get", {"id": "no"}, 404),
    ("promise.settle", {"id": "no", "state": "resolved"}, 404),
    ("promise.register_listener", {"awaited": "no", "address": GROUP}, 404),
    ("promise.register_callback", {"awaited": "t:no", "awaiter": "t"}, 404),
    ("promise.register_callback", {"awaited": "t:1", "awaiter": "t:no"}, 422),
    ("promise.register_callback", {"awaited": "t", "awaiter": "t:1"}, 422),
    ("task.get", {"id": "no"}, 404),
    ("task.get", {"id": "t:1"}, 404),
    ("task.halt", {"id": "no"}, 404),
    ("task.continue", {"id": "no"}, 404),
    ("task.release", {"id": "no", "version": 0}, 404),
    ("task.acquire", {"id": "no", "version": 0, "pid": "me", "ttl": 1}, 404),
    (
        "task.suspend",
        {"id": "t", "version": 1, "actions": [callback("t:no", "t")]},
        422,
    ),
    ("task.search", {}, 400),
    ("schedule.get", {"id": "s"}, 400),
    ("debug.reset", {}, 400),
]


@pytest.mark.parametrize(
    ("kind", "data", "status"),
    UNKNOWN,
    ids=[f"{kind}-{status}" for kind, _, status in UNKNOWN],
)
def test_unknown_is_refused(
    desk: Desk, kind: str, data: dict[str, Any], status: int
) -> None:
    """What is not there is named in a sentence."""
    desk.held("t")
    desk.promise("t:1")
    refused, message = desk.ask(kind, **data)
    assert refused == status
    assert isinstance(message, str)


TAGS = {
    "origin-with-colon": {"resonate:origin": "a:b"},
    "foreign-origin": {"resonate:origin": "b"},
    "origin-only-a-prefix": {"resonate:origin": "roo"},
    "foreign-branch": {"resonate:branch": "root:2"},
    "foreign-parent": {"resonate:parent": "root:1.2"},
    "target-http": {"resonate:target": "http://10.0.0.1/"},
    "target-bare": {"resonate:target": "g"},
    "target-uni-without-pid": {"resonate:target": "poll://uni@g"},
    "target-other-cast": {"resonate:target": "poll://all@g"},
    "delay-no-number": {"resonate:target": GROUP, "resonate:delay": "soon"},
    "delay-other-digits": {"resonate:target": GROUP, "resonate:delay": "٣"},
    "delay-negative": {"resonate:target": GROUP, "resonate:delay": "-1"},
    "delay-huge": {"resonate:target": GROUP, "resonate:delay": "9" * 5000},
    "delay-after-timeout": {"resonate:target": GROUP, "resonate:delay": str(2**53)},
    "delay-without-target": {"resonate:delay": "1"},
}


@pytest.mark.parametrize("tags", TAGS.values(), ids=TAGS)
def test_contradicting_tags_are_refused(desk: Desk, tags: dict[str, str]) -> None:
    """Tags that the id or the timeout contradicts are refused, and nothing is kept."""
    status, _ = desk.ask(
        "promise.create", id="root:1.1", timeoutAt=START + DAY, tags=tags
    )
    assert status == 400
    assert desk.ask("promise.get", id="root:1.1")[0] == 404


@pytest.mark.parametrize(
    ("promise_id", "parent"),
    [("root", "root"), ("root:1", "root"), ("root:1.2", "root:1"), ("a.b:1", "a.b")],
)
def test_lineage_of_the_sdk_is_accepted(
    desk: Desk, promise_id: str, parent: str
) -> None:
    """Ids below their parent, as the SDK makes them, are accepted."""
    origin = promise_id.partition(":")[0]
    made = desk.promise(promise_id, parent=parent, branch=promise_id, origin=origin)
    assert made["state"] == "pending"


@pytest.mark.parametrize("address", ["http://x/", "poll://uni@g", "", "x" * 2000])
def test_listener_address_must_be_reachable(desk: Desk, address: str) -> None:
    """An address that this engine cannot reach is refused."""
    desk.promise("p")
    status, _ = desk.ask("promise.register_listener", awaited="p", address=address)
    assert status == 400


@pytest.mark.parametrize(
    ("awaited", "awaiter"), [("t", "t"), ("other:1", "t")], ids=["self", "origin"]
)
def test_callback_stays_within_its_origin(
    desk: Desk, awaited: str, awaiter: str
) -> None:
    """A task awaits other promises of its own lineage only."""
    status, _ = desk.ask("promise.register_callback", awaited=awaited, awaiter=awaiter)
    assert status == 400
