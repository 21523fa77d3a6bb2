"""Serving the application: waitress in a thread, stopped from outside.

waitress has no way to be stopped but by a signal to its thread, so its loop is
turned here: it stops taking connections, lets every view come to its end, sends
what they answered, and only then closes.
"""

import errno
import os
import socket
import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer, create_server

from signoff.errors import SignoffError

#: Views mostly wait for the engine, so there may be many; half of them at most
#: wait for a decision.
THREADS = 32
#: Requests that are larger are refused before a view sees them.
_MAX_REQUEST_OCTETS = 1024 * 1024
_CONNECTIONS = 1000
#: How long views may take to come to their end, and their answers to leave.
_VIEW_LIMIT, _SEND_LIMIT = 5, 1.0


class AddressTakenError(SignoffError):
    """The address to listen on cannot be had."""


class WebServer:
    """One application on one address."""

    def __init__(self, app: Flask, host: str, port: int, *, public_url: str) -> None:
        self._map: dict[int, Any] = {}
        self._stop = threading.Event()
        sockets = _listen(host, port)
        #: The port it listens on; of interest where port 0 was asked for.
        self.port: int = sockets[0].getsockname()[1]
        create_server(
            app,
            map=self._map,
            sockets=sockets,
            threads=THREADS,
            ident="signoff",
            connection_limit=_CONNECTIONS,
            max_request_body_size=_MAX_REQUEST_OCTETS,
            url_prefix=urlsplit(public_url).path,
            # They show that a proxy is in front, which `access` wants to know;
            # nothing else reads them.
            clear_untrusted_proxy_headers=False,
        )
        self._servers: list[Any] = self._of_kind(TcpWSGIServer)
        self._executor = ThreadPoolExecutor(1, "waitress")
        self._turning: Future[None] = Future()

    def start(self) -> Future[None]:
        """Begin to serve; return what is done when the server has ended."""
        self._turning = self._executor.submit(self._turn)
        return self._turning

    def stop(self) -> None:
        """Serve what came, and no more. Blocks for a few seconds at most."""
        for server in self._servers:
            server.accepting = False
        self._servers[0].task_dispatcher.shutdown(timeout=_VIEW_LIMIT)
        self._stop.set()
        if not self._turning.done():
            self._servers[0].trigger.pull_trigger()
        self._executor.shutdown()

    def _turn(self) -> None:
        try:
            self._serve()
        finally:
            wasyncore.close_all(self._map)

    def _serve(self) -> None:
        while not self._stop.is_set():
            wasyncore.loop(timeout=30, use_poll=True, map=self._map, count=1)
        for _ in range(round(_SEND_LIMIT / 0.05)):
            if not any(each.total_outbufs_len for each in self._of_kind(HTTPChannel)):
                break
            wasyncore.loop(timeout=0.05, use_poll=True, map=self._map, count=1)

    def _of_kind[T](self, kind: type[T]) -> list[T]:
        return [each for each in self._map.values() if isinstance(each, kind)]


def _listen(host: str, port: int) -> list[socket.socket]:
    """Bind every address of a name, or none of them."""
    sockets: list[socket.socket] = []
    try:
        for family, address in _addresses(host, port):
            listener = socket.socket(family, socket.SOCK_STREAM)
            sockets.append(listener)
            if os.name == "posix":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.bind(address)
            listener.listen(_CONNECTIONS)
    except OSError as error:
        for each in sockets:
            each.close()
        raise AddressTakenError(_explain(error, host, port)) from error
    return sockets


def _addresses(
    host: str, port: int
) -> Iterable[tuple[socket.AddressFamily, tuple[Any, ...]]]:
    found = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    return dict.fromkeys((family, address) for family, _, _, _, address in found)


def _explain(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is taken; set SIGNOFF_HTTP_PORT to another"
    return f"cannot listen on {host}:{port}: {error.strerror or error}"
