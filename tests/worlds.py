"""A world to run approvals in: a real engine, the real SDK, a mailer that records."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.worker.compose import ComposedMail, SenderIdentity
from services.worker.main import register
from services.worker.tools import Tools
from signoff.approvals import WORKFLOW_TAG, Receipt, respond
from signoff.domain.decision import Decision, decision_from_json
from signoff.domain.delivery import Attempt
from signoff.domain.invitation import Invitation, invitation_from_json
from signoff.domain.keys import Keyring
from signoff.domain.request import Approver
from signoff.domain.response import Response
from signoff.durable import DurableEngine, connect, open_worker
from signoff.engine.config import EngineConfig
from signoff.engine.server import EngineServer, serve
from signoff.ports import Call, Clock, DurablePromise

TOKEN = "token of a test"
KEYRING = Keyring({"a": b"a secret of this test"}, "a", "reply.example.com")
IDENTITY = SenderIdentity(
    keyring=KEYRING,
    mail_from=("Signoff", "signoff@example.com"),
    reply_domain="reply.example.com",
    reply_prefix="approve+",
    bounce_prefix="bounce+",
    public_url="http://localhost:5001",
)
#: Within this time everything that should happen in a world has happened.
LIMIT = timedelta(seconds=20)


class MovableClock:
    """The real time, moved ahead as far as a test likes."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """Return the present instant of this world."""
        return datetime.now(UTC) + self._ahead

    def milliseconds(self) -> int:
        """Return the present instant as an engine counts it."""
        return int(self().timestamp() * 1000)

    def advance(self, by: timedelta) -> None:
        """Move ahead."""
        self._ahead += by


@dataclass
class RecordingMailer:
    """A mailer that keeps what it is given, and says what the test wants."""

    mails: list[ComposedMail] = field(default_factory=list[ComposedMail])
    #: What becomes of a mail, by its recipient; ``sent`` where nothing is said.
    verdict: Callable[[ComposedMail], Any] = lambda _mail: ("sent", "250 OK")

    #: Hands mail on, where the test wants more than a verdict.
    deliver: Callable[[ComposedMail, datetime], Awaitable[Attempt]] | None = None

    async def send(self, mail: ComposedMail, at: datetime) -> Attempt:
        """Record a mail and answer for it."""
        self.mails.append(mail)
        if self.deliver is not None:
            return await self.deliver(mail, at)
        status, detail = self.verdict(mail)
        return Attempt(status, detail, at)

    def to(self, recipient: str) -> list[ComposedMail]:
        """Return the mails to one address."""
        return [mail for mail in self.mails if mail.recipient == recipient]


@dataclass
class World:
    """An engine with workers and a gateway's connection to it."""

    server: EngineServer
    engine: DurableEngine
    mailer: RecordingMailer
    clock: MovableClock

    @property
    def url(self) -> str:
        """Where the engine is."""
        return f"http://127.0.0.1:{self.server.port}"

    async def ask(self, id_: str, **request: Any) -> list[Invitation]:
        """Start an approval and return its invitations once they are out."""
        call = Call("signoff.approval", 1, (request,))
        await self.engine.start(id_, call, lifetime=timedelta(days=400))
        wanted = len(request.get("approvers", ["default"]))
        return await self.published_invitations(id_, wanted)

    async def published_invitations(self, id_: str, wanted: int) -> list[Invitation]:
        """Return a workflow's invitations once there are so many."""
        return await eventually(lambda: self.invitations(id_, wanted))

    async def invitations(self, id_: str, wanted: int) -> list[Invitation]:
        """Return the invitations of a workflow, if all of them are published."""
        published = await self.engine.search({WORKFLOW_TAG: id_})
        found = [
            invitation_from_json(promise.param)
            for promise in published
            if promise.param["kind"] == "invitation"
        ]
        found.sort(key=lambda invitation: invitation.approver.address)
        return found if len(found) >= wanted else []

    async def answer(self, invitation: Invitation, choice: str) -> Receipt:
        """Answer an invitation, as a gateway does."""
        response = Response(
            response_id=secrets.token_hex(8),
            invitation=invitation.id,
            approver=invitation.approver.address,
            choice=choice,
            comment="",
            channel="api",
            at=self.clock(),
        )
        return await respond(self.engine, invitation, response)

    async def decision(self, id_: str) -> Decision:
        """Return the decision of an approval, waiting for it."""
        return decision_from_json((await self.outcome(id_)).value)

    async def outcome(self, id_: str) -> DurablePromise:
        """Return a workflow's promise once it is settled."""
        promise = await self.engine.wait(id_, limit=LIMIT)
        assert promise is not None
        assert not promise.pending, f"{id_} did not come to its end"
        return promise

    async def advance(self, by: timedelta) -> None:
        """Let time pass, and the engine notice."""
        self.clock.advance(by)
        await self.server.tick()

    async def mails(self, recipient: str, count: int) -> list[ComposedMail]:
        """Return the mails to an address once there are so many."""

        async def enough() -> list[ComposedMail]:
            mails = self.mailer.to(recipient)
            return mails if len(mails) >= count else []

        return await eventually(enough)


async def eventually[T](probe: Callable[[], Any], limit: timedelta = LIMIT) -> Any:
    """Return the first true result of a probe.

    Raises:
        TimeoutError: There was none within the limit.
    """
    async with asyncio.timeout(limit.total_seconds()):
        while not (result := await probe()):  # noqa: ASYNC110 (across processes there is no event)
            await asyncio.sleep(0.01)
        return result


def make_tools(engine: DurableEngine, mailer: RecordingMailer, clock: Clock) -> Tools:
    """Return the tools of a worker in a test."""
    return Tools(
        promises=engine,
        mailer=mailer,
        identity=IDENTITY,
        clock=clock,
        draw=secrets.token_bytes,
        default_approver=Approver("approver@localhost"),
        default_deadline=timedelta(days=7),
    )


@asynccontextmanager
async def run_worker(
    url: str, mailer: RecordingMailer, clock: Clock, modules: tuple[str, ...] = ()
) -> AsyncGenerator[None]:
    """Run a worker in this process."""
    async with open_worker(
        url, TOKEN, group="signoff", lease=timedelta(seconds=15), clock=clock
    ) as (resonate, engine):
        register(resonate, modules)
        resonate.with_dependency(make_tools(engine, mailer, clock))
        resonate.start()
        yield


@asynccontextmanager
async def open_world(
    folder: Path, modules: tuple[str, ...] = ()
) -> AsyncGenerator[World]:
    """Make a world with one worker."""
    clock = MovableClock()
    config = EngineConfig(
        database=folder / "engine.sqlite3",
        token=TOKEN,
        port=0,
        clock=clock.milliseconds,
    )
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(serve(config))
        url = f"http://127.0.0.1:{server.port}"
        engine = await stack.enter_async_context(
            connect(url, TOKEN, group="signoff", listen="test")
        )
        mailer = RecordingMailer()
        await stack.enter_async_context(run_worker(url, mailer, clock, modules))
        yield World(server, engine, mailer, clock)
