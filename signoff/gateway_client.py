"""The operator's side of the HTTP gateway, for the command line."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import Any, cast
from urllib.parse import quote

from signoff.errors import SignoffError
from signoff.setting_values import connect_host
from signoff.settings import Settings

#: The gateway says 503 after 10 s without the engine; it must be heard.
_PATIENCE = 20.0
#: An answer larger than this is not the gateway's.
_LARGEST = 4 * 1024 * 1024
#: One poll of several; the gateway cuts longer ones.
_LONGEST_POLL = 30.0
#: The gateway answers at once when too many wait already.
_POLL_PAUSE = 1.0

type Document = dict[str, Any]


class GatewayError(SignoffError):
    """The gateway did not do what was asked, or was not there."""


class GatewayClient:
    """Ask the gateway that the settings name."""

    def __init__(self, settings: Settings) -> None:
        self._place = connect_host(settings.http_host).strip("[]"), settings.http_port
        self._url = settings.http_url
        self._key = next(iter(settings.api_keys), None)

    def start(self, body: Mapping[str, Any]) -> Document:
        """Start a workflow, or find it again, and return its document.

        Raises:
            GatewayError: It was refused, or the gateway was not there.
        """
        return self._ask("POST", "/start-workflow", body=json.dumps(body).encode())

    def status(self, workflow_id: str, *, wait: float = 0.0) -> Document:
        """Return a workflow's document, at once or when it is decided.

        Args:
            workflow_id: Which workflow.
            wait: Seconds that the gateway may wait for the decision.

        Raises:
            GatewayError: There is none, or the gateway was not there.
        """
        path = f"/workflows/{quote(workflow_id, safe='')}?wait={wait:g}"
        return self._ask("GET", path, wait=wait)

    def _ask(
        self, method: str, path: str, *, body: bytes | None = None, wait: float = 0.0
    ) -> Document:
        headers = {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        # Not urllib.request: it would follow proxies and redirects with the key.
        host, port = self._place
        try:
            with closing(HTTPConnection(host, port, timeout=_PATIENCE + wait)) as line:
                line.request(method, path, body=body, headers=headers)
                response = line.getresponse()
                return _read_answer(response.status, response.read(_LARGEST))
        except (OSError, HTTPException) as error:
            raise GatewayError(
                f"no HTTP gateway answers at {self._url} ({_reason(error)}); "
                "is `signoff up` running?"
            ) from error


def await_end(
    client: GatewayClient,
    workflow_id: str,
    *,
    wait: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Document:
    """Return a workflow's document when it ended, or as it is after `wait` seconds.

    Raises:
        GatewayError: There is none, or the gateway was not there.
    """
    until = clock() + wait
    while True:
        left = max(until - clock(), 0.0)
        document = client.status(workflow_id, wait=min(left, _LONGEST_POLL))
        if document.get("state") != "pending" or clock() >= until:
            return document
        sleep(min(_POLL_PAUSE, max(until - clock(), 0.0)))


def _read_answer(status: int, raw: bytes) -> Document:
    try:
        found: Any = json.loads(raw)
    except ValueError:
        found = None
    document = cast("Document", found) if isinstance(found, dict) else {}
    if status in {200, 202} and document:
        return document
    raise GatewayError(_explain(status, document))


def _explain(status: int, problem: Document) -> str:
    """Put an answer of RFC 9457 (problem details) into one line."""
    said = problem.get("detail") or problem.get("title") or "an answer it never gives"
    return f"the gateway answered {status}: {said}"


def _reason(error: Exception) -> str:
    strerror = getattr(error, "strerror", None)
    return str(strerror or error or type(error).__name__)
