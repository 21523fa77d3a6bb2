"""Envelopes and requests: bytes in, checked values out.

Everything an outsider can get wrong is refused here with 400 and a sentence, so that
what lies behind deals with values only.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from signoff.engine.errors import RefusedError

#: The protocol this engine speaks, and the only one it accepts.
PROTOCOL_VERSION = "2026-04-01"

# The most that fits SQLite's integers.
_MAX_INT = 2**63 - 1

_NO_NUL = r"\A[^\x00]*\Z"

# 1024 characters: ten times the longest id that the SDK makes of a sensible root.
type Id = Annotated[str, Meta(min_length=1, max_length=1024, pattern=_NO_NUL)]
type TagValue = Annotated[str, Meta(max_length=4096, pattern=_NO_NUL)]
type Tags = dict[Id, TagValue]
type Count = Annotated[int, Meta(ge=0, le=_MAX_INT)]
# 2**62: with any instant of this age added it still fits.
type Lease = Annotated[int, Meta(ge=1, le=2**62)]
type Settled = Literal["resolved", "rejected", "rejected_canceled"]


class Value(Struct, frozen=True, omit_defaults=True):
    """A param or value: headers, and data that only clients understand."""

    headers: dict[str, str] | None = None
    data: str | None = None


class PromiseGet(Struct, frozen=True):
    """Data of ``promise.get``."""

    id: Id


class PromiseCreate(Struct, frozen=True, rename="camel"):
    """Data of ``promise.create``."""

    id: Id
    timeout_at: Count
    param: Value = Value()
    tags: Tags = {}


class PromiseSettle(Struct, frozen=True):
    """Data of ``promise.settle``."""

    id: Id
    state: Settled
    value: Value = Value()


class RegisterCallback(Struct, frozen=True):
    """Data of ``promise.register_callback``."""

    awaited: Id
    awaiter: Id


class RegisterListener(Struct, frozen=True):
    """Data of ``promise.register_listener``."""

    awaited: Id
    address: Id


class PromiseSearch(Struct, frozen=True):
    """Data of ``promise.search``; the cursor is the last id of the page before."""

    state: (
        Literal[
            "pending", "resolved", "rejected", "rejected_canceled", "rejected_timedout"
        ]
        | None
    ) = None
    tags: Tags | None = None
    limit: Annotated[int, Meta(ge=1, le=1000)] | None = None
    cursor: Annotated[str, Meta(max_length=1024, pattern=_NO_NUL)] | None = None


class CreateAction(Struct, frozen=True, tag="promise.create", tag_field="kind"):
    """A ``promise.create`` inside another request."""

    data: PromiseCreate


class SettleAction(Struct, frozen=True, tag="promise.settle", tag_field="kind"):
    """A ``promise.settle`` inside another request."""

    data: PromiseSettle


class CallbackAction(Struct, frozen=True):
    """A ``promise.register_callback`` inside a ``task.suspend``."""

    data: RegisterCallback


class TaskOnly(Struct, frozen=True):
    """Data of ``task.get``, ``task.halt`` and ``task.continue``."""

    id: Id


class TaskVersion(Struct, frozen=True):
    """Data of ``task.release``, and one task of a heartbeat."""

    id: Id
    version: Count


class TaskCreate(Struct, frozen=True):
    """Data of ``task.create``."""

    pid: Id
    ttl: Lease
    action: CreateAction


class TaskAcquire(Struct, frozen=True):
    """Data of ``task.acquire``."""

    id: Id
    version: Count
    pid: Id
    ttl: Lease


class TaskFulfill(Struct, frozen=True):
    """Data of ``task.fulfill``."""

    id: Id
    version: Count
    action: SettleAction


class TaskSuspend(Struct, frozen=True):
    """Data of ``task.suspend``."""

    id: Id
    version: Count
    actions: Annotated[list[CallbackAction], Meta(min_length=1)]


class TaskFence(Struct, frozen=True):
    """Data of ``task.fence``."""

    id: Id
    version: Count
    action: CreateAction | SettleAction


class TaskHeartbeat(Struct, frozen=True):
    """Data of ``task.heartbeat``."""

    pid: Id
    tasks: Annotated[list[TaskVersion], Meta(min_length=1)]


class RequestHead(Struct, frozen=True, rename="camel"):
    """Head of a request."""

    corr_id: Annotated[str, Meta(max_length=1024)]
    version: str


class Request(Struct, frozen=True):
    """An envelope whose data is still bytes."""

    kind: Annotated[str, Meta(min_length=1, max_length=100)]
    head: RequestHead
    data: msgspec.Raw


class ResponseHead(Struct, frozen=True, rename="camel"):
    """Head of a response."""

    corr_id: str
    status: int
    version: str = PROTOCOL_VERSION


class Response(Struct, frozen=True):
    """The envelope of an answer; an error's data is a string."""

    kind: str
    head: ResponseHead
    data: Any


# What msgspec raises for bytes that are no JSON, not UTF-8, too deep or ill-typed.
_UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)

_requests = msgspec.json.Decoder(Request)
_encoder = msgspec.json.Encoder()


def read_request(body: bytes) -> Request:
    """Read an envelope.

    Raises:
        RefusedError: 400 for anything that is not one of this protocol version.
    """
    try:
        request = _requests.decode(body)
    except _UNREADABLE as error:
        raise RefusedError(400, f"Invalid request envelope: {error}") from error
    version = request.head.version
    if version != PROTOCOL_VERSION:
        raise RefusedError(
            400,
            f"Unsupported protocol version {version[:40]!r}, "
            f"supported: {PROTOCOL_VERSION}",
        )
    return request


def read_data[T](data: msgspec.Raw, decoder: msgspec.json.Decoder[T]) -> T:
    """Read a request's data as what its kind asks for.

    Raises:
        RefusedError: 400, saying which member is wrong.
    """
    try:
        return decoder.decode(data)
    except _UNREADABLE as error:
        raise RefusedError(400, f"Invalid request: {error}") from error


def named_in(body: bytes) -> tuple[str, str]:
    """Return kind and corrId of a body that is no envelope, as far as it has any."""
    try:
        loose = msgspec.json.decode(body, type=_Loose)
    except _UNREADABLE:
        return "unknown", "0"
    return loose.kind, loose.head.corr_id


def write_response(kind: str, corr_id: str, status: int, data: Any) -> bytes:
    """Write the envelope of an answer."""
    return _encoder.encode(Response(kind, ResponseHead(corr_id, status), data))


class _LooseHead(Struct, frozen=True, rename="camel"):
    corr_id: Annotated[str, Meta(max_length=1024)] = "0"


class _Loose(Struct, frozen=True):
    kind: Annotated[str, Meta(max_length=100)] = "unknown"
    head: _LooseHead = _LooseHead()
