"""A gateway on a real socket, and a client that knows nothing of Flask."""

import http.client
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass

from services.http_gateway.app import create_app
from services.http_gateway.serving import WebServer
from tests.http_gateway.conftest import Scene


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str


@contextmanager
def served(scene: Scene) -> Iterator[WebServer]:
    """Serve a scene's gateway on a port of 127.0.0.1."""
    url = scene.gateway.face.public_url
    server = WebServer(create_app(scene.gateway), "127.0.0.1", 0, public_url=url)
    server.start()
    try:
        yield server
    finally:
        scene.gateway.bridge.close()
        server.stop()


def ask(
    server: WebServer,
    path: str,
    *,
    method: str = "GET",
    body: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request to 127.0.0.1."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, 20)) as line:
        line.request(method, path, body=body, headers=dict(headers or {}))
        response = line.getresponse()
        text = response.read().decode()
        return Answer(response.status, dict(response.getheaders()), text)
