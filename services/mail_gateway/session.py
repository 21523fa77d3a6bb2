"""One SMTP connection: aiosmtpd's, with what it does otherwise than we want changed.

- `content` receives messages: aiosmtpd answers 500 to a line over its limit, holds
  all of a line that does not end, and takes its time over very many short ones.
- An exception ends in a 451 with a reference; aiosmtpd's own 500 tells its text.
- VRFY tells nothing; EXPN is not there.
- A connection can be ended between two messages.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Peer

from . import replies
from .content import Content, Overflow, Room
from .handler import Handler, excuse
from .routing import Postmaster, Refused, Route

log = structlog.stdlib.get_logger(__name__)

#: Octets of one message, as SIZE announces them (RFC 1870).
MAX_MESSAGE = 10 * 1024 * 1024
#: Connections at a time: more than any relay opens, less than files can be open.
MAX_SESSIONS = 500
#: Octets of all messages that are arriving or being read.
MAX_ARRIVING = 256 * 1024 * 1024
#: Octets of a command: RFC 5321 §4.5.3.1.4 has 512, and extensions add to it.
_MAX_COMMAND = 2048
#: Octets that a connection buffers beside its message.
_BUFFER = 64 * 1024
#: Seconds without a command after which a connection is closed.
_IDLE = 60.0
#: Seconds that a message may take to arrive: 10 MiB at 280 kbit/s.
_ARRIVING = 300.0
_NULL_SENDERS = frozenset({"", "<>"})
_OVERFLOWS = {
    Overflow.TOO_BIG: replies.TOO_BIG,
    Overflow.NO_ROOM: replies.NO_ROOM,
}


@dataclass(kw_only=True)
class Floor:
    """What all connections of one listener share."""

    handler: Handler
    #: Says what a recipient's mail is for.
    route: Callable[[str], Route | Refused]
    #: What we call ourselves.
    hostname: str
    most_sessions: int = MAX_SESSIONS
    room: Room = field(default_factory=lambda: Room(MAX_ARRIVING))
    #: The connections that are open.
    sessions: set["Session"] = field(default_factory=set["Session"])
    #: Whether connections are to end as soon as they can.
    closing: bool = False


class Transaction(Envelope):
    """The envelope of one message."""

    def __init__(self) -> None:
        super().__init__()
        #: What its recipients are for.
        self.routes: set[Route] = set()


class Recipients:
    """Accepts recipients and refuses them."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    async def handle_RCPT(  # noqa: N802 (aiosmtpd finds hooks and commands by name)
        self,
        _server: SMTP,
        peer: Peer,
        transaction: Transaction,
        address: str,
        *_options: object,
    ) -> str:
        """Answer RCPT and remember what was accepted."""
        route = self._floor.route(address)
        if isinstance(route, Refused):
            log.info(
                "recipient refused", reason=route.name.lower(), peer=str(peer.peer)
            )
            return replies.REFUSALS[route]
        if refusal := await self._refuse(route, transaction.routes):
            return refusal
        transaction.routes.add(route)
        transaction.rcpt_tos = ["accepted"]  # all that aiosmtpd asks: is there any
        return replies.RECIPIENT_ACCEPTED

    async def _refuse(self, route: Route, routes: set[Route]) -> str | None:
        if route in routes:
            return None
        if isinstance(route, Postmaster):
            full = await asyncio.to_thread(self._floor.handler.postbox.is_full)
            return replies.POSTBOX_FULL if full else None
        return replies.ONE_AT_A_TIME if routes - {Postmaster()} else None


class Session(SMTP):
    """One connection."""

    line_length_limit = _BUFFER

    def __init__(self, floor: Floor) -> None:
        super().__init__(
            Recipients(floor),
            data_size_limit=MAX_MESSAGE,
            enable_SMTPUTF8=True,
            hostname=floor.hostname,
            ident="ESMTP Signoff",
            timeout=_IDLE,
            loop=asyncio.get_running_loop(),
        )
        # Its own: aiosmtpd's is shared by all connections, and each EHLO adds to it.
        self.command_size_limits = defaultdict(lambda: _MAX_COMMAND)
        self._floor = floor
        self._in_message = False

    @property
    def task(self) -> asyncio.Task[None] | None:
        """What serves the connection."""
        return self._handler_coroutine

    def leave(self) -> None:
        """End the connection, unless a message is under way: then after it."""
        if self._in_message or not isinstance(self.transport, asyncio.Transport):
            return
        self.transport.write(f"{replies.GOING_DOWN}\r\n".encode())
        self.transport.close()

    def abort(self) -> None:
        """End the connection at once."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    async def handle_exception(self, error: Exception) -> str:
        """Answer what nobody thought of."""
        return excuse(error)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 (as handle_RCPT)
        """Receive a message and say what became of it."""
        if await self.check_helo_needed():
            return
        transaction = self.envelope
        if not isinstance(transaction, Transaction) or not transaction.routes:
            await self.push(replies.NO_RECIPIENT)
            return
        if arg:
            await self.push(replies.BAD_DATA)
            return
        self._in_message = True
        try:
            await self.push(replies.GO_ON)
            reply = await self._take_message(transaction)
        finally:
            self._in_message = False
            self._set_post_data_state()
        await self.push(reply)
        if self._floor.closing:
            self.leave()

    async def smtp_VRFY(self, arg: str | None) -> None:  # noqa: ARG002, N802 (as handle_RCPT)
        """Tell nothing, whatever name is asked for."""
        await self.push(replies.CANNOT_VERIFY)

    async def _take_message(self, transaction: Transaction) -> str:
        content = Content(limit=MAX_MESSAGE, room=self._floor.room)
        try:
            self._reset_timeout(_ARRIVING)
            raw = await content.receive(self._reader)
            self._reset_timeout(_IDLE)
            if isinstance(raw, Overflow):
                return _OVERFLOWS[raw]
            return await self._floor.handler.take(
                transaction.routes,
                raw,
                null_sender=transaction.mail_from in _NULL_SENDERS,
            )
        finally:
            content.free()

    async def _handle_client(self) -> None:
        sessions = self._floor.sessions
        try:
            if len(sessions) >= self._floor.most_sessions:
                await self._turn_away()
                return
            sessions.add(self)
            await super()._handle_client()
        except ConnectionError:
            log.debug("connection lost")
        finally:
            sessions.discard(self)

    async def _turn_away(self) -> None:
        log.warning("too many connections", open=len(self._floor.sessions))
        await self.push(replies.TOO_MANY)
        self._writer.close()

    def _create_envelope(self) -> Transaction:
        return Transaction()

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        try:
            return super()._getaddr(arg)
        except IndexError:  # the standard library's parser, at a quote without end
            return None, None
