"""One conversation with an SMTP server: one mail, bounded in time."""

import asyncio
import contextlib
from dataclasses import dataclass

from aiosmtplib import SMTP, SMTPException, SMTPNotSupported, SMTPResponse

from .compose import ComposedMail


@dataclass(frozen=True)
class Limits:
    """How many seconds an attempt may take: 30 in all."""

    #: For the connection, and once more for the greeting: a server that is there
    #: answers sooner, and one that is not holds a slot of the worker.
    connect: float = 10
    #: Until the server has taken the mail.
    total: float = 28
    #: For the goodbye after that.
    goodbye: float = 2


async def transfer(client: SMTP, mail: ComposedMail, limits: Limits) -> SMTPResponse:
    """Connect, log in where the client is told to, and hand over one mail.

    Returns:
        The server's answer once it has taken the mail.

    Raises:
        SMTPException: The server refused, or broke off.
        OSError: It could not be reached; `TimeoutError` where time is up.
    """
    try:
        async with asyncio.timeout(limits.total):
            await client.connect(timeout=limits.connect)
            answer = await _hand_over(client, mail)
        # It has the mail now: whatever happens to the goodbye changes nothing.
        with contextlib.suppress(SMTPException, OSError):
            await client.quit(timeout=limits.goodbye)
    finally:
        _hang_up(client)
    return answer


async def _hand_over(client: SMTP, mail: ComposedMail) -> SMTPResponse:
    options = await _mail_options(client, mail)
    encoding = "utf-8" if mail.smtputf8 else "ascii"
    await client.mail(mail.envelope_from, options=options, encoding=encoding)
    await client.rcpt(mail.recipient, encoding=encoding)
    return await client.data(mail.content)


async def _mail_options(client: SMTP, mail: ComposedMail) -> list[str]:
    """Return what MAIL FROM has to say of the mail (RFC 6531 §3.4)."""
    if not mail.smtputf8:
        return []
    if client.is_ehlo_or_helo_needed:
        await client.ehlo()
    if not client.supports_extension("smtputf8"):
        raise SMTPNotSupported(
            "the mail server takes no address beyond ASCII (SMTPUTF8)"
        )
    return ["BODY=8BITMIME", "SMTPUTF8"]


def _hang_up(client: SMTP) -> None:
    """Close the connection without waiting for what could not be sent yet."""
    transport = client.transport
    client.close()
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()
