"""The approval: every rule, on `reduce` alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.domain.approval import (
    Answered,
    Approval,
    Attempted,
    Bounced,
    Confirm,
    Event,
    Invite,
    Reached,
    next_due,
    opened,
    reduce,
)
from signoff.domain.decision import Decision
from signoff.domain.delivery import Attempt
from signoff.domain.policy import Policy
from tests.domain.makers import DEADLINE, NOON, make_approval, make_response

LATER = NOON + timedelta(minutes=1)


def apply(approval: Approval, *events: Event) -> Approval:
    """Apply events one after another."""
    for event in events:
        approval, _ = reduce(approval, event)
    return approval


def decided(approval: Approval) -> Decision:
    """Return the decision that there has to be."""
    assert approval.decision is not None
    return approval.decision


def test_opening_invites_everybody() -> None:
    """Each seat's holder is sent a message."""
    assert opened(make_approval(2)) == (Invite("i0", 1), Invite("i1", 1))


def test_one_yes_decides_for_any() -> None:
    """With `any`, the first positive answer is the decision."""
    decision = decided(apply(make_approval(2), Answered(make_response(1, "approve"))))
    assert (decision.outcome, decision.approved) == ("approve", True)
    assert (decision.reason, decision.decided_at) == ("policy_met", NOON)


def test_one_no_waits_for_the_others_for_any() -> None:
    """With `any`, a rejection leaves it to the others."""
    approval = apply(make_approval(2), Answered(make_response(0, "reject")))
    assert approval.decision is None


def test_the_only_approver_rejects() -> None:
    """One approver's no cannot be outvoted: the policy cannot be met."""
    decision = decided(apply(make_approval(), Answered(make_response(0, "reject"))))
    assert (decision.outcome, decision.reason) == ("reject", "unmeetable")
    assert not decision.approved


def test_a_counted_answer_is_confirmed() -> None:
    """Whoever answered is told that it counted."""
    response = make_response(0, "approve")
    _, effects = reduce(make_approval(), Answered(response))
    assert effects == (Confirm(response, counted=True),)


def test_the_same_answer_twice_is_the_answer_once() -> None:
    """A repeated event changes nothing and tells nobody again."""
    answered = apply(make_approval(2), Answered(make_response(0, "reject")))
    again = reduce(answered, Answered(make_response(0, "approve")))
    assert again == (answered, ())


def test_an_answer_after_the_decision_is_kept_as_late() -> None:
    """It is listed, does not count, and its approver is told so."""
    done = apply(make_approval(2), Answered(make_response(0, "approve")))
    response = make_response(1, "reject", LATER)
    approval, effects = reduce(done, Answered(response))
    assert [a.approver for a in decided(approval).late_responses] == [response.approver]
    assert decided(approval).outcome == "approve"
    assert effects == (Confirm(response, counted=False),)


def test_the_deadline_expires_it() -> None:
    """At the deadline it ends, with the answers so far."""
    approval = make_approval(2, Policy.all())
    answered = apply(approval, Answered(make_response(0, "approve")))
    decision = decided(apply(answered, Reached(DEADLINE)))
    assert (decision.outcome, decision.reason) == ("expired", "deadline")
    assert decision.decided_at == DEADLINE
    assert len(decision.responses) == 1


def test_an_instant_before_the_deadline_decides_nothing() -> None:
    """A timer that fires early changes nothing."""
    approval = make_approval()
    assert reduce(approval, Reached(DEADLINE - timedelta(seconds=1))) == (approval, ())


def test_a_deferred_message_is_due_again() -> None:
    """The timer goes to the retry, and the retry sends the second attempt."""
    attempt = Attempt("deferred", "451", NOON)
    deferred = apply(make_approval(), Attempted("i0", attempt))
    due = next_due(deferred)
    assert due == NOON + timedelta(seconds=5)
    assert reduce(deferred, Reached(due))[1] == (Invite("i0", 2),)


def test_retries_that_are_due_together_go_out_together() -> None:
    """An outage makes one timer a round, not one for each approver."""
    first = Attempted("i0", Attempt("deferred", "451", NOON))
    soon = NOON + timedelta(seconds=1)
    second = Attempted("i1", Attempt("deferred", "451", soon))
    deferred = apply(make_approval(2), first, second)
    _, effects = reduce(deferred, Reached(next_due(deferred)))
    assert effects == (Invite("i0", 2), Invite("i1", 2))


def test_nothing_is_due_for_who_has_answered() -> None:
    """An answer ends the attempts at sending the question."""
    attempt = Attempt("deferred", "451", NOON)
    approval = apply(make_approval(2, Policy.all()), Attempted("i0", attempt))
    answered = apply(approval, Answered(make_response(0, "approve")))
    assert next_due(answered) == DEADLINE


def test_a_refused_message_makes_the_seat_unreachable() -> None:
    """When nobody can be reached, it is undeliverable at once."""
    refused = Attempted("i0", Attempt("refused", "550 no such user", NOON))
    decision = decided(apply(make_approval(), refused))
    assert (decision.outcome, decision.reason) == ("undeliverable", "unmeetable")


def test_a_refused_message_leaves_it_to_the_others() -> None:
    """With `any`, one unreachable approver of two does not end it."""
    refused = Attempted("i0", Attempt("refused", "550", NOON))
    approval = apply(make_approval(2), refused)
    assert approval.decision is None
    assert approval.seats[0].unreachable == "550"


def test_a_bounce_makes_the_seat_unreachable() -> None:
    """A bounce counts as a message that never arrived."""
    decision = decided(
        apply(make_approval(), Bounced("s1", "i0", "no such user", NOON))
    )
    assert decision.outcome == "undeliverable"


def test_a_signal_is_applied_once() -> None:
    """The same signal id again is nothing new."""
    bounced = apply(make_approval(2), Bounced("s1", "i0", "gone", NOON))
    assert apply(bounced, Bounced("s1", "i1", "gone", NOON)) == bounced


def test_whoever_bounced_can_still_answer() -> None:
    """An answer is stronger than a report that the question did not arrive."""
    bounced = apply(make_approval(2), Bounced("s1", "i0", "gone", NOON))
    decision = decided(apply(bounced, Answered(make_response(0, "approve"))))
    assert decision.approved


events = st.one_of(
    st.builds(
        lambda seat, choice: Answered(make_response(seat, choice)),
        st.integers(0, 2),
        st.sampled_from(["approve", "reject"]),
    ),
    st.builds(
        lambda seat, status: Attempted(f"i{seat}", Attempt(status, "", NOON)),
        st.integers(0, 2),
        st.sampled_from(["sent", "deferred", "refused"]),
    ),
    st.builds(
        lambda seat, id_: Bounced(f"s{id_}", f"i{seat}", "", NOON),
        st.integers(0, 2),
        st.integers(0, 9),
    ),
    st.sampled_from([Reached(NOON), Reached(DEADLINE)]),
)
approvals = st.sampled_from(
    [make_approval(3), make_approval(3, Policy.all()), make_approval(1)]
)


def fitting(approval: Approval, course: list[Event]) -> list[Event]:
    """Return the events that are about a seat that the approval has."""
    known = {seat.invitation for seat in approval.seats}

    def fits(event: Event) -> bool:
        match event:
            case Answered(response):
                return response.invitation in known
            case Attempted(invitation, _) | Bounced(_, invitation):
                return invitation in known
            case Reached():
                return True

    return list(filter(fits, course))


@given(approvals, st.lists(events, max_size=12))
def test_once_decided_always_decided(approval: Approval, course: list[Event]) -> None:
    """After a decision nothing changes it; only late answers are added."""
    first: Decision | None = None
    for event in fitting(approval, course):
        approval, _ = reduce(approval, event)
        if first is None:
            first = approval.decision
        elif approval.decision is not None:
            assert replace(approval.decision, late_responses=()) == first


@given(approvals, st.lists(events, max_size=12))
def test_the_deadline_always_ends_it(approval: Approval, course: list[Event]) -> None:
    """Whatever came before, an approval does not outlive its deadline."""
    ended = apply(approval, *fitting(approval, course), Reached(DEADLINE))
    assert ended.decision is not None


@given(approvals, st.lists(events, max_size=12))
def test_a_positive_outcome_needs_its_policy(
    approval: Approval, course: list[Event]
) -> None:
    """It is approved only where enough seats said yes: never by another way."""
    decision = apply(approval, *fitting(approval, course), Reached(DEADLINE)).decision
    assert decision is not None
    yes = sum(answer.choice == "approve" for answer in decision.responses)
    needed = approval.request.policy.needed(len(approval.seats))
    assert decision.approved == (yes >= needed)


@pytest.mark.parametrize("policy", [Policy.any(), Policy.all()], ids=["any", "all"])
@given(st.permutations(range(3)), st.lists(st.booleans(), min_size=3, max_size=3))
def test_the_order_of_answers_does_not_change_the_approval(
    policy: Policy, order: list[int], yes: list[bool]
) -> None:
    """Whoever is quicker, the same answers approve or do not."""
    choices = ["approve" if each else "reject" for each in yes]
    answers = [Answered(make_response(seat, choices[seat])) for seat in order]
    in_order = [Answered(make_response(seat, choices[seat])) for seat in range(3)]
    approval = make_approval(3, policy)
    one, other = apply(approval, *answers), apply(approval, *in_order)
    assert decided(one).approved == decided(other).approved
