"""No statement reads a whole table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signoff.engine import outbox

from .desk import DAY, GROUP, START, action, settlement

if TYPE_CHECKING:
    from .desk import Desk

DATA = ("SELECT", "UPDATE", "DELETE", "INSERT")


def everything(desk: Desk) -> None:
    """Go through every kind and everything that time and delivery do."""
    version = desk.held("t", branch="t", origin="t")
    create = action("promise.create", id="t:1", timeoutAt=START + DAY, tags={"a": "b"})
    desk.ok("task.fence", id="t", version=version, action=create)
    desk.ok("promise.register_callback", awaited="t:1", awaiter="t")
    desk.ok("promise.register_listener", awaited="t:1", address="poll://uni@g/me")
    desk.ok("task.heartbeat", pid="me", tasks=[{"id": "t", "version": version}])
    desk.suspend("t", version, "t:1")
    desk.resolve("t:1")
    desk.within(lambda tx: outbox.claim(tx, {"any@g": 9, "uni@g/me": 9}))
    version = desk.acquire("t")["task"]["version"]
    desk.ok("task.release", id="t", version=version)
    desk.ok("task.halt", id="t")
    desk.ok("task.continue", id="t")
    version = desk.acquire("t")["task"]["version"]
    desk.ok("task.fulfill", id="t", version=version, action=settlement("t"))
    create["data"] = {
        "id": "u",
        "timeoutAt": START + 10,
        "tags": {"resonate:target": GROUP},
    }
    desk.ok("task.create", pid="me", ttl=5, action=create)
    desk.pass_by(5)
    desk.pass_by(5)
    for tags in ("a", "resonate:branch", "resonate:parent", "resonate:scope"):
        desk.ok("promise.search", tags={tags: "b"}, cursor="a")
    desk.ok("promise.search", state="resolved")
    desk.within(outbox.recall)
    desk.within(lambda tx: outbox.forget(tx, [1]))
    messages = [outbox.Message("any@g", None, b"", task="u")]
    messages += [outbox.Message("uni@g/me", None, b"", unblock=1)]
    desk.within(lambda tx: outbox.give_back(tx, messages))


def test_every_statement_has_an_index(desk: Desk) -> None:
    """SQLite's plan of each statement ever run names no scan and no sorting."""
    seen: set[str] = set()
    desk.connection.set_trace_callback(seen.add)
    everything(desk)
    desk.connection.set_trace_callback(None)
    statements = [sql for sql in seen if sql.startswith(DATA)]
    assert len(statements) > 50
    for sql in statements:
        plan = desk.connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        steps = [step[3] for step in plan]
        assert not [s for s in steps if "SCAN" in s or "TEMP B-TREE" in s], (sql, steps)
