"""The durable workflow, on a real engine and the real SDK."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.worker.compose import ComposedMail
from signoff.approvals import (
    WORKFLOW_TAG,
    AlreadyAnswered,
    Concluded,
    Expired,
    Kept,
    find_invitation,
    find_receipt,
    find_request,
    signal,
)
from signoff.domain.delivery import Attempt
from signoff.domain.invitation import invitation_promise
from signoff.errors import EngineUnavailableError
from signoff.ports import Call
from tests.worlds import World, eventually

ADA, BOB = "ada@example.com", "bob@example.com"


async def test_an_answer_decides(world: World) -> None:
    """A yes to the only invitation approves, and the workflow ends."""
    [invitation] = await world.ask("w", subject="Deploy?", approvers=[ADA])
    assert isinstance(await world.answer(invitation, "approve"), Kept)
    decision = await world.decision("w")
    assert (decision.outcome, decision.approved) == ("approve", True)
    assert [answer.approver for answer in decision.responses] == [ADA]


async def test_nobody_named_asks_the_default_approver(world: World) -> None:
    """A request that names nobody goes to the default approver, for 7 days."""
    [invitation] = await world.ask("w")
    assert invitation.approver.address == "approver@localhost"
    left = invitation.deadline - world.clock()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)


async def test_the_request_is_published_as_it_is_shown(world: World) -> None:
    """What a page shows is what was asked, with nothing left open."""
    [invitation] = await world.ask("w", subject="Deploy?", body="**now**")
    request = await find_request(world.engine, invitation)
    assert (request.subject, request.body) == ("Deploy?", "**now**")
    assert request.deadline == invitation.deadline


async def test_any_is_decided_by_the_first(world: World) -> None:
    """With `any`, the second approver is told what was decided."""
    ada, bob = await world.ask("w", approvers=[ADA, BOB])
    await world.answer(ada, "approve")
    await world.decision("w")
    receipt = await world.answer(bob, "reject")
    assert isinstance(receipt, Concluded)
    assert receipt.summary.answers == ((ADA, "approve"),)


async def test_all_waits_for_everybody(world: World) -> None:
    """With `all`, it is approved when the last one said yes."""
    ada, bob = await world.ask("w", approvers=[ADA, BOB], policy="all")
    await world.answer(ada, "approve")
    receipt = await world.answer(ada, "reject")
    assert isinstance(receipt, AlreadyAnswered)
    await world.answer(bob, "approve")
    assert (await world.decision("w")).outcome == "approve"


async def test_every_counted_answer_is_confirmed(world: World) -> None:
    """The approver gets the question and, after answering, a confirmation."""
    [invitation] = await world.ask("w", approvers=[ADA])
    await world.answer(invitation, "approve")
    _, confirmation = await world.mails(ADA, 2)
    assert b"X-Signoff-Message: confirmation" in confirmation.content


async def test_the_deadline_expires_it(world: World) -> None:
    """When nobody answers, it ends at the deadline to the second."""
    [invitation] = await world.ask("w", approvers=[ADA], deadline="3d")
    await world.advance(timedelta(days=3, seconds=1))
    decision = await world.decision("w")
    assert (decision.outcome, decision.reason) == ("expired", "deadline")
    assert decision.decided_at == invitation.deadline


async def test_an_answer_after_the_deadline_is_refused(world: World) -> None:
    """The engine takes no answer past the deadline; the approver is told."""
    [invitation] = await world.ask("w", approvers=[ADA], deadline="3d")
    world.clock.advance(timedelta(days=3, seconds=1))
    receipt = await world.answer(invitation, "approve")
    assert isinstance(receipt, Expired | Concluded)
    assert (await world.decision("w")).outcome == "expired"


async def test_two_answers_at_once_both_count_or_are_listed(world: World) -> None:
    """An answer that comes with the deciding one is kept as late, not lost."""
    ada, bob = await world.ask("w", approvers=[ADA, BOB])
    await world.answer(ada, "approve")
    receipt = await world.answer(bob, "approve")
    decision = await world.decision("w")
    told = [answer.approver for answer in decision.late_responses]
    assert told == ([BOB] if isinstance(receipt, Kept) else [])


async def test_a_deferred_message_is_sent_again_while_answers_count(
    world: World,
) -> None:
    """With SMTP down the timer tries again, and the mail is the same, byte for byte."""
    world.mailer.verdict = lambda _mail: ("deferred", "451 later")
    await world.ask("w", approvers=[ADA])
    await world.mails(ADA, 1)
    world.mailer.verdict = lambda _mail: ("sent", "250 OK")
    await eventually(lambda: has_timer(world))
    await world.advance(timedelta(seconds=6))
    first, again = await world.mails(ADA, 2)
    assert first == again


async def has_timer(world: World) -> bool:
    """Say whether the approval sleeps."""
    pending = await world.engine.search({"resonate:timer": "true"})
    return any(promise.pending for promise in pending)


async def test_an_answer_counts_while_its_mail_is_deferred(world: World) -> None:
    """Somebody who has the link from elsewhere can answer all the same."""
    world.mailer.verdict = lambda _mail: ("deferred", "451 later")
    [invitation] = await world.ask("w", approvers=[ADA])
    await world.answer(invitation, "reject")
    assert (await world.decision("w")).outcome == "reject"


async def test_a_refused_message_leaves_it_to_the_others(world: World) -> None:
    """One approver's 550 makes that seat unreachable; the other decides."""

    def refuse_ada(mail: ComposedMail) -> Any:
        return ("refused", "550") if mail.recipient == ADA else ("sent", "250")

    world.mailer.verdict = refuse_ada
    _, bob = await world.ask("w", approvers=[ADA, BOB])
    await world.answer(bob, "approve")
    assert (await world.decision("w")).approved


async def test_nobody_reachable_is_undeliverable(world: World) -> None:
    """When every message is refused it ends at once."""
    world.mailer.verdict = lambda _mail: ("refused", "550 no such user")
    await world.ask("w", approvers=[ADA])
    decision = await world.decision("w")
    assert (decision.outcome, decision.reason) == ("undeliverable", "unmeetable")


async def test_a_bounce_makes_the_seat_unreachable(world: World) -> None:
    """A bounce reaches the waiting workflow as a signal, once."""
    [invitation] = await world.ask("w", approvers=[ADA])
    bounce = {"kind": "bounce", "invitation": invitation.id, "detail": "gone"}
    assert await signal(world.engine, invitation, "s1", bounce)
    assert (await world.decision("w")).outcome == "undeliverable"
    assert not await signal(world.engine, invitation, "s2", bounce)


async def test_signals_take_one_slot_after_another(world: World) -> None:
    """The next slot is open when the first is taken, and answers still count."""
    ada, bob = await world.ask("w", approvers=[ADA, BOB])
    for number in range(3):
        bounce = {"kind": "bounce", "invitation": ada.id, "detail": "gone"}
        taken = await eventually(lambda n=number, b=bounce: take(world, ada, n, b))
        assert taken
    await world.answer(bob, "approve")
    assert (await world.decision("w")).approved


async def take(world: World, invitation: Any, number: int, bounce: Any) -> bool:
    """Hand over one signal, once there is a slot for it."""
    try:
        return await signal(world.engine, invitation, f"s{number}", bounce)
    except EngineUnavailableError:
        return False


async def test_nothing_stays_pending(world: World) -> None:
    """After the decision no promise is open, and invitations hold the summary."""
    ada, bob = await world.ask("w", approvers=[ADA, BOB])
    await world.answer(ada, "approve")
    await world.decision("w")
    kept = await world.engine.search({"resonate:origin": "w"})
    published = await world.engine.search({WORKFLOW_TAG: "w"})
    names = [promise.id for promise in [*kept, *published] if promise.pending]
    slots = [
        name for name in names if name.startswith(("signoff-signal", "signoff-req"))
    ]
    assert [name for name in names if name not in slots and ":d" not in name] == []
    for invitation in (ada, bob):
        promise = await world.engine.get(invitation_promise(invitation.id))
        assert promise is not None
        assert promise.value["outcome"] == "approve"


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        ({"deadline": "2001-01-01T00:00:00Z"}, "in the past"),
        ({"subject": ""}, "is empty"),
        ({"body": "x" * 40_000}, "32768 are allowed"),
    ],
)
async def test_what_cannot_be_asked_fails_the_approval(
    world: World, request_: dict[str, Any], says: str
) -> None:
    """A request that comes past the HTTP gateway is checked all the same."""
    call = Call("signoff.approval", 1, (request_,))
    await world.engine.start("w", call, lifetime=timedelta(days=400))
    outcome = await world.outcome("w")
    assert outcome.state == "rejected"
    assert says in outcome.value["message"]


async def test_a_deadline_that_outlives_its_workflow_is_refused(world: World) -> None:
    """The first step names the fix; it could never come to its deadline."""
    call = Call("signoff.approval", 1, ({"deadline": "7d"},))
    await world.engine.start("w", call, lifetime=timedelta(days=1))
    outcome = await world.outcome("w")
    assert "longer timeout" in outcome.value["message"]


async def test_a_foreign_value_never_decides(world: World) -> None:
    """A promise that holds what no gateway of ours wrote fails the approval."""
    [invitation] = await world.ask("w", approvers=[ADA])
    await world.engine.settle(invitation.response_promise, {"choice": "approve"})
    outcome = await world.outcome("w")
    assert outcome.state == "rejected"
    assert "not its answer" in outcome.value["message"]


async def test_a_decided_invitation_tells_how(world: World) -> None:
    """Days later a click still learns what was decided."""
    [invitation] = await world.ask("w", approvers=[ADA])
    await world.answer(invitation, "approve")
    await world.decision("w")
    found = await find_invitation(world.engine, invitation.id)
    receipt = await find_receipt(world.engine, found, datetime.now(UTC))
    assert isinstance(receipt, Concluded)
    assert receipt.summary.outcome == "approve"


async def test_an_answer_in_time_counts_though_the_deadline_was_seen_first(
    world: World,
) -> None:
    """What came before the deadline counts, however late the worker looks."""
    gate = asyncio.Event()

    async def hold(_mail: ComposedMail, at: datetime) -> Attempt:
        await gate.wait()
        return Attempt("sent", "250", at)

    world.mailer.deliver = hold
    [invitation] = await world.ask("w", approvers=[ADA], deadline="3d")
    assert isinstance(await world.answer(invitation, "approve"), Kept)
    await world.advance(timedelta(days=3, seconds=1))
    gate.set()
    decision = await world.decision("w")
    assert (decision.outcome, decision.late_responses) == ("approve", ())


@pytest.mark.parametrize(
    "value",
    [
        {"kind": "response"},
        {"kind": "closed", "summary": {}},
        "approve",
        None,
    ],
    ids=["lacks", "closed", "string", "null"],
)
async def test_whatever_a_promise_holds_the_approval_comes_to_an_end(
    world: World, value: object
) -> None:
    """A value that cannot be read never decides, and leaves nothing pending."""
    [invitation] = await world.ask("w", approvers=[ADA])
    await world.engine.settle(invitation.response_promise, value)
    assert (await world.outcome("w")).state == "rejected"


async def test_a_choice_that_was_not_offered_never_decides(world: World) -> None:
    """An answer that no gateway of ours would take fails the approval."""
    [invitation] = await world.ask("w", approvers=[ADA])
    await world.answer(invitation, "maybe")
    assert (await world.outcome("w")).state == "rejected"


async def test_a_malformed_signal_is_ignored(world: World) -> None:
    """It takes its slot, and the approval goes on."""
    [invitation] = await world.ask("w", approvers=[ADA])
    nonsense = {"kind": "bounce", "invitation": invitation.id}
    assert await signal(world.engine, invitation, "s1", nonsense)
    await world.answer(invitation, "approve")
    assert (await world.decision("w")).approved


async def test_a_bounce_is_published(world: World) -> None:
    """Whoever looks at the approval sees that the message did not arrive."""
    ada, _ = await world.ask("w", approvers=[ADA, BOB])
    bounce = {"kind": "bounce", "invitation": ada.id, "detail": "no such user"}
    await signal(world.engine, ada, "s1", bounce)

    async def told() -> bool:
        published = await world.engine.search({WORKFLOW_TAG: "w"})
        details = [p.param.get("detail") for p in published]
        return "no such user" in details

    assert await eventually(told)


async def test_a_request_of_the_largest_size_is_asked(world: World) -> None:
    """What was taken does not become too large by what is filled in."""
    [invitation] = await world.ask("w", body="x" * (32 * 1024 - 12))
    await world.answer(invitation, "approve")
    assert (await world.decision("w")).approved
