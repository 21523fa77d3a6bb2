"""Bytes that are no request: always 400 with a sentence, never a stopped engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from signoff.engine import kinds, wire
from signoff.engine.errors import RefusedError

from .desk import START

if TYPE_CHECKING:
    from .desk import Desk

HEAD = {"corrId": "c1", "version": wire.PROTOCOL_VERSION}


def written(**changed: Any) -> bytes:
    """Write an envelope with some members changed."""
    whole = {"kind": "promise.get", "head": HEAD, "data": {"id": "p"}}
    return json.dumps(whole | changed).encode()


BODIES = {
    "empty": b"",
    "no-json": b"{",
    "not-utf8": b'{"kind": "\xff"}',
    "list": b"[]",
    "null": b"null",
    "number": b"1e999",
    "deep": b"[" * 100_000,
    "deep-data": b'{"kind":"promise.get","head":{},"data":' + b"[" * 100_000,
    "no-kind": written(kind=None),
    "empty-kind": written(kind=""),
    "long-kind": written(kind="k" * 101),
    "no-head": written(head=None),
    "no-corr-id": written(head={"version": wire.PROTOCOL_VERSION}),
    "number-as-corr-id": written(head=HEAD | {"corrId": 7}),
    "old-version": written(head=HEAD | {"version": "2020-01-01"}),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_envelope_is_refused(body: bytes) -> None:
    """What is no envelope of this protocol is refused."""
    with pytest.raises(RefusedError) as refused:
        wire.read_request(body)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (written(head=HEAD | {"version": "2020-01-01"}), ("promise.get", "c1")),
        (written(head={}), ("promise.get", "0")),
        (b'{"head": {"corrId": "c1"}}', ("unknown", "c1")),
        (b'{"kind": 1}', ("unknown", "0")),
        (b"{", ("unknown", "0")),
    ],
    ids=["old-version", "no-corr-id", "no-kind", "bad-kind", "no-json"],
)
def test_refusal_names_what_it_can(body: bytes, named: tuple[str, str]) -> None:
    """An answer carries kind and corrId as far as the body had any."""
    assert wire.named_in(body) == named


CREATE = {"id": "p", "timeoutAt": START + 10, "param": {}, "tags": {}}

MEMBERS: dict[str, tuple[str, dict[str, Any]]] = {
    "no-id": ("promise.get", {}),
    "empty-id": ("promise.get", {"id": ""}),
    "number-as-id": ("promise.get", {"id": 1}),
    "null-as-id": ("promise.get", {"id": None}),
    "nul-in-id": ("promise.get", {"id": "a\x00b"}),
    "nul-after-newline": ("promise.get", {"id": "a\n\x00"}),
    "long-id": ("promise.get", {"id": "i" * 1025}),
    "no-timeout": ("promise.create", {"id": "p"}),
    "negative-timeout": ("promise.create", CREATE | {"timeoutAt": -1}),
    "huge-timeout": ("promise.create", CREATE | {"timeoutAt": 2**63}),
    "endless-timeout": ("promise.create", CREATE | {"timeoutAt": 10**400}),
    "fraction": ("promise.create", CREATE | {"timeoutAt": 1.5}),
    "text-as-timeout": ("promise.create", CREATE | {"timeoutAt": "1"}),
    "bool-as-timeout": ("promise.create", CREATE | {"timeoutAt": True}),
    "list-as-tags": ("promise.create", CREATE | {"tags": []}),
    "number-in-tags": ("promise.create", CREATE | {"tags": {"a": 1}}),
    "nul-in-tags": ("promise.create", CREATE | {"tags": {"a": "\x00"}}),
    "object-as-data": ("promise.create", CREATE | {"param": {"data": {}}}),
    "number-in-headers": ("promise.create", CREATE | {"param": {"headers": {"a": 1}}}),
    "bad-state": ("promise.settle", {"id": "p", "state": "pending"}),
    "timedout-by-hand": ("promise.settle", {"id": "p", "state": "rejected_timedout"}),
    "no-version": ("task.release", {"id": "t"}),
    "negative-version": ("task.release", {"id": "t", "version": -1}),
    "huge-version": ("task.release", {"id": "t", "version": 2**64}),
    "zero-ttl": ("task.acquire", {"id": "t", "version": 0, "pid": "me", "ttl": 0}),
    "empty-pid": ("task.acquire", {"id": "t", "version": 0, "pid": "", "ttl": 1}),
    "text-as-tasks": ("task.heartbeat", {"pid": "me", "tasks": "t"}),
    "no-action": ("task.create", {"pid": "me", "ttl": 1}),
    "wrong-action": (
        "task.create",
        {"pid": "me", "ttl": 1, "action": {"kind": "promise.settle", "data": {}}},
    ),
}


@pytest.mark.parametrize(("kind", "data"), MEMBERS.values(), ids=MEMBERS)
def test_bad_member_is_refused(desk: Desk, kind: str, data: dict[str, Any]) -> None:
    """A member of a wrong type or size is refused, and the engine goes on."""
    status, message = desk.ask(kind, **data)
    assert (status, type(message)) == (400, str)
    assert desk.ask("promise.get", id="p")[0] == 404


@pytest.mark.parametrize("data", [b"[]", b'"x"', b"1", b"null"])
@pytest.mark.parametrize("kind", kinds.KINDS)
def test_data_must_be_an_object(kind: str, data: bytes) -> None:
    """Every kind refuses data that is no object."""
    body = written(kind=kind, data=7).replace(b"7", data)
    with pytest.raises(RefusedError):
        kinds.prepare(wire.read_request(body))


@pytest.mark.parametrize(
    "promise_id", ["ü\u2028😀", "a'b\"c;--", "i" * 1024, "a/b?c#d", " ", "\x7f\n"]
)
def test_odd_ids_are_kept_as_they_are(desk: Desk, promise_id: str) -> None:
    """Whatever else is a string is an id."""
    desk.promise(promise_id, tag=promise_id)
    assert desk.ok("promise.get", id=promise_id)["promise"]["id"] == promise_id
    found = desk.ok("promise.search", tags={"tag": promise_id})["promises"]
    assert [promise["id"] for promise in found] == [promise_id]


def test_lone_surrogate_is_refused(desk: Desk) -> None:
    """Half a character, which no UTF-8 can hold, is refused."""
    assert desk.ask("promise.get", id="\ud800")[0] == 400


def test_longest_lease_does_not_overflow(desk: Desk) -> None:
    """A lease of all the time there is ends at the last instant there is."""
    version = desk.held("t", ttl=2**62)
    desk.ok("task.heartbeat", pid="me", tasks=[{"id": "t", "version": version}])
    desk.pass_by(1)
    assert desk.task()["state"] == "acquired"
