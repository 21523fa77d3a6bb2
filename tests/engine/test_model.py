"""Whatever is asked in whatever order: an answer of the protocol, and a sound file."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from signoff.engine import kinds

from .desk import DAY, GROUP, START, Desk, action, callback, settlement

IDS = ("a", "a:1", "a:2", "a:1.1", "b")

ids = st.sampled_from(IDS)
versions = st.integers(0, 4)
tags = st.fixed_dictionaries(
    {},
    optional={
        "resonate:target": st.sampled_from([GROUP, "poll://uni@g/me"]),
        "resonate:timer": st.just("true"),
        "resonate:branch": st.just("a"),
        "color": st.just("blue"),
    },
)
creations = st.fixed_dictionaries(
    {"id": ids, "timeoutAt": st.integers(START, START + 50), "tags": tags}
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)
leases = {"id": ids, "version": versions}

requests: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "promise.get": st.fixed_dictionaries({"id": ids}),
    "promise.create": creations,
    "promise.settle": st.fixed_dictionaries({"id": ids, "state": st.just("resolved")}),
    "promise.register_callback": st.fixed_dictionaries(
        {"awaited": ids, "awaiter": ids}
    ),
    "promise.register_listener": st.fixed_dictionaries(
        {"awaited": ids, "address": st.just("poll://uni@g/me")}
    ),
    "promise.search": st.fixed_dictionaries({"tags": tags}),
    "task.get": st.fixed_dictionaries({"id": ids}),
    "task.create": st.builds(
        lambda data: {
            "pid": "me",
            "ttl": 9,
            "action": action("promise.create", **data),
        },
        creations,
    ),
    "task.acquire": st.fixed_dictionaries(
        {**leases, "pid": st.just("me"), "ttl": st.just(9)}
    ),
    "task.release": st.fixed_dictionaries(leases),
    "task.fulfill": st.builds(
        lambda one, version: {"id": one, "version": version, "action": settlement(one)},
        ids,
        versions,
    ),
    "task.suspend": st.builds(
        lambda one, version, awaited: {
            "id": one,
            "version": version,
            "actions": [callback(other, one) for other in awaited],
        },
        ids,
        versions,
        st.lists(ids, min_size=1, max_size=2),
    ),
    "task.fence": st.builds(
        lambda one, version, data: {
            "id": one,
            "version": version,
            "action": action("promise.create", **data),
        },
        ids,
        versions,
        creations,
    ),
    "task.heartbeat": st.builds(
        lambda lease: {"pid": "me", "tasks": [lease]}, st.fixed_dictionaries(leases)
    ),
    "task.halt": st.fixed_dictionaries({"id": ids}),
    "task.continue": st.fixed_dictionaries({"id": ids}),
}

steps = st.one_of(
    *(st.tuples(st.just(kind), data) for kind, data in requests.items()),
    st.tuples(st.just("time"), st.integers(1, 20).map(lambda ms: {"ms": ms})),
    st.tuples(
        st.sampled_from(sorted(kinds.KINDS)),
        st.dictionaries(st.sampled_from(["id", "tags", "pid", "action"]), junk),
    ),
)

# Each is what a sound file has none of.
FAULTS = {
    "a target without a task": "SELECT p.id FROM promises p LEFT JOIN tasks t"
    " ON t.id = p.id WHERE p.target IS NOT NULL AND t.id IS NULL",
    "an end that its task missed": "SELECT p.id FROM promises p JOIN tasks t"
    " ON t.id = p.id WHERE (p.state = 'pending') = (t.state = 'fulfilled')",
    "a settled promise without its instant": "SELECT id FROM promises"
    " WHERE (state = 'pending') <> (settled_at IS NULL)",
    "a held task without a lease": "SELECT id FROM tasks WHERE state = 'acquired'"
    " AND (pid IS NULL OR ttl IS NULL OR due_at IS NULL)",
    "a lease that nobody holds": "SELECT id FROM tasks WHERE state <> 'acquired'"
    " AND (pid IS NOT NULL OR ttl IS NOT NULL)",
    "a pending task never sent": "SELECT id FROM tasks WHERE state = 'pending'"
    " AND due_at IS NULL",
    "a sleeper that nothing wakes": "SELECT t.id FROM tasks t"
    " WHERE t.state = 'suspended' AND NOT EXISTS (SELECT 1 FROM callbacks c"
    " JOIN promises p ON p.id = c.awaited"
    " WHERE c.awaiter = t.id AND c.ready = 0 AND p.state = 'pending')",
    "a callback of what is over": "SELECT c.awaiter FROM callbacks c JOIN tasks t"
    " ON t.id = c.awaiter WHERE t.state = 'fulfilled'",
    "a listener nobody told": "SELECT l.awaited FROM listeners l JOIN promises p"
    " ON p.id = l.awaited WHERE p.state <> 'pending'",
}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(steps, min_size=5, max_size=40))
def test_any_order_leaves_a_sound_file(
    script: list[tuple[str, dict[str, Any]]],
) -> None:
    """No order of requests and time leaves a task that nobody would ever run."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder) / "e.db")
        with contextlib.closing(desk.connection):
            for kind, data in script:
                play(desk, kind, data)
            for fault, sql in FAULTS.items():
                assert desk.connection.execute(sql).fetchall() == [], fault
            desk.pass_by(DAY)
            assert desk.within(lambda tx: tx.run(ACTIVE).fetchall()) == []


# What has a target ends at its deadline at the latest, halted or not.
ACTIVE = "SELECT id FROM tasks WHERE state <> 'fulfilled'"


def play(desk: Desk, kind: str, data: dict[str, Any]) -> None:
    """Take one step."""
    if kind == "time":
        desk.pass_by(data["ms"])
        return
    status, answer = desk.ask(kind, **data)
    assert status in {200, 300, 400, 404, 409, 422}
    assert isinstance(answer, dict if status < 400 else str)
