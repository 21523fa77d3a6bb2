"""The durable workflow: a loop around `signoff.domain.approval.reduce`.

It opens the approval, then waits for the first of {an answer, a signal, one
timer}, records which, reduces, and runs the effects as steps, until there is a
decision. What it decides is a function of the recorded events alone, so every
replay on every worker comes to the same.

A changed order of durable calls is a new version of the flow: pending approvals
go on in the version that they began with.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from resonate.context import Context, ResonateFuture

from signoff.approvals import LIFETIME
from signoff.domain.approval import (
    Answered,
    Approval,
    Attempted,
    Bounced,
    Confirm,
    Effect,
    Event,
    Invite,
    Reached,
    find_seat,
    next_due,
    opened,
    reduce,
)
from signoff.domain.decision import (
    Decision,
    answer_of,
    answer_to_json,
    decision_to_json,
)
from signoff.domain.invitation import FAILED, Summary, summarize, summary_to_json
from signoff.domain.response import Response, response_from_json
from signoff.errors import InconsistentApprovalError

from .closing import close_promises, settle_invitations
from .opening import (
    KEPT_AFTER_DEADLINE,
    Opening,
    facts,
    invitation_message,
    open_approval,
    publish,
    publish_slot,
)
from .sending import publish_delivery, send_invitation
from .tools import patient, step, tools_of
from .waiting import Settled, Wait, first_settled

#: Instants are rounded to milliseconds on their way into the engine. An answer
#: may come until just after the deadline, and the timer fires after the last one.
_MARGIN, _TIMER_MARGIN = timedelta(milliseconds=2), timedelta(milliseconds=10)


async def approval(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """The workflow ``signoff.approval``, version 1 for ever: the callers' entry.

    Args:
        ctx: The workflow's context.
        request: The request as JSON; see `signoff.domain.request_json`.

    Returns:
        The decision as JSON; see `signoff.domain.decision`.

    Raises:
        InvalidRequestError: The request cannot be asked so.
    """
    version = await patient(ctx).run(record_flow_version)
    return await ctx.options(timeout=LIFETIME, version=version).run(
        "signoff.flow", request
    )


@step
async def record_flow_version(ctx: Context) -> int:
    """Record in which version of the flow this approval runs."""
    return tools_of(ctx).flow_version


async def flow(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """The workflow ``signoff.flow``, version 1."""
    opening = await patient(ctx).run(open_approval, request)
    run = _Run(ctx, opening)
    try:
        await run.open()
        decision = await run.decide()
    except Exception:
        # Raising while promises are pending would leave the workflow pending.
        at = opening.date
        await run.close(
            Summary(FAILED, approved=False, reason=FAILED, decided_at=at, answers=())
        )
        raise
    return decision_to_json(decision)


class _Run:
    """One pass through an approval: its state and the futures it made."""

    def __init__(self, ctx: Context, opening: Opening) -> None:
        self._ctx = ctx
        self._opening = opening
        self._approval: Approval = opening.approval()
        self._clock = tools_of(ctx).clock
        #: What is waited for, by name.
        self._waits: dict[str, Wait] = {}
        self._futures: list[ResonateFuture[Any]] = []
        self._slot = 0
        self._timer_at: datetime | None = None

    async def open(self) -> None:
        """Ask: make the promises, publish them, send the messages."""
        for seat in self._approval.seats:
            await self._promise(f"answer:{seat.invitation}", self._opening.deadline)
        await self._promise("signal", self._kept_until())
        questions = {
            seat.invitation: self._waits[f"answer:{seat.invitation}"].promise
            for seat in self._approval.seats
        }
        slot = self._waits["signal"].promise
        await patient(self._ctx).run(publish, self._opening, questions, slot)
        await self._perform(opened(self._approval))

    async def decide(self) -> Decision:
        """Take events until there is a decision; then leave nothing pending."""
        while self._approval.decision is None:
            await self._set_timer()
            for settled in await first_settled(self._ctx, list(self._waits.values())):
                del self._waits[settled.name]
                await self._take(settled)
        await self.close(summarize(self._approval.decision))
        return self._approval.decision

    async def close(self, summary: Summary) -> None:
        """Settle what is pending, tell how it ended, and wait for all of it."""
        told = summary_to_json(summary)
        names = {wait.promise: wait.name for wait in self._waits.values()}
        for settled in await patient(self._ctx).run(close_promises, names, told):
            await self._take_late(settled)
        self._waits.clear()
        await patient(self._ctx).run(
            settle_invitations, self._opening.invitations, told
        )
        for future in self._futures:
            with suppress(Exception):
                await future

    async def _take(self, settled: Settled) -> None:
        """Reduce what a settled promise says."""
        kind, _, invitation = settled.name.partition(":")
        match kind:
            case "answer" if settled.state == "rejected_timedout":
                await self._apply(Reached(self._opening.deadline))
            case "answer":
                await self._apply(Answered(self._response(settled, invitation)))
            case "signal":
                await self._take_signal(settled)
            case _:
                await self._apply(Reached(self._fired(settled)))

    async def _take_signal(self, settled: Settled) -> None:
        """Publish the next slot, then act on the signal."""
        self._slot += 1
        await self._promise("signal", self._kept_until())
        slot = self._waits["signal"].promise
        await patient(self._ctx).run(publish_slot, self._opening, self._slot, slot)
        event = _read_signal(settled, self._opening)
        if event is not None:
            await self._apply(event)
            delivery = find_seat(self._approval, event.invitation).delivery
            await patient(self._ctx).run(
                publish_delivery, event.invitation, delivery, self._opening.deadline
            )

    async def _take_late(self, settled: Settled) -> None:
        """Keep an answer that was first to a promise we meant to close."""
        kind, _, invitation = settled.name.partition(":")
        with suppress(InconsistentApprovalError):
            if kind == "answer":
                await self._apply(Answered(self._response(settled, invitation)))

    async def _apply(self, event: Event) -> None:
        self._approval, effects = reduce(self._approval, event)
        await self._perform(effects)

    async def _perform(self, effects: tuple[Effect, ...]) -> None:
        """Run effects: messages side by side, in one order on every replay."""
        invites = [effect for effect in effects if isinstance(effect, Invite)]
        sends = [self._send(invite) for invite in invites]
        for effect in effects:
            if isinstance(effect, Confirm):
                await self._confirm(effect.response, counted=effect.counted)
        for invite, send in zip(invites, sends, strict=True):
            await self._apply(Attempted(invite.invitation, await send))

    def _send(self, invite: Invite) -> ResonateFuture[Any]:
        seat = find_seat(self._approval, invite.invitation)
        message = invitation_message(self._opening, seat, self._ctx.info.origin_id)
        return patient(self._ctx).run(
            send_invitation, message, seat.delivery, self._opening.deadline
        )

    async def _confirm(self, response: Response, *, counted: bool) -> None:
        """Have the approver told, by a workflow that this one does not wait for."""
        holder = find_seat(self._approval, response.invitation).holder
        draft = {
            "kind": "confirmation",
            "invitation": response.invitation,
            "to": [holder.address, holder.name, holder.language],
            "secret_id": self._opening.secret_id,
            "facts": {
                **facts(self._opening, self._ctx.info.origin_id),
                "answer": answer_to_json(answer_of(response)),
                "counted": counted,
            },
        }
        await patient(self._ctx).detached("signoff.mail", draft)

    def _response(self, settled: Settled, invitation: str) -> Response:
        return _read_response(settled, self._approval, invitation)

    async def _promise(self, name: str, until: datetime) -> None:
        """Make a promise that times out at an instant, and wait for it."""
        future = self._ctx.promise(until - self._clock() + _MARGIN)
        self._futures.append(future)
        self._waits[name] = Wait(name, await future.id(), future)

    async def _set_timer(self) -> None:
        """Have one timer pending, not later than the earliest thing that is due."""
        due = next_due(self._approval)
        if self._timer_at is not None:
            if self._timer_at <= due:
                return
            replaced = self._waits.pop("timer")
            await patient(self._ctx).run(
                close_promises, {replaced.promise: "timer"}, {}
            )
        future = self._ctx.sleep(due - self._clock() + _TIMER_MARGIN)
        self._futures.append(future)
        self._waits["timer"] = Wait("timer", await future.id(), future)
        self._timer_at = due

    def _fired(self, timer: Settled) -> datetime:
        """Return the instant that a timer was set for: never before it."""
        at, self._timer_at = self._timer_at, None
        return timer.at if at is None else max(at, timer.at)

    def _kept_until(self) -> datetime:
        return self._opening.deadline + KEPT_AFTER_DEADLINE


def _read_response(settled: Settled, approval: Approval, invitation: str) -> Response:
    """Read an answer out of its promise.

    Raises:
        InconsistentApprovalError: It holds what cannot be this seat's answer.
    """
    held = settled.value if isinstance(settled.value, dict) else {}
    with suppress(KeyError, TypeError, ValueError):
        response = response_from_json(held)
        approval.request.choice(response.choice)
        if held["kind"] == "response" and response.invitation == invitation:
            return response
    raise InconsistentApprovalError(
        f"the promise of invitation {invitation} holds what is not its answer"
    )


def _read_signal(settled: Settled, opening: Opening) -> Bounced | None:
    """Read a signal; None where it is of no kind that is known here."""
    held = settled.value if isinstance(settled.value, dict) else {}
    match held:
        case {
            "kind": "bounce",
            "signal_id": str(id_),
            "invitation": str(invitation),
            "detail": str(detail),
        } if invitation in opening.invitations:
            return Bounced(id_, invitation, detail, settled.at)
        case _:
            return None
