"""Take one mail: read it, act on it, and say what its sender is told.

250 is said only after what follows from the mail is durable. Whatever stands in
the way of that is a 451: the sender's own mail system keeps the mail and tries
again, and taking the same mail twice does no more than taking it once.
"""

import asyncio
import secrets
from collections.abc import Callable, Collection
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial

import structlog
from prometheus_client import Counter

from signoff.approvals import find_invitation
from signoff.domain.invitation import Invitation
from signoff.errors import EngineUnavailableError, NotFoundError

from . import replies
from .answers import Desk, judge, take_reply
from .mail import Mail, read_mail, show_in_log
from .outcomes import Outcome
from .postbox import Postbox
from .reports import report_bounce
from .routing import Bounce, Keyed, NoticeBounce, Postmaster, Reply, Route

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True)
class Limits:
    """How long one mail may take, in seconds; a sender waits 10 minutes for its 250."""

    #: Waiting until others are read; a connection is closed after 60.
    waiting: float = 25.0
    #: Reading it, once it is its turn: even 10 MiB take a second or two.
    reading: float = 10.0
    #: All calls to the engine together.
    engine: float = 10.0


#: Mails that are read at a time: one of 10 MiB takes many times that of memory.
MOST_READ = 2


@dataclass(frozen=True, kw_only=True)
class Handler:
    """Takes mails; many at a time."""

    desk: Desk
    postbox: Postbox
    counter: Counter
    #: Threads in which mails are read: the event loop serves others meanwhile.
    readers: Executor
    limits: Limits = Limits()
    #: Taken by each mail that is being read.
    turns: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(MOST_READ)
    )

    async def take(
        self, routes: Collection[Route], raw: bytes, *, null_sender: bool = False
    ) -> str:
        """Take one mail and return the SMTP reply; it never raises.

        Args:
            routes: What its recipients are for: at most one that is keyed.
            raw: The content as SMTP handed it over.
            null_sender: Whether its envelope sender was empty.
        """
        kind, outcomes = "unread", list[Outcome]()
        try:
            for route in _keyed(routes):
                mail = await self._read(raw, null_sender=null_sender)
                kind = mail.message.kind
                outcomes.append(await self._act_on_key(route, mail))
            # Last: no answer may fail because the postbox is full.
            if Postmaster() in routes:
                outcomes.append(await self._store(raw))
        except _PostboxFullError:
            return self._postpone(kind, "the postbox is full", replies.POSTBOX_FULL)
        except (EngineUnavailableError, TimeoutError) as error:
            why = str(error) or "out of time"
            return self._postpone(kind, why, replies.NOT_KEPT)
        except Exception as error:  # noqa: BLE001 (all that is unforeseen ends in a 451 here)
            return self._postpone(kind, "unforeseen", excuse(error))
        for outcome in outcomes:
            self.counter.labels(kind, outcome.result).inc()
        return replies.ACCEPTED

    async def _read(self, raw: bytes, *, null_sender: bool) -> Mail:
        """Read a mail once it is its turn, which ends with the thread, not before."""
        async with asyncio.timeout(self.limits.waiting):
            await self.turns.acquire()
        try:
            work = partial(read_mail, raw, null_sender=null_sender)
            reading = self._start(work)
        except BaseException:
            self.turns.release()
            raise
        reading.add_done_callback(lambda _: self.turns.release())
        async with asyncio.timeout(self.limits.reading):
            return await asyncio.shield(reading)

    def _start[T](self, work: Callable[[], T]) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self.readers, work)

    async def _store(self, raw: bytes) -> Outcome:
        """Keep a mail to the postmaster; it is not read."""
        if not await asyncio.to_thread(self.postbox.keep, raw):
            raise _PostboxFullError
        log.info("mail taken", route="postmaster", result="stored")
        return Outcome("stored")

    async def _act_on_key(self, route: Keyed, mail: Mail) -> Outcome:
        outcome = await self._follow(route, mail)
        log.info("mail taken", **_describe(route, mail, outcome))
        return outcome

    async def _follow(self, route: Keyed, mail: Mail) -> Outcome:
        if isinstance(route, NoticeBounce):
            return Outcome("ignored", "to the sender of a notice or a confirmation")
        if reason := self._reason_to_ignore(route, mail):
            return Outcome("ignored", reason)
        try:
            async with asyncio.timeout(self.limits.engine):
                invitation = await find_invitation(self.desk.promises, route.invitation)
                return await self._act_on_invitation(invitation, mail)
        except NotFoundError:
            return Outcome("gone")

    def _reason_to_ignore(self, route: Reply | Bounce, mail: Mail) -> str:
        """Say why nothing follows from a mail; empty where something does.

        An automatic mail decides nothing and is never answered.
        """
        kind = mail.message.kind
        if isinstance(route, Bounce):
            return "" if kind == "bounce" else "no bounce"
        return "" if kind == "human" else "automatic"

    async def _act_on_invitation(self, invitation: Invitation, mail: Mail) -> Outcome:
        desk, message = self.desk, mail.message
        if message.kind == "bounce":
            return await report_bounce(desk.promises, invitation, mail, desk.clock())
        judged = await self._start(
            partial(judge, message, invitation, trust_from=desk.trust_from)
        )
        return await take_reply(desk, invitation, mail, judged)

    def _postpone(self, kind: str, why: str, reply: str) -> str:
        log.warning("mail postponed", kind=kind, why=why)
        self.counter.labels(kind, "postponed").inc()
        return reply


def _keyed(routes: Collection[Route]) -> list[Keyed]:
    return [route for route in routes if not isinstance(route, Postmaster)]


class _PostboxFullError(Exception):
    """The postbox takes nothing more."""


def excuse(error: Exception) -> str:
    """Log an exception and return the reply to it.

    The reply holds a reference to the log and nothing of the exception's text.
    """
    reference = secrets.token_hex(4)
    log.error("unforeseen", reference=reference, exc_info=error)
    return replies.unforeseen(reference)


def _describe(route: Keyed, mail: Mail, outcome: Outcome) -> dict[str, str]:
    """Return what the log tells of a mail: no key, and no text that can hold one."""
    message = mail.message
    told = {
        "route": type(route).__name__.lower(),
        "kind": message.kind,
        "result": outcome.result,
        "why": outcome.detail,
        "reason": message.reason,
        "invitation": route.invitation if isinstance(route, Reply | Bounce) else "",
        "message_id": show_in_log(message.message_id),
        "sender": show_in_log(message.sender),
        "subject": show_in_log(message.subject),
    }
    return {name: text for name, text in told.items() if text}
