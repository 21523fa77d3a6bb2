"""What came of a mail that was taken, as the log and the metrics tell it."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from prometheus_client import REGISTRY, Counter

type Result = Literal[
    "decided",  # it held an answer, and the answer is kept
    "noticed",  # it decided nothing, and the approver of record is told
    "signalled",  # the workflow is told what it reports
    "ignored",  # nothing is to be done about it
    "gone",  # what it is about is no longer kept
    "stored",  # it waits in the postbox
    "postponed",  # it was refused for now; the sender has it still
]


@dataclass(frozen=True)
class Outcome:
    """What came of one mail."""

    result: Result
    #: Why, in a word or two of ours.
    detail: str = ""


def make_counter() -> Counter:
    """Make the counter of mails; it is not registered."""
    return Counter(
        "signoff_mail_messages",
        "Mails by what they were and what came of them.",
        ("kind", "result"),
        registry=None,
    )


@contextmanager
def registered_counter() -> Generator[Counter]:
    """Make the counter and show it at ``/metrics`` while the block runs."""
    counter = make_counter()
    REGISTRY.register(counter)
    try:
        yield counter
    finally:
        REGISTRY.unregister(counter)
