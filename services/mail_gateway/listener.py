"""The SMTP listener, in the event loop of whoever opens it."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import structlog

from .session import Floor, Session

log = structlog.stdlib.get_logger(__name__)

#: Seconds that messages under way get at the end. `signoff up` waits 20.
PATIENCE = 15.0


@asynccontextmanager
async def listen(
    host: str, port: int, floor: Floor, *, patience: float = PATIENCE
) -> AsyncGenerator[int]:
    """Take mail while the block runs.

    On leaving, idle connections are ended, and messages under way are answered
    first, as far as `patience` goes. A message that gets no answer is sent again.

    Args:
        host: Where to listen.
        port: The port; 0 for one that is free.
        floor: What the connections share.
        patience: Seconds.

    Yields:
        The port.

    Raises:
        OSError: The port is taken.
    """
    # aiosmtpd logs what clients say, and that holds keys.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Session(floor), host, port, backlog=floor.most_sessions
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await _end_sessions(floor, patience)
        with suppress(TimeoutError):  # nothing is left that could answer anyone
            await asyncio.wait_for(server.wait_closed(), 1.0)


async def _end_sessions(floor: Floor, patience: float) -> None:
    floor.closing = True
    sessions = tuple(floor.sessions)
    for session in sessions:
        session.leave()
    tasks = [session.task for session in sessions if session.task]
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=patience)
    if late:
        log.warning("messages under way were dropped", connections=len(late))
    for session in tuple(floor.sessions):
        session.abort()
