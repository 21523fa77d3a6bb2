"""The breaker: when a mail server is left alone, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest

from services.worker.breaker import Breaker


class Desk:
    """A breaker, and the clock that it goes by."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, tzinfo=UTC)
        self.breaker = Breaker(lambda: self.now)

    def attempt(self, *, good: bool) -> bool:
        """Try once; return whether that was allowed."""
        pass_ = self.breaker.request_pass()
        if pass_ is None:
            return False
        if good:
            self.breaker.succeed()
        else:
            self.breaker.fail(pass_)
        return True

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def desk() -> Desk:
    """A breaker that is closed."""
    return Desk()


@pytest.fixture
def opened(desk: Desk) -> Desk:
    """A breaker that three failures have opened."""
    for _ in range(3):
        desk.attempt(good=False)
    return desk


def test_two_failures_keep_it_closed(desk: Desk) -> None:
    """A single lost connection stops nothing."""
    assert [desk.attempt(good=False) for _ in range(2)] == [True, True]
    assert desk.attempt(good=True)


def test_a_success_starts_the_count_again(desk: Desk) -> None:
    """Only failures in a row count."""
    for good in (False, False, True, False, False):
        desk.attempt(good=good)
    assert desk.attempt(good=True)


def test_three_failures_open_it(opened: Desk) -> None:
    """Nothing is tried for five seconds."""
    opened.wait(4.9)
    assert not opened.attempt(good=True)
    opened.wait(0.1)
    assert opened.attempt(good=True)


def test_a_good_probe_closes_it(opened: Desk) -> None:
    """The server is back: everything goes again."""
    opened.wait(5)
    opened.attempt(good=True)
    assert [opened.attempt(good=True) for _ in range(3)] == [True, True, True]


def test_pauses_double_up_to_a_minute(opened: Desk) -> None:
    """A server that stays away is asked less and less."""
    pauses: list[float] = []
    for _ in range(6):
        pauses.append(opened.breaker.remaining.total_seconds())
        opened.wait(pauses[-1])
        opened.attempt(good=False)
    assert pauses == [5, 10, 20, 40, 60, 60]


def test_only_one_probe_goes_at_a_time(opened: Desk) -> None:
    """While it is under way, the others wait."""
    opened.wait(5)
    assert opened.breaker.request_pass() is not None
    assert opened.breaker.request_pass() is None


def test_a_probe_that_never_comes_back_is_forgotten(opened: Desk) -> None:
    """A cancelled step does not close the server off for ever."""
    opened.wait(5)
    opened.breaker.request_pass()
    opened.wait(60)
    assert opened.breaker.request_pass() is not None


def test_failures_of_tries_that_began_together_are_one_outage(desk: Desk) -> None:
    """Sixty sends at once do not make a pause of a minute."""
    passes = [desk.breaker.request_pass() for _ in range(60)]
    for each in passes:
        assert each is not None
        desk.breaker.fail(each)
    assert desk.breaker.remaining == timedelta(seconds=5)


def test_a_clock_that_is_set_back_does_not_prolong_a_pause(opened: Desk) -> None:
    """An hour of daylight saving is no hour without mail."""
    opened.wait(-3600)
    assert opened.attempt(good=True)
