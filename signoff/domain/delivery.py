"""Delivery: what became of one message, and when to try it again."""

from dataclasses import dataclass, replace
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
    #: How often the status was told anew; numbers what is published of it.
    changes: int = 0

    @property
    def failed(self) -> bool:
        """Whether the message will never arrive."""
        return self.status == "refused"


#: A message that nobody tried to send yet.
UNSENT = Delivery()


def after(delivery: Delivery, attempt: Attempt) -> Delivery:
    """Return the state of a message after one more attempt."""
    detail, retry_at = attempt.detail, None
    status: DeliveryStatus = attempt.status
    attempts = delivery.attempts + 1
    since = delivery.since or attempt.at
    if status == "deferred" and attempt.at - since < GIVE_UP_AFTER:
        retry_at = attempt.at + pause(attempts)
    elif status == "deferred":
        status = "refused"
        detail = f"given up after {GIVE_UP_AFTER.days} days: {detail}"
    changes = delivery.changes + 1
    return Delivery(status, detail, attempts, since, retry_at, changes)


def bounced(delivery: Delivery, detail: str) -> Delivery:
    """Return the state of a message that was reported not to have arrived."""
    return replace(
        delivery,
        status="refused",
        detail=detail,
        retry_at=None,
        changes=delivery.changes + 1,
    )


def pause(attempts: int) -> timedelta:
    """Return how long to wait after that many deferred attempts."""
    doublings = min(attempts - 1, 20)  # beyond that only the number grows
    return min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE)
