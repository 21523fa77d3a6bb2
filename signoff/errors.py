"""Every error of Signoff, each with the facts that its reader needs.

The rims turn them into replies: each gateway has one table from class to
status. Errors of configuration stand outside this root (`signoff.settings`),
so that nothing catches them by accident.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class SignoffError(Exception):
    """The root of everything that Signoff raises on purpose."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with what was sent."""

    #: Where: a path such as ``approvers[0].address``; empty for the whole.
    field: str
    #: What is wrong and what would be right, in one sentence.
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


class InvalidRequestError(SignoffError):
    """What was asked cannot be asked so; nothing was created."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        #: Everything that is wrong, not only the first.
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[type, tuple[tuple[Problem, ...]]]:
        """Survive a durable promise: exceptions are stored pickled there."""
        return type(self), (self.problems,)


class ForgedKeyError(SignoffError):
    """A key that none of our secrets signed for this purpose."""


class UnknownSecretError(SignoffError):
    """A key whose secret is not among ours: perhaps not yet, or no more."""

    def __init__(self, secret_id: str) -> None:
        super().__init__(f"no secret {secret_id!r} is configured here")
        #: The one base32 character that names the secret.
        self.secret_id = secret_id

    def __reduce__(self) -> tuple[type, tuple[str]]:
        """Rebuild from the fact, not from the message."""
        return type(self), (self.secret_id,)


class EngineUnavailableError(SignoffError):
    """The engine gave no answer in time; whether it acted is not known."""


class NotFoundError(SignoffError):
    """Nothing of that id is kept (any more)."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not known here")
        #: What was looked for, for example ``workflow 'hitl-001'``.
        self.what = what

    def __reduce__(self) -> tuple[type, tuple[str]]:
        """Rebuild from the fact, not from the message."""
        return type(self), (self.what,)


class ConflictError(SignoffError):
    """The id is taken by a request that differs from this one."""

    def __init__(self, workflow_id: str, differences: Sequence[str]) -> None:
        listed = ", ".join(differences)
        super().__init__(f"{workflow_id!r} was started with another {listed}")
        #: The id that both requests name.
        self.workflow_id = workflow_id
        #: The members that differ, such as ``request.subject``.
        self.differences = tuple(differences)

    def __reduce__(self) -> tuple[type, tuple[str, tuple[str, ...]]]:
        """Rebuild from the facts, not from the message."""
        return type(self), (self.workflow_id, self.differences)


class InconsistentApprovalError(SignoffError):
    """A promise of an approval holds what only another could have put there."""
