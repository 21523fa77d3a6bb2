"""Delivery: one attempt at getting a composed mail out.

An attempt takes at most 30 s, never blocks the event loop and never raises for
anything that a mail server does: what it came to is its result. A server that
cannot be reached is left alone for a while (see `breaker`), so that a black hole
cannot hold every slot of the worker.
"""

import asyncio
import ssl
from datetime import datetime
from pathlib import Path
from typing import Protocol

import structlog
from aiosmtplib import SMTP

from signoff.domain.delivery import Attempt
from signoff.inbox import KeptMail, keep_message
from signoff.ports import Clock
from signoff.settings import SmtpUrl

from .breaker import Breaker
from .compose import ComposedMail
from .smtp_errors import (
    describe_answer,
    describe_error,
    is_foreseen,
    is_outage,
    judge_error,
)
from .smtp_session import Limits, transfer

__all__ = ["InboxMailer", "Limits", "Mailer", "SmtpMailer"]

#: So many conversations at once. A worker runs 64 tasks: a server that answers
#: nobody must leave it slots in which answers are counted.
_CONVERSATIONS = 16
#: How many seconds a mail waits for its turn before it is deferred.
_PATIENCE = 1.0

log = structlog.stdlib.get_logger(__name__)


class Mailer(Protocol):
    """Gets mail out."""

    async def send(self, mail: ComposedMail, at: datetime) -> Attempt:
        """Make one attempt, begun at `at`, of at most 30 s; say what it came to."""
        ...


class InboxMailer:
    """Puts mail into the development inbox."""

    def __init__(self, directory: Path, clock: Clock) -> None:
        self._directory = directory
        self._clock = clock

    async def send(self, mail: ComposedMail, at: datetime) -> Attempt:
        """Keep the mail; deferred where the directory cannot be written."""
        kept = KeptMail(
            name=mail.key,
            envelope_from=mail.envelope_from,
            recipient=mail.recipient,
            at=self._clock(),
            content=mail.content,
        )
        try:
            await asyncio.to_thread(keep_message, self._directory, kept)
        except OSError as error:
            detail = f"the development inbox cannot be written: {error.strerror}"
            return Attempt("deferred", detail, at)
        return Attempt("sent", "kept in the development inbox", at)


class SmtpMailer:
    """Hands mail to an SMTP server, over a connection for each."""

    def __init__(
        self,
        url: SmtpUrl,
        clock: Clock,
        *,
        limits: Limits | None = None,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        """Make a mailer; one for each process, because it holds the breaker.

        Args:
            url: The server, how it is secured, and whom to log in as.
            clock: By which the breaker waits.
            limits: How long an attempt may take.
            tls_context: Which certificates are believed; those that the system
                believes where not given.
        """
        self._url = url
        self._limits = limits or Limits()
        self._tls_context = tls_context
        if tls_context is None and url.tls != "none":
            self._tls_context = ssl.create_default_context()
        self._breaker = Breaker(clock)
        self._conversations = asyncio.Semaphore(_CONVERSATIONS)
        self._outage = ""

    async def send(self, mail: ComposedMail, at: datetime) -> Attempt:
        """Make one attempt; deferred at once while the server is left alone."""
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._conversations.acquire()
        except TimeoutError:
            return Attempt("deferred", "the mail server is busy or slow", at)
        try:
            return await self._converse(mail, at)
        finally:
            self._conversations.release()

    async def _converse(self, mail: ComposedMail, at: datetime) -> Attempt:
        admission = self._breaker.request_pass()
        if admission is None:
            return Attempt("deferred", self._describe_pause(), at)
        try:
            answer = await transfer(self._client(mail), mail, self._limits)
        except Exception as error:  # noqa: BLE001 (what a step raises would be its outcome for ever)
            return self._fail(error, admission, at)
        self._breaker.succeed()
        return Attempt("sent", describe_answer(answer, self._secrets()), at)

    def _client(self, mail: ComposedMail) -> SMTP:
        url = self._url
        return SMTP(
            hostname=url.host,
            port=url.port,
            username=url.username,
            password=url.password,
            # The name in EHLO: else the SDK asks the DNS for it, each time.
            local_hostname=mail.envelope_from.rpartition("@")[2],
            timeout=self._limits.total,
            use_tls=url.tls == "implicit",
            start_tls=url.tls == "starttls",
            tls_context=self._tls_context,
        )

    def _fail(self, error: Exception, admission: int, at: datetime) -> Attempt:
        detail = describe_error(error, self._secrets())
        if not is_foreseen(error):
            log.error("mail deferred", exc_info=error)
        if is_outage(error):
            self._outage = detail
            self._breaker.fail(admission)
        else:
            self._breaker.succeed()
        return Attempt(judge_error(error), detail, at)

    def _describe_pause(self) -> str:
        seconds = max(round(self._breaker.remaining.total_seconds()), 1)
        return f"{self._outage} (not tried again for {seconds} s)"

    def _secrets(self) -> tuple[str, ...]:
        """Return what a server may echo and nobody may read."""
        user, password = self._url.username, self._url.password
        # The second is what AUTH PLAIN sends (RFC 4616 §2).
        return (password, f"\0{user}\0{password}") if password else ()
