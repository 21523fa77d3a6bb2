"""The engine without its rim: requests as bytes, a real file, a clock set by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from signoff.engine import kinds, outbox, timeouts, wire
from signoff.engine.database import Changes, Transaction
from signoff.engine.errors import RefusedError
from signoff.engine.records import Reply
from signoff.engine.schema import open_database

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

START = 1_000_000
DAY = 86_400_000
GROUP = "poll://any@g"


class Clock:
    """A clock that goes when it is told."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        """Return the instant it was set to."""
        return self.now


class Desk:
    """Asks the engine one thing after the other."""

    def __init__(self, path: Path) -> None:
        self.connection = open_database(path)
        # No test kills this process, and the disk is shared.
        self.connection.execute("PRAGMA synchronous = OFF")
        self.clock = Clock()
        self.changes = Changes()

    def ask(self, kind: str, **data: Any) -> tuple[int, Any]:
        """Send one request; return status and data as a client would read them."""
        reply = self._reply(envelope(kind, data))
        return reply.status, json.loads(msgspec.json.encode(reply.data))

    def ok(self, kind: str, **data: Any) -> Any:
        """Send one request that must succeed; return its data."""
        status, answer = self.ask(kind, **data)
        assert status == 200, answer
        return answer

    def pass_by(self, ms: int) -> None:
        """Let time go by, and do what it brings."""
        self.clock.now += ms
        while self.within(timeouts.run_pass).more:
            pass

    def claim(self, queue: str = "any@g", room: int = 100) -> list[Any]:
        """Claim what is due in a queue; return the messages' JSON."""
        claimed = self.within(lambda tx: outbox.claim(tx, {queue: room}))
        return [json.loads(message.payload) for message in claimed]

    def within[T](self, work: Callable[[Transaction], T]) -> T:
        """Run one operation in a transaction of its own."""
        tx = Transaction(self.connection, self.clock())
        try:
            with self.connection:
                return work(tx)
        finally:
            self.changes = tx.changes

    def promise(self, promise_id: str = "p", *, timeout: int = DAY, **tags: str) -> Any:
        """Create a promise; a tag ``target`` stands for ``resonate:target``."""
        return self.ok(
            "promise.create",
            id=promise_id,
            timeoutAt=self.clock.now + timeout,
            param={},
            tags={_tag(name): value for name, value in tags.items()},
        )["promise"]

    def held(self, task_id: str = "t", *, ttl: int = 1_000, **tags: Any) -> int:
        """Create a task and hold it as process ``me``; return its version."""
        self.promise(task_id, target=GROUP, **tags)
        return self.acquire(task_id, ttl=ttl)["task"]["version"]

    def acquire(self, task_id: str = "t", *, ttl: int = 1_000) -> Any:
        """Hold a pending task as process ``me``."""
        version = self.task(task_id)["version"]
        return self.ok("task.acquire", id=task_id, version=version, pid="me", ttl=ttl)

    def task(self, task_id: str = "t") -> Any:
        """Return a task's record."""
        return self.ok("task.get", id=task_id)["task"]

    def suspend(self, task_id: str, version: int, *awaited: str) -> tuple[int, Any]:
        """Suspend a task on promises."""
        actions = [callback(promise_id, task_id) for promise_id in awaited]
        return self.ask("task.suspend", id=task_id, version=version, actions=actions)

    def resolve(self, promise_id: str, data: str = "") -> Any:
        """Resolve a promise; return its record."""
        return self.ok(
            "promise.settle", id=promise_id, state="resolved", value={"data": data}
        )["promise"]

    def _reply(self, body: bytes) -> Reply:
        try:
            return self.within(kinds.prepare(wire.read_request(body)))
        except RefusedError as refused:
            return Reply(refused.status, refused.message)


def envelope(kind: str, data: Any) -> bytes:
    """Write a request."""
    head = {"corrId": "c1", "version": wire.PROTOCOL_VERSION}
    return json.dumps({"kind": kind, "head": head, "data": data}).encode()


def callback(awaited: str, awaiter: str) -> dict[str, Any]:
    """Return the action of a suspend."""
    data = {"awaited": awaited, "awaiter": awaiter}
    return {"kind": "promise.register_callback", "head": {}, "data": data}


def action(kind: str, **data: Any) -> dict[str, Any]:
    """Return the action of a fence, fulfil or create."""
    return {"kind": kind, "head": {}, "data": data}


def settlement(promise_id: str, data: str = "") -> dict[str, Any]:
    """Return the action that resolves a promise."""
    return action(
        "promise.settle", id=promise_id, state="resolved", value={"data": data}
    )


def _tag(name: str) -> str:
    short = {"target", "timer", "delay", "origin", "branch", "parent"}
    return f"resonate:{name}" if name in short else name
