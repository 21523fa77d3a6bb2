"""Delivery: what became of a message, and when it is tried again."""

from datetime import timedelta

import pytest

from signoff.domain.delivery import UNSENT, Attempt, Delivery, after, pause
from tests.domain.makers import NOON


def test_a_sent_message_is_not_tried_again() -> None:
    """What was sent is done."""
    delivery = after(UNSENT, Attempt("sent", "250 ok", NOON))
    assert delivery == Delivery("sent", "250 ok", 1, NOON, retry_at=None, changes=1)


def test_a_deferred_message_is_tried_after_a_pause() -> None:
    """A first deferral is tried again after five seconds."""
    delivery = after(UNSENT, Attempt("deferred", "451 later", NOON))
    assert delivery.retry_at == NOON + timedelta(seconds=5)


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(1, 5), (2, 10), (3, 20), (10, 2560), (11, 3600), (1000, 3600)],
)
def test_pauses_double_up_to_an_hour(attempts: int, seconds: int) -> None:
    """Pauses grow so that a server that is down is not hammered."""
    assert pause(attempts) == timedelta(seconds=seconds)


def test_a_message_is_given_up_after_five_days() -> None:
    """After five days the approver counts as unreachable, with the reason."""
    tried = Delivery("deferred", "451", 50, NOON - timedelta(days=5), NOON)
    delivery = after(tried, Attempt("deferred", "451 still", NOON))
    assert delivery.failed
    assert delivery.detail == "given up after 5 days: 451 still"
