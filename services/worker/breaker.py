"""The breaker: a mail server that cannot be reached is left alone for a while.

=========  =====================================  ==============================
state      asking for a pass                      what became of it
=========  =====================================  ==============================
closed     given                                  3 failures in a row: open
open       refused until the pause is over,       --
           then given once: probing
probing    refused                                success: closed; failure: open,
                                                  twice as long
=========  =====================================  ==============================
"""

from datetime import UTC, datetime, timedelta

from signoff.ports import Clock

#: So many failures in a row open it.
_FAILURES = 3
_FIRST_PAUSE = timedelta(seconds=5)
#: Also how long a probe may take: one that never comes back is forgotten then.
_LONGEST_PAUSE = timedelta(seconds=60)


class Breaker:
    """Says whether a connection may be tried. One for each server and process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures = 0
        #: None while it is closed.
        self._pause: timedelta | None = None
        self._resumes_at = datetime.min.replace(tzinfo=UTC)
        #: Which pass is good; a new one for each pause and each probe.
        self._pass = 0

    def request_pass(self) -> int | None:
        """Return a pass for one try; None while the server is left alone."""
        if self._pause is None:
            return self._pass
        if self.remaining > timedelta(0):
            return None
        self._wait(_LONGEST_PAUSE)
        return self._pass

    @property
    def remaining(self) -> timedelta:
        """How long the server is still left alone."""
        remaining = self._resumes_at - self._clock()
        if self._pause is None or remaining > _LONGEST_PAUSE:
            return timedelta(0)  # closed, or the clock was set back
        return max(remaining, timedelta(0))

    def succeed(self) -> None:
        """Take note that the server was reached."""
        self._failures, self._pause = 0, None

    def fail(self, pass_: int) -> None:
        """Take note that a try failed.

        Args:
            pass_: The pass it was made with. One from before the present pause
                or probe says nothing new: sixty tries at once are one outage.
        """
        if pass_ != self._pass:
            return
        self._failures += 1
        if self._pause is not None:
            self._open(min(self._pause * 2, _LONGEST_PAUSE))
        elif self._failures >= _FAILURES:
            self._open(_FIRST_PAUSE)

    def _open(self, pause: timedelta) -> None:
        self._pause = pause
        self._wait(pause)

    def _wait(self, pause: timedelta) -> None:
        self._pass += 1
        self._resumes_at = self._clock() + pause
