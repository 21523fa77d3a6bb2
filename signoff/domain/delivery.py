"""Delivery: what became of one message, and when to try it again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

type DeliveryStatus = Literal["unsent", "sent", "deferred", "refused"]

#: Deferred mail pauses 5 s, doubling to 1 h, and is given up after 5 days: what
#: RFC 5321 §4.5.4.1 asks of a sender that queues.
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=5)


@dataclass(frozen=True)
class Attempt:
    """What one attempt at sending came to."""

    status: Literal["sent", "deferred", "refused"]
    #: What the mail server said, or why it could not be asked.
    detail: str
    at: datetime


@dataclass(frozen=True)
class Delivery:
    """The state of one message."""

    status: DeliveryStatus = "unsent"
    detail: str = ""
    #: How many attempts were made.
    attempts: int = 0
    #: When the first attempt was made.
    since: datetime | None = None
    #: When to try again; None where nothing is to be tried.
    retry_at: datetime | None = None

    @property
    def failed(self) -> bool:
        """Whether the message will never arrive."""
        return self.status == "refused"


#: A message that nobody tried to send yet.
UNSENT = Delivery()


def after(delivery: Delivery, attempt: Attempt) -> Delivery:
    """Return the state of a message after one more attempt."""
    attempts = delivery.attempts + 1
    since = delivery.since or attempt.at
    if attempt.status != "deferred":
        return Delivery(attempt.status, attempt.detail, attempts, since)
    if attempt.at - since >= GIVE_UP_AFTER:
        detail = f"given up after {GIVE_UP_AFTER.days} days: {attempt.detail}"
        return Delivery("refused", detail, attempts, since)
    retry_at = attempt.at + pause(attempts)
    return Delivery("deferred", attempt.detail, attempts, since, retry_at)


def pause(attempts: int) -> timedelta:
    """Return how long to wait after that many deferred attempts."""
    doublings = min(attempts - 1, 20)  # beyond that only the number grows
    return min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE)
