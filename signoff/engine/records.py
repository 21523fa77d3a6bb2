"""Rows as they are kept, and records as they go over the wire."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

type PromiseState = Literal[
    "pending", "resolved", "rejected", "rejected_canceled", "rejected_timedout"
]
type TaskState = Literal["pending", "acquired", "suspended", "halted", "fulfilled"]


class Promise(msgspec.Struct, frozen=True):
    """A row of ``promises``; fields in the order of the table's columns."""

    id: str
    state: str
    #: Encoded JSON, handed out as it is kept.
    param: bytes
    #: Encoded JSON; ``{}`` until settled with a value.
    value: bytes
    #: Encoded JSON object of strings.
    tags: bytes
    target: str | None
    branch: str | None
    #: Whether the deadline resolves rather than rejects it.
    timer: int
    #: Milliseconds since the epoch, as the two below.
    timeout_at: int
    created_at: int
    settled_at: int | None

    def is_overdue(self, now: int) -> bool:
        """Whether it is kept as pending though its deadline has passed."""
        return self.state == "pending" and now >= self.timeout_at

    def as_timed_out(self) -> Promise:
        """Return it as its deadline leaves it."""
        return msgspec.structs.replace(
            self, state=timeout_state(timer=self.timer), settled_at=self.timeout_at
        )


class Task(msgspec.Struct, frozen=True):
    """A row of ``tasks``; fields in the order of the table's columns."""

    #: That of its promise.
    id: str
    state: str
    #: Raised by each acquire: the fencing token.
    version: int
    #: The process that holds it.
    pid: str | None = None
    #: Length of its lease in milliseconds.
    ttl: int | None = None
    #: Acquired: when the lease lapses. Pending: when a message goes out (again).
    due_at: int | None = None
    #: Who may be told of it (see ``addresses``); None for a timer: nobody.
    queue: str | None = None
    #: The process to prefer among those.
    prefer: str | None = None
    #: How often it was released since it last got anywhere.
    strikes: int = 0
    #: Pending: whether a message is out, so that ``due_at`` is when to repeat it.
    sent: int = 0
    #: How often its lease lapsed since it last got anywhere.
    lapses: int = 0


class PromiseRecord(msgspec.Struct, frozen=True, rename="camel"):
    """A promise on the wire."""

    id: str
    state: str
    param: msgspec.Raw
    value: msgspec.Raw
    tags: msgspec.Raw
    timeout_at: int
    created_at: int
    settled_at: int | msgspec.UnsetType = msgspec.UNSET


class TaskRecord(msgspec.Struct, frozen=True):
    """A task on the wire."""

    id: str
    state: str
    version: int
    #: How many awaited promises settled since it was acquired.
    resumes: int
    ttl: int | msgspec.UnsetType = msgspec.UNSET
    pid: str | msgspec.UnsetType = msgspec.UNSET


class Reply(msgspec.Struct, frozen=True):
    """What an operation answers."""

    #: Status of the envelope and of the HTTP response.
    status: int
    data: Any


def timeout_state(*, timer: int | bool) -> PromiseState:
    """Return the state in which a deadline leaves a promise."""
    return "resolved" if timer else "rejected_timedout"


def promise_record(promise: Promise) -> PromiseRecord:
    """Return the wire form of a promise."""
    settled = promise.settled_at
    return PromiseRecord(
        id=promise.id,
        state=promise.state,
        param=msgspec.Raw(promise.param),
        value=msgspec.Raw(promise.value),
        tags=msgspec.Raw(promise.tags),
        timeout_at=promise.timeout_at,
        created_at=promise.created_at,
        settled_at=msgspec.UNSET if settled is None else settled,
    )


def task_record(task: Task, *, resumes: int = 0) -> TaskRecord:
    """Return the wire form of a task."""
    return TaskRecord(
        id=task.id,
        state=task.state,
        version=task.version,
        resumes=resumes,
        ttl=msgspec.UNSET if task.ttl is None else task.ttl,
        pid=msgspec.UNSET if task.pid is None else task.pid,
    )
