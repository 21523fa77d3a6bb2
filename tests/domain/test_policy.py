"""Policies: when the answers of the seats make a decision."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from signoff.domain.choices import APPROVE, REJECT, Choice
from signoff.domain.policy import Policy, Ruling, Tally, rule

SHIP = Choice("ship", "Ship", positive=True)
CHOICES = (APPROVE, SHIP, REJECT)
YES = Ruling("approve", approved=True, reason="policy_met")
NO = Ruling("reject", approved=False, reason="unmeetable")
LOST = Ruling("undeliverable", approved=False, reason="unmeetable")


@pytest.mark.parametrize(
    ("policy", "given", "waiting", "seats", "expected"),
    [
        (Policy.any(), (), 1, 1, None),
        (Policy.any(), ("approve",), 0, 1, YES),
        (Policy.any(), ("reject",), 0, 1, NO),
        (Policy.any(), ("reject",), 1, 2, None),
        (Policy.any(), ("reject", "approve"), 0, 2, YES),
        (Policy.any(), (), 0, 2, LOST),
        (Policy.all(), ("approve",), 1, 2, None),
        (Policy.all(), ("approve", "approve"), 0, 2, YES),
        (Policy.all(), ("reject",), 1, 2, NO),
        (Policy.all(), ("approve",), 0, 2, LOST),
    ],
)
def test_rules(
    policy: Policy,
    given: tuple[str, ...],
    waiting: int,
    seats: int,
    expected: Ruling | None,
) -> None:
    """Each policy decides as soon as it is met or cannot be met any more."""
    assert rule(policy, CHOICES, Tally(given, waiting, seats)) == expected


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        (("ship", "ship", "approve"), "ship"),
        (("ship", "approve"), "approve"),
    ],
)
def test_the_commonest_choice_wins_and_ties_go_by_order(
    given: tuple[str, ...], outcome: str
) -> None:
    """Of several positive choices the commonest is the outcome."""
    ruling = rule(Policy.all(), CHOICES, Tally(given, 0, len(given)))
    assert ruling is not None
    assert ruling.outcome == outcome


@given(
    st.sampled_from([Policy.any(), Policy.all()]),
    st.lists(st.sampled_from(["approve", "reject", "ship"]), max_size=6),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_agrees_with_every_way_it_could_go_on(
    policy: Policy, given: list[str], waiting: int, unreachable: int
) -> None:
    """It rules exactly where every further course ends in the same approval."""
    seats = len(given) + waiting + unreachable
    assume(seats)
    needed = 1 if policy.kind == "any" else seats
    yes = sum(choice != "reject" for choice in given)
    courses = {yes + more >= needed for more in range(waiting + 1)}
    ruling = rule(policy, CHOICES, Tally(tuple(given), waiting, seats))
    assert (ruling is None) == (len(courses) > 1)
    assert ruling is None or {ruling.approved} == courses
