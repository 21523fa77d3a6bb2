"""Policies: when the answers of the seats make a decision."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from signoff.domain.choices import Choice

#: The outcome where no seat could be reached and none said no.
UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True)
class Policy:
    """How many seats have to say yes."""

    kind: Literal["any", "all"]

    @classmethod
    def any(cls) -> Self:
        """One positive answer is enough."""
        return cls("any")

    @classmethod
    def all(cls) -> Self:
        """Every seat has to answer positively."""
        return cls("all")

    def needed(self, seats: int) -> int:
        """Return how many of that many seats have to say yes."""
        return 1 if self.kind == "any" else seats


#: What a request asks for that names no policy.
ANY = Policy("any")


@dataclass(frozen=True)
class Tally:
    """What the seats say so far."""

    #: The choice ids that were given, in the order of the seats.
    given: tuple[str, ...]
    #: Seats that may still answer.
    waiting: int
    #: All seats, answered, waiting or unreachable.
    seats: int


@dataclass(frozen=True)
class Ruling:
    """How the answers end it."""

    outcome: str
    approved: bool
    reason: Literal["policy_met", "unmeetable"]


def rule(policy: Policy, choices: Sequence[Choice], tally: Tally) -> Ruling | None:
    """Say how the answers decide, or None while they do not.

    The outcome is the commonest positive choice where the policy is met, and
    the commonest negative one where it cannot be met any more; ties go to the
    choice that the request names first.
    """
    positive = {choice.id for choice in choices if choice.positive}
    yes = [given for given in tally.given if given in positive]
    no = [given for given in tally.given if given not in positive]
    needed = policy.needed(tally.seats)
    if len(yes) >= needed:
        return Ruling(_commonest(yes, choices), approved=True, reason="policy_met")
    if len(yes) + tally.waiting >= needed:
        return None
    outcome = _commonest(no, choices) if no else UNDELIVERABLE
    return Ruling(outcome, approved=False, reason="unmeetable")


def _commonest(given: Sequence[str], choices: Sequence[Choice]) -> str:
    counted = Counter(given)
    order = [choice.id for choice in choices]
    return max(counted, key=lambda id_: (counted[id_], -order.index(id_)))
