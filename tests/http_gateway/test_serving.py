"""The real server: threads, long-polls, the prefix, stopping."""

import socket
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from services.http_gateway.app import create_app
from services.http_gateway.serving import AddressTakenError, WebServer
from services.http_gateway.traffic import Traffic
from signoff.ports import Call
from signoff.workflow_runs import APPROVAL, LIFETIME
from tests.http_gateway.conftest import Scene
from tests.http_gateway.serve import Answer, ask, served

CALLS, PLACES = 50, 16
WAIT = "/workflows/hitl-001?wait=60"


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for a condition, at most 10 s."""
    limit = time.monotonic() + 10
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.01)  # between two looks at a condition


def start_run(scene: Scene) -> None:
    """Start the run that the calls wait for."""
    call = Call(APPROVAL, 1, ({},))
    scene.run(scene.engine.start("hitl-001", call, lifetime=LIFETIME))


def call_all(
    pool: ThreadPoolExecutor, scene: Scene, server: WebServer
) -> list[Future[Answer]]:
    """Have everybody wait; return once as many wait as there are places."""
    calls = [pool.submit(ask, server, WAIT) for _ in range(CALLS)]
    waiting = scene.gateway.bridge._waiting
    wait_until(lambda: len(waiting) == PLACES)
    wait_until(lambda: sum(call.done() for call in calls) == CALLS - PLACES)
    return calls


def test_fifty_waiting_calls_keep_nobody_from_the_page(scene: Scene) -> None:
    """As many wait as there are places, the others come again, the page opens."""
    start_run(scene)
    with served(scene) as server, ThreadPoolExecutor(CALLS) as pool:
        calls = call_all(pool, scene, server)
        began = time.monotonic()
        assert ask(server, scene.path).status == 200
        assert time.monotonic() - began < 2
        scene.run(scene.engine.settle("hitl-001", {"reason": "policy_met"}))
        answers = [call.result(10) for call in calls]
    assert sum(answer.status == 200 for answer in answers) == PLACES
    refused = [each for each in answers if each.status == 202]
    assert {each.headers["Retry-After"] for each in refused} == {"1"}


def test_stopping_ends_what_waits(scene: Scene) -> None:
    """Callers are told to come again, and the server is gone within seconds."""
    start_run(scene)
    with ThreadPoolExecutor(CALLS) as pool:
        with served(scene) as server:
            calls = call_all(pool, scene, server)
            began = time.monotonic()
        assert time.monotonic() - began < 4
        statuses = [call.result(10).status for call in calls]
    assert statuses.count(503) == PLACES


def test_a_port_that_is_taken(scene: Scene) -> None:
    """The error names the port and the setting."""
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        with pytest.raises(AddressTakenError, match=f"port {port} .*HTTP_PORT"):
            WebServer(
                create_app(scene.gateway), "127.0.0.1", port, public_url="http://x"
            )


def test_a_host_that_is_none(scene: Scene) -> None:
    """A name that cannot be resolved is one clear error too."""
    app = create_app(scene.gateway)
    with pytest.raises(AddressTakenError, match=r"cannot listen on no\.such\.invalid"):
        WebServer(app, "no.such.invalid", 5001, public_url="http://x")


@pytest.mark.parametrize("prefix", ["", "/approvals"], ids=["stripped", "kept"])
def test_behind_a_path_prefix(scene: Scene, prefix: str) -> None:
    """It works whether the proxy strips the prefix or not."""
    face = replace(scene.gateway.face, public_url="https://x.example/approvals")
    prefixed = replace(scene, gateway=replace(scene.gateway, face=face))
    key = scene.path.rpartition("/")[2]
    with served(prefixed) as server:
        page = ask(server, f"{prefix}{scene.path}")
        moved = ask(server, f"{prefix}/unblock-workflow?key={key}")
    assert (page.status, 'action="' in page.text) == (200, False)
    assert moved.headers["Location"] == f"respond/{key}"


def test_keys_stay_out_of_logs_and_counts(
    scene: Scene, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is asked with a key, and whatever fails, the key is not told."""
    key = scene.path.rpartition("/")[2]
    paths = [scene.path, f"/respond/{key}/x", f"/unblock-workflow?key={key}", f"/{key}"]
    scene.run(scene.engine.settle(scene.invitation.response_promise, {"kind": "x"}))
    with capture_logs() as entries, served(scene) as server:
        told = [ask(server, path) for path in paths]
        counts = ask(server, "/metrics").text
    logs = "".join([str(entries), caplog.text, *capfd.readouterr()])
    assert [each.status for each in told] == [500, 404, 303, 404]
    assert key not in logs + counts
    assert "/respond/<key>" in logs
    assert 'status="500"' in counts


def test_larger_requests_than_any_view_takes(scene: Scene) -> None:
    """The server refuses them before a view is asked."""
    with served(scene) as server:
        headers = {"Content-Length": str(1024 * 1024 + 1)}
        answer = ask(server, "/start-workflow", method="POST", headers=headers)
    assert answer.status == 413


def test_readiness_follows_the_engine(scene: Scene) -> None:
    """Alive without it, ready only with it, ready again when it is back."""
    client = scene.client
    assert client.get("/readyz").json == {"engine": "ok"}
    scene.engine.available = False
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    scene.engine.available = True
    assert client.get("/readyz").status_code == 200


def test_metrics_are_of_the_operator(scene: Scene) -> None:
    """They are not for everybody who reaches the public face."""
    headers = {"Host": "signoff.example.com"}
    assert scene.client.get("/metrics", headers=headers).status_code == 403


def test_applications_count_for_themselves() -> None:
    """Two in one process do not collide."""
    assert Traffic().registry is not Traffic().registry
