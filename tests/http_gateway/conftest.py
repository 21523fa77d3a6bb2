"""A gateway on an engine in memory, and one published invitation."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.http_gateway.app import create_app
from services.http_gateway.bridge import Bridge
from services.http_gateway.gateway import Face, Gateway
from signoff.approvals import WORKFLOW_TAG
from signoff.domain.choices import DEFAULT_CHOICES
from signoff.domain.invitation import (
    Invitation,
    Summary,
    delivery_promise,
    invitation_promise,
    invitation_to_json,
    request_promise,
    summary_to_json,
)
from signoff.domain.keys import Keyring, Purpose
from signoff.domain.request import Approver
from signoff.testing import MemoryEngine

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DEADLINE = START + timedelta(days=7)
SECRETS = {"a": b"a secret of sixteen or more octets"}
REQUEST = {
    "subject": "Deploy 4.2 to production",
    "body": "Please look at **the change log** first.\n\n- no migration\n- 3 fixes",
    "requester": "Ada Lovelace <ada@example.com>",
}


class Hands:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        """Return the instant that was set."""
        return self.now


@dataclass(frozen=True)
class Scene:
    """A gateway and everything around it."""

    engine: MemoryEngine
    clock: Hands
    gateway: Gateway
    client: FlaskClient
    invitation: Invitation

    @property
    def path(self) -> str:
        """The path of the invitation's link."""
        key = self.gateway.keyring.mint(Purpose.LINK, self.invitation.id)
        return f"/respond/{key}"

    def run[T](self, coroutine: Any) -> Any:
        """Run a coroutine on the engine's loop."""
        return self.gateway.bridge.call(coroutine)

    def answer(self) -> Any:
        """Return what the response promise holds."""
        promise = self.run(self.engine.get(self.invitation.response_promise))
        return promise.value

    def conclude(self, outcome: str = "approve") -> None:
        """Settle the invitation with a summary, as a workflow's end does."""
        summary = Summary(
            outcome,
            outcome == "approve",
            "policy_met",
            START,
            (("bob@x.org", outcome),),
        )
        name = invitation_promise(self.invitation.id)
        self.run(self.engine.settle(name, summary_to_json(summary)))


def make_invitation(letter: str = "i", *, workflow: str = "hitl-001") -> Invitation:
    """Make the invitation of one approver."""
    return Invitation(
        id=letter * 26,
        workflow=workflow,
        response_promise=f"{workflow}:{letter}",
        request_promise=request_promise("r" * 26),
        approver=Approver(f"{letter}@example.com", "Grace Hopper"),
        subject=REQUEST["subject"],
        choices=DEFAULT_CHOICES,
        deadline=DEADLINE,
        digest="1a2b3c4d5e6f" + "0" * 52,
        signals="s" * 26,
        secret_id="a",
    )


async def publish(engine: MemoryEngine, invitation: Invitation) -> None:
    """Publish an invitation, as the workflow does when it opens."""
    late, tags = DEADLINE + timedelta(days=8), {WORKFLOW_TAG: invitation.workflow}
    await engine.create(
        invitation_promise(invitation.id),
        invitation_to_json(invitation),
        timeout_at=late,
        tags=tags,
    )
    request = {"kind": "request", "request": REQUEST}
    await engine.create(invitation.request_promise, request, timeout_at=late)
    await engine.create(invitation.response_promise, None, timeout_at=DEADLINE)


async def publish_delivery(
    engine: MemoryEngine, invitation: Invitation, attempt: int, status: str
) -> None:
    """Publish what one attempt at sending came to."""
    param = {
        "kind": "delivery",
        "invitation": invitation.id,
        "status": status,
        "detail": f"attempt {attempt}",
        "at": START.isoformat(),
    }
    await engine.create(
        delivery_promise(invitation.id, attempt),
        param,
        timeout_at=DEADLINE,
        tags={WORKFLOW_TAG: invitation.workflow},
    )


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Give an event loop that runs in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Give the folder of the development inbox."""
    return tmp_path / "inbox"


@pytest.fixture
def scene(loop: asyncio.AbstractEventLoop, inbox: Path) -> Scene:
    """Give a gateway with one invitation that waits for its answer."""
    clock = Hands()
    engine = MemoryEngine(clock)
    gateway = Gateway(
        engine=engine,
        bridge=Bridge(loop),
        keyring=Keyring(SECRETS, "a", "localhost"),
        clock=clock,
        face=Face(public_url="http://localhost:5001", inbox=inbox),
        workflow_names=frozenset({"deploy"}),
    )
    invitation = make_invitation()
    gateway.call(publish(engine, invitation))
    client = create_app(gateway).test_client()
    return Scene(engine, clock, gateway, client, invitation)


def with_face(scene: Scene, **changes: Any) -> FlaskClient:
    """Give a client of the same gateway with another face."""
    face = replace(scene.gateway.face, **changes)
    return create_app(replace(scene.gateway, face=face)).test_client()
