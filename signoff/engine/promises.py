"""The operations on promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signoff.engine.addresses import parse_address
from signoff.engine.errors import RefusedError
from signoff.engine.records import Promise, Reply, promise_record
from signoff.engine.settlement import create, get_promise, make_pending, settle_by

if TYPE_CHECKING:
    from signoff.engine import wire
    from signoff.engine.database import Transaction

# Between an origin and the lineage below it, and between the lineage's segments.
_ORIGIN_END, _SEGMENT_END = ":", "."


def get(tx: Transaction, request: wire.PromiseGet) -> Reply:
    """``promise.get``."""
    promise = get_promise(tx, request.id)
    if promise is None:
        raise RefusedError(404, "Promise not found")
    return reply(promise)


def create_promise(tx: Transaction, request: wire.PromiseCreate) -> Reply:
    """``promise.create``: an id that exists is answered with its record."""
    return reply(ensure(tx, request))


def settle_promise(tx: Transaction, request: wire.PromiseSettle) -> Reply:
    """``promise.settle``: the first settlement stands and is what is answered."""
    return reply(settle_by(tx, request))


def add_callback(tx: Transaction, request: wire.RegisterCallback) -> Reply:
    """``promise.register_callback``: the awaiter's task resumes at the settlement."""
    check_callback(request)
    awaited = get_promise(tx, request.awaited)
    awaiter = get_promise(tx, request.awaiter)
    if awaited is None:
        raise RefusedError(404, "Awaited promise not found")
    if awaiter is None:
        raise RefusedError(422, "Awaiter promise not found")
    if awaiter.target is None:
        raise RefusedError(422, "Awaiter promise has no resonate:target tag")
    if awaiter.state == "pending":
        _register(tx, awaited, awaiter)
    return reply(awaited)


def add_listener(tx: Transaction, request: wire.RegisterListener) -> Reply:
    """``promise.register_listener``: the address is told of the settlement."""
    queue = parse_address(request.address, what="listener").queue
    promise = get_promise(tx, request.awaited)
    if promise is None:
        raise RefusedError(404, "Awaited promise not found")
    if promise.state == "pending":
        tx.run("INSERT OR IGNORE INTO listeners VALUES (?, ?)", promise.id, queue)
    return reply(promise)


def ensure(tx: Transaction, request: wire.PromiseCreate) -> Promise:
    """Return the promise of that id, made as asked if there was none.

    Raises:
        RefusedError: 400 for tags that contradict the id or the timeout.
    """
    check_create(request)
    return get_promise(tx, request.id) or create(tx, request)


def check_create(request: wire.PromiseCreate) -> None:
    """Check the engine's tags.

    Raises:
        RefusedError: 400, saying which tag is wrong.
    """
    if _ORIGIN_END in request.tags.get("resonate:origin", ""):
        raise RefusedError(400, "resonate:origin must not contain ':'")
    for name in ("resonate:origin", "resonate:branch", "resonate:parent"):
        above = request.tags.get(name)
        if above is not None and not extends(request.id, above):
            raise RefusedError(400, f"Promise ID must be prefixed by {name}")
    if "resonate:delay" in request.tags:
        _check_delay(request)


def check_callback(request: wire.RegisterCallback) -> None:
    """Check that one of two different promises of one origin awaits the other.

    Raises:
        RefusedError: 400 if not.
    """
    if request.awaited == request.awaiter:
        raise RefusedError(400, "Awaited and awaiter must be different promises")
    if origin_of(request.awaited) != origin_of(request.awaiter):
        raise RefusedError(400, "Awaiter and awaited must belong to the same origin")


def origin_of(promise_id: str) -> str:
    """Return what an id has before its first colon: the root of its lineage."""
    return promise_id.partition(_ORIGIN_END)[0]


def below(ancestor: str) -> str:
    """Return what the ids below an ancestor begin with."""
    return ancestor + (_SEGMENT_END if _ORIGIN_END in ancestor else _ORIGIN_END)


def extends(promise_id: str, ancestor: str) -> bool:
    """Whether an id is that of an ancestor or below it."""
    return promise_id == ancestor or promise_id.startswith(below(ancestor))


def reply(promise: Promise) -> Reply:
    """Answer with a promise."""
    return Reply(200, {"promise": promise_record(promise)})


def _check_delay(request: wire.PromiseCreate) -> None:
    delay = request.tags["resonate:delay"]
    # isascii: other scripts have digits too; 19 digits hold every timeout.
    if not (delay.isascii() and delay.isdigit() and len(delay) <= 19):  # noqa: PLR2004 - just said
        raise RefusedError(400, "resonate:delay must be a non-negative integer")
    if int(delay) >= request.timeout_at:
        raise RefusedError(400, "resonate:delay must be less than timeoutAt")
    if "resonate:target" not in request.tags:
        raise RefusedError(400, "resonate:delay requires a resonate:target tag")


def _register(tx: Transaction, awaited: Promise, awaiter: Promise) -> None:
    row = tx.run("SELECT state, queue FROM tasks WHERE id = ?", awaiter.id).fetchone()
    state, queue = row or (None, None)
    if awaited.state == "pending":
        ready = 0
    elif state == "suspended":
        ready = 1
        make_pending(tx, awaiter.id, queue)
    elif state in {"pending", "acquired"}:
        ready = 1
    else:
        return
    tx.run(
        "INSERT OR IGNORE INTO callbacks VALUES (?, ?, ?)",
        awaited.id,
        awaiter.id,
        ready,
    )
