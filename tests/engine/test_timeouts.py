"""What time does: deadlines, leases, messages that are due later."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from signoff.engine import outbox, timeouts

from .desk import DAY, GROUP, START

if TYPE_CHECKING:
    from .desk import Desk


def test_deadline_of_a_target_is_kept_by_time(desk: Desk) -> None:
    """A promise with a target is timed out at its deadline, its task ended."""
    desk.promise("t", timeout=10, target=GROUP)
    desk.pass_by(10)
    state, settled_at, task = _kept(desk, "t")
    assert (state, settled_at, task) == ("rejected_timedout", START + 10, "fulfilled")


def test_deadline_without_a_target_waits_for_a_touch(desk: Desk) -> None:
    """A promise without target is kept as it is until somebody looks."""
    desk.promise("p", timeout=10)
    desk.pass_by(10)
    assert _kept(desk, "p")[0] == "pending"
    desk.ok("promise.get", id="p")
    assert _kept(desk, "p")[0] == "rejected_timedout"


def test_timer_wakes_who_awaits_it(desk: Desk) -> None:
    """A sleep resolves at its deadline and makes the sleeper due."""
    version = desk.held("t")
    desk.promise("t:1", timeout=10, timer="true", target=GROUP)
    desk.suspend("t", version, "t:1")
    desk.pass_by(9)
    assert desk.claim() == []
    desk.pass_by(1)
    assert [message["data"]["task"]["id"] for message in desk.claim()] == ["t"]


def test_pending_timer_is_never_sent(desk: Desk) -> None:
    """Nobody is bothered with a timer: not at first, not again, not when it lapses."""
    desk.promise("s", target=GROUP, timer="true")
    assert desk.claim() == []
    desk.acquire("s", ttl=10)
    desk.pass_by(outbox.RESEND * 2)
    assert (desk.task("s")["state"], desk.claim()) == ("pending", [])


def test_lapsed_lease_is_sent_again(desk: Desk) -> None:
    """A task whose holder is silent is pending again and goes to another."""
    version = desk.held("t", ttl=1_000)
    desk.pass_by(999)
    assert desk.task()["state"] == "acquired"
    desk.pass_by(1)
    assert desk.task()["state"] == "pending"
    assert desk.claim()[0]["data"]["task"] == {"id": "t", "version": version}


def test_lapses_pause_ever_longer(desk: Desk) -> None:
    """A task that ends each worker it meets comes back at once, then ever later."""
    desk.promise("t", target=GROUP)
    pauses = [_lapse(desk) for _ in range(16)]
    assert pauses[:2] == [0, 1_000]
    assert all(later >= 2 * one for one, later in itertools.pairwise(pauses[:9]))
    assert timeouts.LAPSED_MOST / 2 <= pauses[-1] <= timeouts.LAPSED_MOST


def test_tasks_that_lapsed_together_come_back_apart(desk: Desk) -> None:
    """After some lapses at one instant, tasks meet a worker one by one."""
    names = ["one", "two", "three"]
    for name in names:
        desk.promise(name, target=GROUP)
        desk.connection.execute("UPDATE tasks SET lapses = 5")
        desk.acquire(name)
    desk.pass_by(1_000)
    due = desk.connection.execute("SELECT due_at FROM tasks").fetchall()
    assert len(set(due)) == len(names)


def test_progress_ends_the_pauses_after_lapses(desk: Desk) -> None:
    """A task that suspended is sent at once when its next worker is killed."""
    desk.promise("t", target=GROUP)
    for _ in range(4):
        _lapse(desk)
    desk.promise("t:1")
    desk.suspend("t", desk.acquire("t")["task"]["version"], "t:1")
    desk.resolve("t:1")
    assert _lapse(desk) == 0


def test_releases_do_not_delay_after_a_lapse(desk: Desk) -> None:
    """A task that was released often goes on at once when its worker is killed."""
    version = desk.held("t")
    for _ in range(5):
        desk.ok("task.release", id="t", version=version)
        version = desk.acquire("t")["task"]["version"]
    desk.ok("task.release", id="t", version=version)
    assert _lapse(desk) == 0


def test_unanswered_message_is_sent_again(desk: Desk) -> None:
    """A message that nobody acted on goes out again after 30 s."""
    desk.promise("t", target=GROUP)
    assert len(desk.claim()) == 1
    desk.pass_by(outbox.RESEND - 1)
    assert desk.claim() == []
    desk.pass_by(1)
    assert len(desk.claim()) == 1


def test_claim_says_when_it_repeats(desk: Desk) -> None:
    """A claim tells the timer when what it took is due again."""
    desk.promise("t", target=GROUP)
    desk.claim()
    assert desk.changes.earliest == START + outbox.RESEND


def test_delay_holds_the_first_message(desk: Desk) -> None:
    """A task with a delay is sent when that is over."""
    desk.promise("t", target=GROUP, delay=str(START + 500))
    assert desk.claim() == []
    desk.pass_by(500)
    assert len(desk.claim()) == 1


def test_killed_engine_sends_again_at_once(desk: Desk) -> None:
    """What an engine had sent before it was killed does not wait; pauses stay."""
    desk.promise("sent", target=GROUP)
    desk.claim()
    desk.promise("later", target=GROUP, delay=str(START + 500))
    desk.within(outbox.recall)
    assert [message["data"]["task"]["id"] for message in desk.claim()] == ["sent"]


def test_unblock_message_is_kept_until_forgotten(desk: Desk) -> None:
    """An unblock message is repeated until it was written, and an hour at most."""
    desk.promise("p")
    desk.ok("promise.register_listener", awaited="p", address="poll://uni@g/me")
    desk.resolve("p")
    assert len(desk.claim("uni@g/me")) == 1
    desk.pass_by(outbox.RESEND)
    assert len(desk.claim("uni@g/me")) == 1
    desk.pass_by(outbox.KEEP_UNBLOCKS)
    assert desk.claim("uni@g/me") == []


def test_written_unblock_message_is_dropped(desk: Desk) -> None:
    """A message that reached its worker is not repeated."""
    desk.promise("p")
    desk.ok("promise.register_listener", awaited="p", address="poll://uni@g/me")
    desk.resolve("p")
    claimed = desk.within(lambda tx: outbox.claim(tx, {"uni@g/me": 9}))
    desk.within(lambda tx: outbox.forget(tx, [claimed[0].unblock or 0]))
    desk.pass_by(outbox.RESEND)
    assert desk.claim("uni@g/me") == []


def test_messages_are_ascii(desk: Desk) -> None:
    """No line end or split character that a client might see hides in a message."""
    desk.promise("t\u2028\x85ü", target=GROUP)
    claimed = desk.within(lambda tx: outbox.claim(tx, {"any@g": 9}))
    assert claimed[0].payload.isascii()
    assert b"\\u2028" in claimed[0].payload


@pytest.mark.parametrize(
    ("what", "instant"),
    [
        ({"timeout": DAY}, None),
        ({"timeout": DAY, "target": GROUP, "timer": "true"}, START + DAY),
        ({"timeout": DAY, "target": GROUP, "delay": str(START + 5)}, START + 5),
    ],
    ids=["untimed", "timer", "delay"],
)
def test_next_instant_is_known(
    desk: Desk, what: dict[str, Any], instant: int | None
) -> None:
    """A change says when time must act next, and the database says the same."""
    desk.promise("p", **what)
    assert desk.changes.earliest == instant
    assert desk.within(timeouts.run_pass).next_due == instant


def test_long_backlog_is_done_in_parts(desk: Desk) -> None:
    """Many deadlines at once are kept in transactions of a bounded size."""
    for number in range(450):
        desk.promise(f"t{number}", timeout=10, target=GROUP)
    desk.clock.now += 10
    passes = [desk.within(timeouts.run_pass) for _ in range(3)]
    assert [done.more for done in passes] == [True, True, False]
    assert passes[-1].next_due is None


def _lapse(desk: Desk) -> int:
    """Let a task's lease lapse; return for how many ms it is not sent."""
    desk.acquire("t", ttl=1_000)
    desk.pass_by(1_000)
    (due,) = desk.connection.execute("SELECT due_at FROM tasks").fetchone()
    pause = due - desk.clock.now
    assert pause == 0 or desk.claim() == []
    desk.pass_by(pause)
    assert len(desk.claim()) == 1
    return pause


def _kept(desk: Desk, promise_id: str) -> tuple[str, int, str]:
    return desk.connection.execute(
        "SELECT p.state, p.settled_at, t.state FROM promises p"
        " LEFT JOIN tasks t ON t.id = p.id WHERE p.id = ?",
        (promise_id,),
    ).fetchone()
