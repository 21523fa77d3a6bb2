"""SMTP servers to deliver to: real ones, and ones that misbehave on a script."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Postbox:
    """An aiosmtpd handler that keeps mail, or answers as it is told."""

    #: Answers by stage: ``MAIL``, ``RCPT``, ``DATA``.
    answers: dict[str, str] = field(default_factory=dict[str, str])
    mails: list[Envelope] = field(default_factory=list[Envelope])
    #: Who logged in.
    logins: list[str] = field(default_factory=list[str])
    port: int = 0

    async def handle_MAIL(  # noqa: N802 (aiosmtpd names it)
        self, _server: SMTP, _session: Session, envelope: Envelope, *given: Any
    ) -> str:
        """Take or refuse the sender."""
        envelope.mail_from, envelope.mail_options = given
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802 (aiosmtpd names it)
        self, _server: SMTP, _session: Session, envelope: Envelope, *given: Any
    ) -> str:
        """Take or refuse the recipient."""
        envelope.rcpt_tos.append(given[0])
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(  # noqa: N802 (aiosmtpd names it)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take or refuse the mail."""
        answer = self.answers.get("DATA", "250 OK queued")
        if answer.startswith("250"):
            self.mails.append(envelope)
        return answer

    def authenticate(self, *given: Any) -> AuthResult:
        """Let in whoever knows the password."""
        login: LoginPassword = given[4]
        good = login.password == b"right horse"
        if good:
            self.logins.append(login.login.decode())
        return AuthResult(success=good, handled=False)


@contextlib.asynccontextmanager
async def open_postbox(
    answers: dict[str, str] | None = None, **options: Any
) -> AsyncGenerator[Postbox]:
    """Run a real SMTP server for as long as the block runs.

    Args:
        answers: What it answers at which stage; 250 where not given.
        options: Of aiosmtpd's server; ``tls`` is a context for implicit TLS.
    """
    postbox = Postbox(answers or {})
    tls = options.pop("tls", None)

    def make_server() -> SMTP:
        return SMTP(
            postbox,
            hostname="mx.example.com",
            authenticator=postbox.authenticate,
            **options,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(make_server, "127.0.0.1", 0, ssl=tls)
    postbox.port = server.sockets[0].getsockname()[1]
    try:
        yield postbox
    finally:
        server.close()


@dataclass
class Script:
    """A server that says what a script tells it to."""

    #: The greeting and then one answer for each line; empty: silence.
    lines: list[str]
    #: How many connections were made.
    connections: int = 0
    port: int = 0
    #: What the clients said.
    heard: list[str] = field(default_factory=list[str])

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Say each line in turn; hang up at ``close``, be silent after the last."""
        self.connections += 1
        for number, line in enumerate(self.lines):
            if number:
                self.heard.append((await reader.readline()).decode().strip())
            if line == "close":
                break
            writer.write(f"{line}\r\n".encode())
        else:
            await reader.read()
        writer.close()


@contextlib.asynccontextmanager
async def open_script(*lines: str) -> AsyncGenerator[Script]:
    """Run a scripted server for as long as the block runs."""
    script = Script(list(lines))
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()
