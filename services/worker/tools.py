"""What the steps of a workflow work with, given to the SDK as one dependency."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Concatenate

from resonate.context import Context
from resonate.error import ConnectorError, PlatformError
from resonate.retry import Never

from signoff.approvals import LIFETIME
from signoff.domain.keys import ID_ENTROPY, encode_id
from signoff.domain.request import Approver
from signoff.errors import EngineUnavailableError
from signoff.ports import Clock, Promises

from .compose import SenderIdentity
from .delivery import Mailer


@dataclass(frozen=True)
class Tools:
    """The world of the steps."""

    promises: Promises
    mailer: Mailer
    #: What the mails are signed and addressed with.
    identity: SenderIdentity
    clock: Clock
    #: Draws so many random octets.
    draw: Callable[[int], bytes]
    #: Who is asked where a request names nobody.
    default_approver: Approver
    #: Until when, where a request does not say.
    default_deadline: timedelta
    #: The version of the flow that new approvals run.
    flow_version: int = 1

    def draw_id(self) -> str:
        """Draw an id of 130 random bits."""
        return encode_id(self.draw(ID_ENTROPY))

    def today(self) -> datetime:
        """Return the present instant to the second, as mail dates have it."""
        return self.clock().astimezone(UTC).replace(microsecond=0)


def tools_of(ctx: Context) -> Tools:
    """Return the tools that the worker was made with."""
    return ctx.get_dependency(Tools)


def patient(ctx: Context) -> Context:
    """Return the context for a durable call that lives as long as its root."""
    return ctx.options(timeout=LIFETIME, retry_policy=Never())


type _Step[**P, T] = Callable[Concatenate[Context, P], Awaitable[T]]


def step[**P, T](function: _Step[P, T]) -> _Step[P, T]:
    """Make a function a step: an engine out of reach is no result of it.

    What a step raises would be stored as its outcome for ever. A failure of the
    engine leaves the step open instead, and the task is released.
    """

    @wraps(function)
    async def run(ctx: Context, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await function(ctx, *args, **kwargs)
        except EngineUnavailableError as error:
            raise PlatformError([ConnectorError(error)]) from error

    return run
