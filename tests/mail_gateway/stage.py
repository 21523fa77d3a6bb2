"""A mail gateway on a real socket, before an engine in memory."""

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from prometheus_client import Counter

from services.mail_gateway.answers import Desk
from services.mail_gateway.handler import Handler, Limits
from services.mail_gateway.listener import listen
from services.mail_gateway.outcomes import make_counter
from services.mail_gateway.postbox import Postbox
from services.mail_gateway.routing import read_recipient
from services.mail_gateway.session import Floor
from signoff.domain.choices import DEFAULT_CHOICES
from signoff.domain.invitation import (
    Invitation,
    invitation_promise,
    invitation_to_json,
    signal_promise,
)
from signoff.domain.keys import Keyring, Purpose
from signoff.domain.request import Approver
from signoff.testing import MemoryEngine

MAILS = Path(__file__).parent / "handler_mails"
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DEADLINE = START + timedelta(days=7)
KEYRING = Keyring({"a": b"a secret of the tests"}, "a", "reply.example.com")
INVITATION = Invitation(
    id="mfzwiylumfzwiylumfzwiylumf",
    workflow="hitl-001",
    response_promise="hitl-001:1",
    request_promise="signoff-request-1",
    approver=Approver("ada@example.com", "Ada", "en"),
    subject="Deploy 1.4",
    choices=DEFAULT_CHOICES,
    deadline=DEADLINE,
    digest="0" * 64,
    signals="onuwo3tbnrzxg2lhnzqwy43tne",
    secret_id="a",
)


def address(purpose: Purpose, id_: str = INVITATION.id) -> str:
    """Return the address of a purpose, with a genuine key."""
    prefix = "approve+" if purpose is Purpose.REPLY else "bounce+"
    return f"{prefix}{KEYRING.mint(purpose, id_)}@{KEYRING.domain}"


REPLY_TO = address(Purpose.REPLY)
BOUNCE_TO = address(Purpose.BOUNCE)
VERDICT_TO = address(Purpose.VERDICT)


def mail(name: str) -> bytes:
    """Return one of the mails, with the line ends of SMTP."""
    return (MAILS / f"{name}.eml").read_bytes().replace(b"\n", b"\r\n")


@dataclass
class Dial:
    """A clock that stands still until it is told another time."""

    now: datetime = START

    def __call__(self) -> datetime:
        """Return the time it was told."""
        return self.now


class Client:
    """Speaks SMTP word by word."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._reader, self._writer = reader, writer

    async def say(self, *lines: str) -> str:
        """Send commands one by one; return the reply to the last."""
        reply = ""
        for line in lines:
            self._writer.write(f"{line}\r\n".encode("utf-8", "surrogateescape"))
            reply = await self.hear()
        return reply

    async def hear(self) -> str:
        """Read one reply, all its lines; empty at the end of the connection."""
        async with asyncio.timeout(30):
            lines = [await self._reader.readline()]
            while lines[-1][3:4] == b"-":
                lines.append(await self._reader.readline())
        return b"".join(lines).decode().rstrip()

    async def open_to(self, *recipients: str, sender: str = "ada@example.com") -> str:
        """Begin a transaction; return the reply to the last recipient."""
        commands = [f"RCPT TO:<{recipient}>" for recipient in recipients]
        return await self.say(f"MAIL FROM:<{sender}>", *commands)

    async def send(self, raw: bytes) -> str:
        """Send the content; return what becomes of it."""
        await self.say("DATA")
        await self.write(raw)
        return await self.finish()

    async def finish(self) -> str:
        """Send the final dot and read the reply."""
        await self.write(b"\r\n.\r\n")
        return await self.hear()

    async def write(self, raw: bytes) -> None:
        """Send octets as they are."""
        self._writer.write(raw)
        await self._writer.drain()

    async def close(self) -> None:
        """Drop the connection."""
        self._writer.close()
        with suppress(ConnectionError):  # the other end was first
            await self._writer.wait_closed()


@dataclass
class Stage:
    """A gateway that listens, and everything around it."""

    engine: MemoryEngine
    #: The gateway's clock; the engine has one of its own.
    clock: Dial
    engine_clock: Dial
    counter: Counter
    postbox: Postbox
    floor: Floor
    port: int = 0
    clients: list[Client] = field(default_factory=list[Client])

    async def connect(self) -> Client:
        """Open a connection and say EHLO."""
        client = Client(*await asyncio.open_connection("127.0.0.1", self.port))
        self.clients.append(client)
        await client.hear()
        await client.say("EHLO client.example.com")
        return client

    async def deliver(
        self, raw: bytes, to: str = REPLY_TO, sender: str = "ada@example.com"
    ) -> str:
        """Deliver one mail over a connection of its own."""
        client = await self.connect()
        await client.open_to(to, sender=sender)
        reply = await client.send(raw)
        await client.close()
        return reply

    async def held(self) -> Any:
        """Return what the response promise was settled with, or None."""
        promise = await self.engine.get(INVITATION.response_promise)
        return promise.value if promise else None

    async def signalled(self) -> Any:
        """Return what the signal slot was settled with, or None."""
        promise = await self.engine.get("slot-0")
        return promise.value if promise else None

    async def notices(self) -> list[dict[str, Any]]:
        """Return the notices that were started."""
        started = await self.engine.search({})
        return [
            promise.param["args"][0]
            for promise in started
            if promise.id.startswith("signoff-notice-")
        ]

    def counted(self, kind: str, result: str) -> float:
        """Return how many mails the metrics tell of."""
        return self.counter.labels(kind, result)._value.get()


async def publish(engine: MemoryEngine, invitation: Invitation = INVITATION) -> None:
    """Publish what the workflow of an approval publishes."""
    later = invitation.deadline + timedelta(days=8)
    id_, until = invitation.response_promise, invitation.deadline
    slot = signal_promise(invitation.signals, 0)
    published = invitation_to_json(invitation)
    await engine.create(id_, None, timeout_at=until)
    await engine.create("slot-0", None, timeout_at=later)
    await engine.create(slot, {"promise": "slot-0"}, timeout_at=later)
    await engine.create(invitation_promise(invitation.id), published, timeout_at=later)


@asynccontextmanager
async def set_up(
    folder: Path,
    *,
    trust_from: bool = True,
    limits: Limits | None = None,
    most_files: int = 10,
    patience: float = 10.0,
) -> AsyncGenerator[Stage]:
    """Open a gateway with one invitation published."""
    clock, engine_clock = Dial(), Dial()
    engine, counter = MemoryEngine(engine_clock), make_counter()
    await publish(engine)
    postbox = Postbox(folder / "postmaster", most_files=most_files)
    with ThreadPoolExecutor(2) as readers:
        desk = Desk(
            promises=engine, workflows=engine, clock=clock, trust_from=trust_from
        )
        handler = Handler(
            desk=desk,
            postbox=postbox,
            counter=counter,
            readers=readers,
            limits=limits or Limits(),
        )
        route = partial(
            read_recipient,
            keyring=KEYRING,
            reply_prefix="approve+",
            bounce_prefix="bounce+",
        )
        floor = Floor(handler=handler, route=route, hostname=KEYRING.domain)
        stage = Stage(engine, clock, engine_clock, counter, postbox, floor)
        async with listen("127.0.0.1", 0, floor, patience=patience) as stage.port:
            yield stage
            for client in stage.clients:
                await client.close()
