"""The use cases of the gateways, on the engine in memory."""

from dataclasses import replace
from datetime import timedelta

import pytest

from signoff.approvals import (
    AlreadyAnswered,
    Concluded,
    Expired,
    Kept,
    find_invitation,
    find_receipt,
    find_request,
    respond,
    signal,
    start_notice,
)
from signoff.domain.choices import DEFAULT_CHOICES
from signoff.domain.decision import Decision, answer_of
from signoff.domain.invitation import (
    Invitation,
    invitation_promise,
    invitation_to_json,
    request_promise,
    signal_promise,
    summarize,
    summary_to_json,
)
from signoff.domain.request_json import request_to_json
from signoff.errors import (
    EngineUnavailableError,
    InconsistentApprovalError,
    NotFoundError,
)
from signoff.testing import MemoryEngine
from tests.domain.makers import make_request, make_response
from tests.worlds import MovableClock

REQUEST = make_request()
RESPONSE = make_response(0, "approve")
SUMMARY = summarize(
    Decision(
        outcome="approve",
        approved=True,
        reason="policy_met",
        decided_at=RESPONSE.at,
        responses=(answer_of(RESPONSE),),
        digest="d",
    )
)


@pytest.fixture
def clock() -> MovableClock:
    """The time of the engine."""
    return MovableClock()


@pytest.fixture
def invitation(clock: MovableClock) -> Invitation:
    """An invitation that was sent to the first approver."""
    return Invitation(
        id="i0",
        workflow="w",
        response_promise="w:1",
        request_promise=request_promise("r"),
        approver=REQUEST.approvers[0],
        subject=REQUEST.subject,
        choices=DEFAULT_CHOICES,
        deadline=clock() + timedelta(days=7),
        digest="d",
        signals="r",
        secret_id="a",
    )


@pytest.fixture
async def engine(clock: MovableClock, invitation: Invitation) -> MemoryEngine:
    """An engine in which the invitation is published."""
    engine = MemoryEngine(clock)
    until = invitation.deadline + timedelta(days=8)
    param = invitation_to_json(invitation)
    await engine.create(invitation_promise("i0"), param, timeout_at=until)
    shown = {"kind": "request", "request": request_to_json(REQUEST)}
    await engine.create(request_promise("r"), shown, timeout_at=until)
    await engine.create("w:1", None, timeout_at=invitation.deadline)
    slot = {"kind": "slot", "promise": "w:2"}
    await engine.create(signal_promise("r", 0), slot, timeout_at=until)
    await engine.create("w:2", None, timeout_at=until)
    return engine


async def test_finds_what_is_published(
    engine: MemoryEngine, invitation: Invitation
) -> None:
    """Invitation and request come back as they were published."""
    assert await find_invitation(engine, "i0") == invitation
    assert await find_request(engine, invitation) == REQUEST


async def test_what_is_no_longer_kept_is_an_error(invitation: Invitation) -> None:
    """A genuine invitation that is gone is told from one that never was."""
    with pytest.raises(NotFoundError):
        await find_invitation(MemoryEngine(), "i0")
    with pytest.raises(NotFoundError):
        await respond(MemoryEngine(), invitation, RESPONSE)


async def test_an_answer_is_kept_and_again_is_success(
    engine: MemoryEngine, invitation: Invitation
) -> None:
    """The same answer that comes twice is kept as the first time."""
    kept = Kept(answer_of(RESPONSE))
    assert await respond(engine, invitation, RESPONSE) == kept
    assert await respond(engine, invitation, RESPONSE) == kept


async def test_another_answer_is_told_the_first(
    engine: MemoryEngine, invitation: Invitation
) -> None:
    """The first settlement wins; the second is told what it was."""
    await respond(engine, invitation, RESPONSE)
    other = replace(RESPONSE, response_id="other", choice="reject")
    receipt = await respond(engine, invitation, other)
    assert receipt == AlreadyAnswered(answer_of(RESPONSE))


async def test_a_repeat_is_success_even_when_it_is_decided(
    engine: MemoryEngine, invitation: Invitation
) -> None:
    """A mail that was kept and is sent again is never "too late"."""
    await respond(engine, invitation, RESPONSE)
    await engine.settle(invitation_promise("i0"), summary_to_json(SUMMARY))
    assert isinstance(await respond(engine, invitation, RESPONSE), Kept)


async def test_after_the_decision_its_summary_is_told(
    engine: MemoryEngine, invitation: Invitation
) -> None:
    """A question that was closed says how it ended, before the invitation does."""
    closed = {"kind": "closed", "summary": summary_to_json(SUMMARY)}
    await engine.settle("w:1", closed)
    assert await respond(engine, invitation, RESPONSE) == Concluded(SUMMARY)


async def test_after_the_deadline_nothing_is_kept(
    engine: MemoryEngine, invitation: Invitation, clock: MovableClock
) -> None:
    """The promise has timed out; the approver is told until when it was."""
    clock.advance(timedelta(days=7))
    expected = Expired(invitation.deadline)
    assert await respond(engine, invitation, RESPONSE) == expected
    assert await find_receipt(engine, invitation, clock()) == expected


async def test_the_gateways_own_clock_ends_it_too(
    engine: MemoryEngine, invitation: Invitation
) -> None:
    """A page that is opened past the deadline shows no form."""
    receipt = await find_receipt(engine, invitation, invitation.deadline)
    assert receipt == Expired(invitation.deadline)


async def test_nothing_stands_in_the_way_of_an_open_question(
    engine: MemoryEngine, invitation: Invitation, clock: MovableClock
) -> None:
    """While nobody answered and time is left, an answer can be given."""
    assert await find_receipt(engine, invitation, clock()) is None


async def test_a_foreign_value_is_an_error(
    engine: MemoryEngine, invitation: Invitation
) -> None:
    """What another put into the promise is never told as an answer."""
    await engine.settle("w:1", {"kind": "response", "invitation": "i9"})
    with pytest.raises(InconsistentApprovalError):
        await respond(engine, invitation, RESPONSE)


async def test_a_signal_takes_the_open_slot_once(
    engine: MemoryEngine, invitation: Invitation
) -> None:
    """The same signal again is taken; another one waits for the next slot."""
    assert await signal(engine, invitation, "s1", {"kind": "bounce"})
    assert await signal(engine, invitation, "s1", {"kind": "bounce"})
    with pytest.raises(EngineUnavailableError):
        await signal(engine, invitation, "s2", {"kind": "bounce"})


async def test_a_signal_to_what_is_over_is_not_taken(
    engine: MemoryEngine, invitation: Invitation
) -> None:
    """The summary says that nobody will open another slot."""
    await signal(engine, invitation, "s1", {"kind": "bounce"})
    await engine.settle(invitation_promise("i0"), summary_to_json(SUMMARY))
    assert not await signal(engine, invitation, "s2", {"kind": "bounce"})


async def test_a_signal_takes_the_next_slot(
    engine: MemoryEngine, invitation: Invitation
) -> None:
    """Where another was first, the next published slot takes it."""
    await signal(engine, invitation, "s1", {"kind": "bounce"})
    until = invitation.deadline
    slot = {"kind": "slot", "promise": "w:3"}
    await engine.create(signal_promise("r", 1), slot, timeout_at=until)
    await engine.create("w:3", None, timeout_at=until)
    assert await signal(engine, invitation, "s2", {"kind": "bounce"})


async def test_a_closed_slot_takes_no_signal(
    engine: MemoryEngine, invitation: Invitation
) -> None:
    """When the approval is over, nobody would act on a signal."""
    await engine.settle("w:2", {"kind": "closed", "summary": {}})
    assert not await signal(engine, invitation, "s1", {"kind": "bounce"})


async def test_a_notice_is_started_once(engine: MemoryEngine) -> None:
    """The id of the message that is answered names the notice."""
    await start_notice(engine, "n" * 64, {"why": "late"})
    await start_notice(engine, "n" * 64, {"why": "unclear"})
    promise = await engine.get(f"signoff-notice-{'n' * 32}")
    assert promise is not None
    assert promise.param["args"] == [{"why": "late"}]


async def test_an_answer_from_after_the_deadline_settles_nothing(
    engine: MemoryEngine, invitation: Invitation
) -> None:
    """An engine whose clock is behind the gateway's does not let it in."""
    late = replace(RESPONSE, at=invitation.deadline)
    assert await respond(engine, invitation, late) == Expired(invitation.deadline)
    promise = await engine.get(invitation.response_promise)
    assert promise is not None
    assert promise.pending
