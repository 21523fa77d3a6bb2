"""The operations on tasks: states, versions, leases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .desk import DAY, GROUP, START, action, callback, settlement

if TYPE_CHECKING:
    from collections.abc import Callable

    from .desk import Desk


def test_target_makes_a_task(desk: Desk) -> None:
    """A promise with a target has a pending task of version 0, sent at once."""
    desk.promise("t", target=GROUP)
    assert desk.task() == {"id": "t", "state": "pending", "version": 0, "resumes": 0}
    assert desk.claim() == [
        {"kind": "execute", "head": {}, "data": {"task": {"id": "t", "version": 0}}}
    ]


def test_acquire_holds_the_task(desk: Desk) -> None:
    """Acquiring raises the version and answers with the promise."""
    made = desk.promise("t", target=GROUP)
    answer = desk.acquire("t", ttl=7)
    assert answer["promise"] == made
    assert answer["task"] == {
        "id": "t",
        "state": "acquired",
        "version": 1,
        "resumes": 0,
        "ttl": 7,
        "pid": "me",
    }


def test_acquire_preloads_the_branch(desk: Desk) -> None:
    """The other promises of the branch come along, others do not."""
    desk.promise("t", target=GROUP, branch="t", origin="t")
    step = desk.promise("t:1", branch="t", origin="t")
    desk.promise("t:2", branch="t:2", origin="t")
    assert desk.acquire("t")["preload"] == [step]


def test_create_holds_at_once(desk: Desk) -> None:
    """``task.create`` makes an acquired task, of which no message is sent."""
    answer = _create(desk)
    assert answer["task"]["state"] == "acquired"
    assert answer["task"]["version"] == 1
    assert answer["promise"]["state"] == "pending"
    assert desk.claim() == []


def test_create_takes_over_a_pending_task(desk: Desk) -> None:
    """``task.create`` of a pending task acquires it."""
    desk.promise("t", target=GROUP)
    answer = _create(desk)
    assert (answer["task"]["state"], answer["task"]["version"]) == ("acquired", 1)


def test_create_shows_a_fulfilled_task(desk: Desk) -> None:
    """``task.create`` of what is over answers with it."""
    desk.promise("t", target=GROUP)
    desk.resolve("t")
    answer = _create(desk)
    assert answer["task"]["state"] == "fulfilled"
    assert answer["promise"]["state"] == "resolved"


def test_create_past_the_deadline_is_over(desk: Desk) -> None:
    """``task.create`` of a promise whose deadline is over holds nothing."""
    answer = _create(desk, timeout=0)
    assert answer["task"]["state"] == "fulfilled"
    assert answer["promise"]["state"] == "rejected_timedout"


CREATIONS: dict[str, tuple[Callable[[Desk], object], dict[str, str], int]] = {
    "held-by-another": (lambda desk: desk.held("t"), {"resonate:target": GROUP}, 409),
    "promise-without-task": (
        lambda desk: desk.promise("t"),
        {"resonate:target": GROUP},
        422,
    ),
    "no-target": (lambda _desk: None, {}, 400),
    "delay": (
        lambda _desk: None,
        {"resonate:target": GROUP, "resonate:delay": "1"},
        400,
    ),
    "unreachable": (lambda _desk: None, {"resonate:target": "http://x/"}, 400),
}


@pytest.mark.parametrize(
    ("before", "tags", "status"), CREATIONS.values(), ids=CREATIONS
)
def test_create_is_refused(
    desk: Desk, before: Callable[[Desk], object], tags: dict[str, str], status: int
) -> None:
    """``task.create`` refuses what cannot be held."""
    before(desk)
    create = action("promise.create", id="t", timeoutAt=START + DAY, tags=tags)
    assert desk.ask("task.create", pid="me", ttl=1, action=create)[0] == status


def test_release_sends_it_again(desk: Desk) -> None:
    """A released task is pending in its version and sent at once."""
    version = desk.held("t")
    desk.ok("task.release", id="t", version=version)
    assert desk.task()["state"] == "pending"
    assert desk.claim()[0]["data"]["task"] == {"id": "t", "version": version}


def test_pauses_grow_while_it_gets_nowhere(desk: Desk) -> None:
    """A task released again and again is sent after 0, 1, 2, 4 … 30 s."""
    desk.promise("t", target=GROUP)
    pauses: list[int] = []
    for _ in range(8):
        began = desk.clock.now
        while not desk.claim():
            desk.clock.now += 500
        pauses.append(desk.clock.now - began)
        version = desk.acquire("t")["task"]["version"]
        desk.ok("task.release", id="t", version=version)
    assert pauses == [0, 0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000]


def test_progress_ends_the_pauses(desk: Desk) -> None:
    """A task that suspended is sent at once when it is released next."""
    version = desk.held("t")
    for _ in range(4):
        desk.ok("task.release", id="t", version=version)
        version = desk.acquire("t")["task"]["version"]
    desk.promise("t:1")
    desk.suspend("t", version, "t:1")
    desk.resolve("t:1")
    desk.ok("task.release", id="t", version=desk.acquire("t")["task"]["version"])
    assert desk.claim() != []


def test_fulfil_settles_its_promise(desk: Desk) -> None:
    """Fulfilling settles the promise and ends the task."""
    version = desk.held("t")
    answer = desk.ok(
        "task.fulfill", id="t", version=version, action=settlement("t", "x")
    )
    assert answer["promise"] == desk.ok("promise.get", id="t")["promise"]
    assert answer["promise"]["value"] == {"data": "x"}
    assert desk.task() == {
        "id": "t",
        "state": "fulfilled",
        "version": 1,
        "resumes": 0,
    }


def test_settling_its_promise_ends_a_task(desk: Desk) -> None:
    """Who held a task whose promise was settled from outside holds it no more."""
    version = desk.held("t")
    desk.resolve("t", "outside")
    status, _ = desk.ask(
        "task.fulfill", id="t", version=version, action=settlement("t")
    )
    assert status == 409
    assert desk.ok("promise.get", id="t")["promise"]["value"] == {"data": "outside"}


def test_suspended_task_resumes(desk: Desk) -> None:
    """The settlement of one awaited promise makes the task pending and due."""
    version = desk.held("t")
    desk.promise("t:1")
    desk.promise("t:2")
    assert desk.suspend("t", version, "t:1", "t:2") == (200, {})
    assert desk.task()["state"] == "suspended"
    desk.claim()
    desk.resolve("t:2")
    assert (desk.task()["state"], desk.task()["resumes"]) == ("pending", 1)
    assert len(desk.claim()) == 1


def test_suspend_on_a_settled_promise_goes_on(desk: Desk) -> None:
    """A suspend that has nothing to wait for answers 300 with the branch's promises."""
    version = desk.held("t", branch="t", origin="t")
    desk.promise("t:1", branch="t", origin="t")
    settled = desk.resolve("t:1")
    desk.ok("promise.register_callback", awaited="t:1", awaiter="t")
    assert desk.suspend("t", version, "t:1") == (300, {"preload": [settled]})
    assert (desk.task()["state"], desk.task()["resumes"]) == ("acquired", 0)


def test_suspend_notices_a_deadline(desk: Desk) -> None:
    """An awaited promise without target is expired by the suspend's touch."""
    version = desk.held("t")
    desk.promise("t:1", timeout=10)
    desk.clock.now += 10
    assert desk.suspend("t", version, "t:1")[0] == 300


def test_refused_suspend_leaves_it_held(desk: Desk) -> None:
    """A suspend on an unknown promise changes nothing, known ones included."""
    version = desk.held("t")
    desk.promise("t:1")
    assert desk.suspend("t", version, "t:1", "t:none")[0] == 422
    assert desk.task()["state"] == "acquired"
    desk.resolve("t:1")
    assert desk.task()["resumes"] == 0


def test_fence_creates_and_settles(desk: Desk) -> None:
    """A held task creates and settles other promises in the server's form."""
    version = desk.held("t")
    create = action("promise.create", id="t:1", timeoutAt=START + DAY, tags={})
    made = desk.ok("task.fence", id="t", version=version, action=create)["action"]
    assert (made["kind"], made["head"]["status"]) == ("promise.create", 200)
    assert made["data"]["promise"]["state"] == "pending"
    done = desk.ok("task.fence", id="t", version=version, action=settlement("t:1"))
    assert done["action"]["data"]["promise"]["state"] == "resolved"


def test_fence_on_an_unknown_promise_says_so_inside(desk: Desk) -> None:
    """The fence holds, its action does not: 200 outside, 404 inside."""
    version = desk.held("t")
    answer = desk.ok("task.fence", id="t", version=version, action=settlement("t:1"))
    assert answer["action"]["head"]["status"] == 404
    assert answer["action"]["data"] == "Promise not found"


BAD: dict[str, tuple[str, dict[str, Any]]] = {
    "fence-own": ("task.fence", {"id": "t", "version": 1, "action": settlement("t")}),
    "fence-kind": (
        "task.fence",
        {"id": "t", "version": 1, "action": action("promise.get", id="t:1")},
    ),
    "fence-target": (
        "task.fence",
        {
            "id": "t",
            "version": 1,
            "action": action(
                "promise.create",
                id="t:1",
                timeoutAt=START + DAY,
                tags={"resonate:target": "http://x/"},
            ),
        },
    ),
    "fulfil-other": (
        "task.fulfill",
        {"id": "t", "version": 1, "action": settlement("t:1")},
    ),
    "suspend-nothing": ("task.suspend", {"id": "t", "version": 1, "actions": []}),
    "suspend-other": (
        "task.suspend",
        {"id": "t", "version": 1, "actions": [callback("t:1", "u")]},
    ),
    "suspend-self": (
        "task.suspend",
        {"id": "t", "version": 1, "actions": [callback("t", "t")]},
    ),
    "suspend-foreign": (
        "task.suspend",
        {"id": "t", "version": 1, "actions": [callback("u", "t")]},
    ),
    "heartbeat-nothing": ("task.heartbeat", {"pid": "me", "tasks": []}),
}


@pytest.mark.parametrize(("kind", "data"), BAD.values(), ids=BAD)
def test_contradicting_request_is_refused(
    desk: Desk, kind: str, data: dict[str, Any]
) -> None:
    """A request that contradicts itself is refused and changes nothing."""
    desk.held("t")
    desk.promise("u")
    assert desk.ask(kind, **data)[0] == 400
    assert desk.task()["state"] == "acquired"


ACTIONS: dict[str, dict[str, Any]] = {
    "task.release": {},
    "task.fulfill": {"action": settlement("t")},
    "task.suspend": {"actions": [callback("t:1", "t")]},
    "task.fence": {"action": settlement("t:1")},
}


@pytest.mark.parametrize(("kind", "data"), ACTIONS.items(), ids=ACTIONS)
def test_lost_lease_cannot_act(desk: Desk, kind: str, data: dict[str, Any]) -> None:
    """Who let its lease lapse is refused, before and after another has the task."""
    desk.promise("t:1")
    version = desk.held("t")
    desk.pass_by(1_000)
    assert desk.ask(kind, id="t", version=version, **data)[0] == 409
    desk.acquire("t")
    assert desk.ask(kind, id="t", version=version, **data)[0] == 409
    assert desk.ok("promise.get", id="t:1")["promise"]["state"] == "pending"


def test_acquire_checks_the_version(desk: Desk) -> None:
    """An old message does not acquire a task that was held since."""
    version = desk.held("t")
    desk.ok("task.release", id="t", version=version)
    status, _ = desk.ask("task.acquire", id="t", version=0, pid="me", ttl=1)
    assert status == 409


def test_held_task_cannot_be_acquired(desk: Desk) -> None:
    """Of two who got the message one has the task."""
    desk.held("t")
    status, _ = desk.ask("task.acquire", id="t", version=1, pid="you", ttl=1)
    assert status == 409


def test_heartbeat_renews_each_lease(desk: Desk) -> None:
    """One heartbeat renews tasks of several origins."""
    tasks = [{"id": name, "version": desk.held(name)} for name in ("a", "b")]
    desk.pass_by(900)
    desk.ok("task.heartbeat", pid="me", tasks=tasks)
    desk.pass_by(900)
    assert {desk.task(name)["state"] for name in ("a", "b")} == {"acquired"}
    desk.pass_by(100)
    assert {desk.task(name)["state"] for name in ("a", "b")} == {"pending"}


@pytest.mark.parametrize(
    ("pid", "version"), [("you", 1), ("me", 0)], ids=["other-process", "old-version"]
)
def test_heartbeat_of_another_renews_nothing(
    desk: Desk, pid: str, version: int
) -> None:
    """A heartbeat counts only for the process and version that hold the task."""
    desk.held("t")
    desk.pass_by(900)
    desk.ok("task.heartbeat", pid=pid, tasks=[{"id": "t", "version": version}])
    desk.pass_by(100)
    assert desk.task()["state"] == "pending"


def test_halted_task_rests_until_continued(desk: Desk) -> None:
    """A halted task is not sent; continued, it is."""
    desk.promise("t", target=GROUP)
    desk.ok("task.halt", id="t")
    desk.ok("task.halt", id="t")
    assert (desk.task()["state"], desk.claim()) == ("halted", [])
    desk.ok("task.continue", id="t")
    assert (desk.task()["state"], len(desk.claim())) == ("pending", 1)


@pytest.mark.parametrize("kind", ["task.halt", "task.continue"])
def test_fulfilled_task_stays_so(desk: Desk, kind: str) -> None:
    """What is over can be neither halted nor continued."""
    desk.promise("t", target=GROUP)
    desk.resolve("t")
    assert desk.ask(kind, id="t")[0] == 409


def _create(desk: Desk, *, timeout: int = DAY) -> Any:
    create = action(
        "promise.create",
        id="t",
        timeoutAt=START + timeout,
        tags={"resonate:target": GROUP},
    )
    return desk.ok("task.create", pid="me", ttl=1_000, action=create)
