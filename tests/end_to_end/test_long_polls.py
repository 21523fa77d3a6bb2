"""Callers that wait keep nobody from his page."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.end_to_end.case import Case
from tests.end_to_end.http_calls import Form
from tests.end_to_end.installation import Installation

_CALLERS = 50
#: Seconds within which an approver's page is there, whoever else waits.
_PATIENCE = 5.0


@pytest.fixture
def case(inbox: Installation) -> Case:
    """An approval of this test's own."""
    return Case(inbox)


def test_fifty_callers_wait(case: Case) -> None:
    """An approver gets his page meanwhile, decides, and all of them are told."""
    mail = case.ask()
    with ThreadPoolExecutor(_CALLERS) as callers:
        waiting = [callers.submit(case.ended) for _ in range(_CALLERS)]
        began = time.monotonic()
        page = case.open(mail)
        took = time.monotonic() - began
        assert Form(page.text).choices == ["approve", "reject"]
        assert not any(each.done() for each in waiting)
        case.click(mail, "approve")
        states = {each.result()["state"] for each in waiting}
    assert took < _PATIENCE
    assert states == {"decided"}


def test_a_decision_ends_the_wait(case: Case) -> None:
    """A long-poll answers when there is something to say, not when time is up."""
    mail = case.ask()
    began = time.monotonic()
    with ThreadPoolExecutor(1) as caller:
        waiting = caller.submit(case.installation.document, case.id, 30)
        case.click(mail, "approve")
        answer = waiting.result()
    assert answer.status == 200
    assert time.monotonic() - began < 20
