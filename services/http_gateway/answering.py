"""The use cases of the page behind a link: showing the question, answering it."""

from dataclasses import dataclass
from datetime import datetime

from signoff.approvals import (
    Receipt,
    find_invitation,
    find_receipt,
    find_request,
    respond,
)
from signoff.domain.invitation import Invitation
from signoff.domain.request import ApprovalRequest
from signoff.ports import Clock, Promises

from .forms import DecisionForm


@dataclass(frozen=True)
class Question:
    """A question that can be answered."""

    invitation: Invitation
    request: ApprovalRequest
    #: Why the form that came does not answer it; empty: none came.
    problem: str = ""


@dataclass(frozen=True)
class Settled:
    """A question that was answered, now or before."""

    invitation: Invitation
    receipt: Receipt


async def find_question(
    promises: Promises, id_: str, now: datetime, *, problem: str = ""
) -> Question | Settled:
    """Return what there is to show of an invitation. Settles nothing.

    Raises:
        NotFoundError: It is no longer kept.
        EngineUnavailableError: The engine gave no answer.
    """
    invitation = await find_invitation(promises, id_)
    receipt = await find_receipt(promises, invitation, now)
    if receipt is not None:
        return Settled(invitation, receipt)
    request = await find_request(promises, invitation)
    return Question(invitation, request, problem)


async def answer(
    promises: Promises, id_: str, form: DecisionForm, clock: Clock
) -> Question | Settled:
    """Answer an invitation with a form, or say why the form does not.

    Raises:
        NotFoundError: It is no longer kept.
        EngineUnavailableError: No answer; the form may be kept or not, and
            sending it again is safe.
    """
    invitation = await find_invitation(promises, id_)
    problem = form.problem(invitation)
    if problem:
        return await find_question(promises, id_, clock(), problem=problem)
    response = form.response(invitation, clock())
    return Settled(invitation, await respond(promises, invitation, response))
