"""The operator face for programs: start, reconnect, ask, wait."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.http_gateway.app import create_app
from tests.http_gateway.conftest import (
    START,
    Scene,
    make_invitation,
    publish,
    publish_delivery,
    with_face,
)

HERE = {"Host": "localhost:5001"}


def get(scene: Scene, path: str) -> Any:
    """Ask for a document."""
    return scene.client.get(path)


def start(scene: Scene, body: object, **kwargs: Any) -> Any:
    """Send a body as JSON without saying so, as ``curl -d`` does."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    form = "application/x-www-form-urlencoded"
    return scene.client.post("/start-workflow", data=text, content_type=form, **kwargs)


def test_starting_is_accepted(scene: Scene) -> None:
    """The original curl line gets the document of a pending run."""
    answer = start(scene, {"workflow_id": "hitl-002"})
    assert answer.status_code == 202
    assert answer.headers["Location"] == "http://localhost:5001/workflows/hitl-002"
    assert answer.json == {
        "workflow_id": "hitl-002",
        "state": "pending",
        "waiting_for": [],
        "decision": None,
        "links": {"self": "http://localhost:5001/workflows/hitl-002"},
    }


def test_the_json_content_type_is_good_too(scene: Scene) -> None:
    """What the body is decides, not what it is called."""
    answer = scene.client.post("/start-workflow", json={"workflow_id": "hitl-002"})
    assert answer.status_code == 202


def test_the_same_again_has_the_result_when_it_is_done(scene: Scene) -> None:
    """Reconnecting waits for nothing and tells what there is."""
    start(scene, {"workflow_id": "hitl-002"})
    decision = {"outcome": "approve", "reason": "policy_met", "responses": []}
    scene.run(scene.engine.settle("hitl-002", decision))
    answer = start(scene, {"workflow_id": "hitl-002"})
    assert (answer.status_code, answer.json["state"]) == (200, "decided")
    assert answer.json["decision"] == decision


BAD_BODIES = {
    "empty": "",
    "not JSON": "{",
    "not UTF-8": b"\xff\xfe",
    "not an object": "[]",
    "NaN": '{"workflow_id": NaN}',
    "a member twice": '{"workflow_id": "a", "workflow_id": "b"}',
    "nested too deep": '{"workflow_id": "a", "request": ' + "[" * 50 + "]" * 50 + "}",
    "nested absurdly": "[" * 60_000,
    "too large": " " * 70_000,
    "a number beyond all": '{"workflow_id": ' + "9" * 6000 + "}",
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
def test_bodies_that_are_none(scene: Scene, body: str | bytes) -> None:
    """Each is a problem document with the status of a client's mistake."""
    answer = start(scene, body)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.json["type"] == "about:blank"


def test_problems_are_listed(scene: Scene) -> None:
    """Everything that is wrong stands in one answer."""
    answer = start(scene, {"workflow_id": "a b", "request": {"subject": 7}, "x": 1})
    fields = {each["field"] for each in answer.json["errors"]}
    assert fields == {"workflow_id", "request.subject", "x"}


@pytest.mark.parametrize(
    ("body", "status", "title"),
    [
        ({"workflow_id": "n", "workflow": "undeploy"}, 404, "Not Found"),
        ({"workflow_id": "taken", "request": {"subject": "B"}}, 409, "Conflict"),
    ],
    ids=["unknown workflow", "other members"],
)
def test_orders_that_cannot_be(
    scene: Scene, body: dict[str, Any], status: int, title: str
) -> None:
    """They say why, and nothing changes."""
    start(scene, {"workflow_id": "taken", "request": {"subject": "A"}})
    answer = start(scene, body)
    assert (answer.status_code, answer.json["title"]) == (status, title)
    assert scene.run(scene.engine.get("n")) is None


@pytest.mark.parametrize(
    "path",
    [
        "/workflows/nobody",
        "/workflows/a%20b",
        "/workflows/signoff-invitation-" + "i" * 26,
        "/workflows/hitl-001:i",
        "/nowhere",
    ],
)
def test_what_is_not_there(scene: Scene, path: str) -> None:
    """A problem document, also for promises of ours that are no runs."""
    answer = get(scene, path)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("wait", ["", "x", "-1", "61", "nan", "inf", "1e9"])
def test_waits_that_cannot_be(scene: Scene, wait: str) -> None:
    """The member is named."""
    answer = get(scene, f"/workflows/hitl-001?wait={wait}")
    assert answer.status_code == 400
    assert answer.json["errors"][0]["field"] == "wait"


def test_a_wait_ends_with_the_decision(scene: Scene) -> None:
    """The call is answered when the run ends, long before its time is up."""
    start(scene, {"workflow_id": "hitl-002"})
    loop = scene.gateway.bridge._loop
    settling = scene.engine.settle("hitl-002", {"reason": "policy_met"})
    loop.call_soon_threadsafe(lambda: loop.call_later(0.1, loop.create_task, settling))
    answer = get(scene, "/workflows/hitl-002?wait=30")
    assert (answer.status_code, answer.json["state"]) == (200, "decided")


def waiting_for(scene: Scene) -> Any:
    """Return whom the run of the scene waits for."""
    start(scene, {"workflow_id": "hitl-001"})
    return get(scene, "/workflows/hitl-001").json["waiting_for"]


def test_whom_a_run_waits_for(scene: Scene) -> None:
    """Before the first attempt, nothing was sent."""
    assert waiting_for(scene) == [
        {
            "approver": "i@example.com",
            "since": START.isoformat(),
            "delivery": "unsent",
            "detail": "",
        }
    ]


def test_the_latest_delivery_is_told(scene: Scene) -> None:
    """The highest attempt wins, as a number and not as a text."""
    for attempt, status in ((9, "deferred"), (10, "sent"), (1, "deferred")):
        scene.run(publish_delivery(scene.engine, scene.invitation, attempt, status))
    (found,) = waiting_for(scene)
    assert (found["delivery"], found["detail"]) == ("sent", "attempt 10")


def test_who_answered_is_not_waited_for(scene: Scene) -> None:
    """Of two approvers only the silent one is left."""
    scene.run(publish(scene.engine, make_invitation("k")))
    scene.run(scene.engine.settle(scene.invitation.response_promise, {"kind": "x"}))
    assert [each["approver"] for each in waiting_for(scene)] == ["k@example.com"]


def test_whose_invitation_is_over_is_not_waited_for(scene: Scene) -> None:
    """An invitation that has its summary waits for nobody."""
    scene.conclude()
    assert waiting_for(scene) == []


def test_invitations_of_others_are_not_told(scene: Scene) -> None:
    """A run tells of its own approvers."""
    scene.run(publish(scene.engine, make_invitation("k", workflow="other")))
    assert [each["approver"] for each in waiting_for(scene)] == ["i@example.com"]


def test_without_the_engine(scene: Scene) -> None:
    """503 says when to come back; nothing of the error's inside is told."""
    scene.engine.available = False
    answer = start(scene, {"workflow_id": "hitl-002"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.mimetype == "application/problem+json"
    scene.engine.available = True
    assert start(scene, {"workflow_id": "hitl-002"}).status_code == 202


KEYS = ("first-key-of-operators", "second-key-of-operators")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong-key-of-operators"}, 401),
        ({"Authorization": "Basic first-key-of-operators"}, 401),
        ({"Authorization": "Bearer \u00fcber"}, 401),
        ({"Authorization": f"Bearer {KEYS[0]}"}, 404),
        ({"Authorization": f"bearer {KEYS[1]}"}, 404),
        ({"Authorization": f"Bearer {KEYS[1]}", "Host": "signoff.example.com"}, 404),
    ],
    ids=["none", "wrong", "scheme", "not ascii", "first", "second", "any host"],
)
def test_with_keys(scene: Scene, headers: dict[str, str], status: int) -> None:
    """A key is needed, and enough; 404 is what lies behind the door."""
    client = with_face(scene, api_keys=KEYS)
    answer = client.get("/workflows/nobody", headers=headers)
    assert answer.status_code == status
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 404),
        ({"Host": "127.0.0.1:5001"}, 404),
        ({"Host": "[::1]:5001"}, 404),
        ({"Host": "signoff.localhost"}, 404),
        ({"Host": "rebound.example"}, 403),
        ({"Host": "localhost@rebound.example"}, 403),
        ({"Host": "[::1"}, 403),
        ({"Origin": "http://localhost:5001"}, 404),
        ({"Origin": "http://localhost:3000"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 404),
        ({"Sec-Fetch-Site": "none"}, 404),
        ({"X-Forwarded-For": "192.0.2.1"}, 401),
        ({"Forwarded": "for=192.0.2.1"}, 401),
    ],
    ids=str,
)
def test_without_keys(scene: Scene, headers: dict[str, str], status: int) -> None:
    """Only this machine is let in; 404 is what lies behind the door."""
    answer = scene.client.get("/workflows/nobody", headers=HERE | headers)
    assert answer.status_code == status


def test_beyond_loopback_a_key_is_always_needed(scene: Scene) -> None:
    """No key configured means that nobody has one."""
    client = with_face(scene, loopback=False)
    assert client.get("/workflows/nobody", headers=HERE).status_code == 401


def test_a_refused_start_creates_nothing(scene: Scene) -> None:
    """A foreign page's form cannot start a workflow."""
    headers = {"Origin": "https://evil.example"}
    assert start(scene, {"workflow_id": "n"}, headers=headers).status_code == 403
    assert scene.run(scene.engine.get("n")) is None


def test_waiting_calls_beyond_the_places_are_answered_at_once(scene: Scene) -> None:
    """They are told to come again, with what there is."""
    start(scene, {"workflow_id": "hitl-002"})
    client = with_places(scene, 0)
    answer = client.get("/workflows/hitl-002?wait=30")
    assert (answer.status_code, answer.headers["Retry-After"]) == (202, "1")


def with_places(scene: Scene, places: int) -> Any:
    """Give a client of a gateway where so many calls may wait."""
    return create_app(replace(scene.gateway, long_polls=places)).test_client()


def test_a_wait_that_is_over_tells_that_it_pends(scene: Scene) -> None:
    """202 again, and its place is free for the next wait."""
    start(scene, {"workflow_id": "hitl-002"})
    client = with_places(scene, 1)
    for _ in range(2):
        answer = client.get("/workflows/hitl-002?wait=0.01")
        assert (answer.status_code, "Retry-After" in answer.headers) == (202, False)


def test_what_the_engine_timed_out_has_failed(scene: Scene) -> None:
    """A run that outlived its time is told as failed, with 200."""
    start(scene, {"workflow_id": "hitl-002"})
    scene.clock.now = START + timedelta(days=401)
    answer = get(scene, "/workflows/hitl-002")
    assert (answer.status_code, answer.json["state"]) == (200, "failed")
