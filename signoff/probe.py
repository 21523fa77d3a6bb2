"""Ask over HTTP whether a process is ready, with nothing but asyncio.

The supervisor starts before everything else, so it imports no HTTP library.
"""

import asyncio
import socket
from contextlib import closing
from urllib.parse import urlsplit

from signoff.setting_values import connect_host

#: Seconds after which no answer is an answer.
_LIMIT = 2.0


async def answers(url: str, token: str | None = None) -> bool:
    """Say whether an HTTP address answers 200 now.

    Args:
        url: The address, of a place without TLS.
        token: The bearer token that it wants, if any.
    """
    try:
        async with asyncio.timeout(_LIMIT):
            return await _ask(url, token) == b"200"
    except (OSError, TimeoutError, ValueError):
        return False


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on just now."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


async def _ask(url: str, token: str | None) -> bytes:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    lines = [f"GET {parts.path} HTTP/1.1", f"Host: {connect_host(host)}:{port}"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        status = (await reader.readline()).split()
        return status[1] if len(status) > 1 else b""
    finally:
        writer.close()
