"""Choices: the answers that a request allows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """One answer that can be given."""

    #: A verb, such as ``approve``: the outcome where this choice wins.
    id: str
    #: What the button says.
    label: str
    #: Whether it counts as a yes.
    positive: bool
    #: Further words that choose it in a reply, beside id and label.
    words: tuple[str, ...] = ()


APPROVE = Choice("approve", "Approve", positive=True)
REJECT = Choice("reject", "Reject", positive=False)
#: What a request allows that names no choices.
DEFAULT_CHOICES = (APPROVE, REJECT)
