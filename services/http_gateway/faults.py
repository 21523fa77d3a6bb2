"""From errors to statuses: one table for each face.

What is not in a table is a fault of ours: 500 with a reference, and the rest
stands in the log under that reference.
"""

import secrets
import traceback
from dataclasses import dataclass, field
from http import HTTPStatus

import structlog
from werkzeug.exceptions import HTTPException

from signoff.errors import (
    ConflictError,
    EngineUnavailableError,
    ForgedKeyError,
    InvalidRequestError,
    NotFoundError,
    Problem,
    UnknownSecretError,
)

from .access import Refusal

log = structlog.stdlib.get_logger(__name__)

#: How long a caller should wait for the engine to be back, in seconds.
RETRY_AFTER = "5"

#: What an error means on the operator face.
OPERATOR_STATUSES: dict[type[Exception], int] = {
    InvalidRequestError: 400,
    NotFoundError: 404,
    ConflictError: 409,
    EngineUnavailableError: 503,
}
#: What an error means behind a link: a key that is not ours says nothing about
#: what exists; one that is, but names what is gone, may say so.
PUBLIC_STATUSES: dict[type[Exception], int] = {
    ForgedKeyError: 404,
    UnknownSecretError: 404,
    NotFoundError: 410,
    EngineUnavailableError: 503,
}
#: Headers that go with a status.
_HEADERS = {
    401: {"WWW-Authenticate": 'Bearer realm="signoff"'},
    503: {"Retry-After": RETRY_AFTER},
}


class RefusedError(Exception):
    """A request that is not served, by the rules of `access`."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        #: Which rule, with its status.
        self.refusal = refusal


@dataclass(frozen=True)
class Fault:
    """An error as HTTP tells it."""

    status: int
    detail: str
    problems: tuple[Problem, ...] = ()
    headers: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def title(self) -> str:
        """The status in words (RFC 9110 §15)."""
        return HTTPStatus(self.status).phrase


def fault_of(error: Exception, statuses: dict[type[Exception], int]) -> Fault:
    """Return what to tell of an error, and log it where it is ours.

    Args:
        error: What was raised.
        statuses: The table of the face that was asked.
    """
    if isinstance(error, RefusedError):
        return _fault(error.refusal.status, error.refusal.detail)
    if isinstance(error, HTTPException) and error.code:
        headers = dict(error.get_headers())
        allow = {name: headers[name] for name in ("Allow",) if name in headers}
        return Fault(error.code, error.description or "", headers=allow)
    status = statuses.get(type(error))
    if status is None:
        return _unforeseen(error)
    problems = error.problems if isinstance(error, InvalidRequestError) else ()
    return _fault(status, str(error), problems)


def _fault(status: int, detail: str, problems: tuple[Problem, ...] = ()) -> Fault:
    return Fault(status, detail, problems, _HEADERS.get(status, {}))


def _unforeseen(error: Exception) -> Fault:
    reference = secrets.token_hex(4)
    # As text: a renderer may show local variables, and one of them is the key.
    trace = "".join(traceback.format_exception(error))
    log.error("request failed", reference=reference, exception=trace)
    return Fault(500, f"something went wrong here; the log knows it as {reference}")
