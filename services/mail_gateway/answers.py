"""A person's reply: it decides, or the approver of record is told why it did not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from signoff.approvals import Kept, find_receipt, respond, start_notice
from signoff.domain.addresses import same_address
from signoff.domain.invitation import Invitation
from signoff.domain.response import Response, cut_comment, response_id
from signoff.ports import Clock, Promises, Workflows

from .inbound import InboundMessage
from .mail import Mail, show
from .outcomes import Outcome
from .verdict import read_verdict


@dataclass(frozen=True)
class Answer:
    """A choice that a reply states clearly."""

    choice: str
    comment: str


@dataclass(frozen=True)
class Objection:
    """Why a reply does not decide."""

    why: Literal["unclear", "late", "not_approver", "confirm"]
    #: Of an unclear one: what `read_verdict` says is wrong with it.
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What it takes to give an answer."""

    promises: Promises
    workflows: Workflows
    clock: Clock
    #: Whether the From of a mail is believed as it stands.
    trust_from: bool


def judge(
    message: InboundMessage, invitation: Invitation, *, trust_from: bool
) -> Answer | Objection:
    """Say what a person's reply to an invitation comes to.

    The sender goes first: what somebody else wrote is not even read.
    """
    if message.sender is None or not same_address(
        message.sender, invitation.approver.address
    ):
        return Objection("not_approver")
    if not trust_from:
        return Objection("confirm")
    verdict = read_verdict(
        message.reply_text, invitation.choices, invitation.approver.language
    )
    if verdict.choice is None:
        return Objection("unclear", verdict.reason)
    return Answer(verdict.choice, verdict.comment)


async def take_reply(
    desk: Desk, invitation: Invitation, mail: Mail, judged: Answer | Objection
) -> Outcome:
    """Give the answer that a reply holds, or have a notice sent.

    When it returns, either is durable. The same mail again does nothing more.

    Raises:
        NotFoundError: The question is no longer kept.
        EngineUnavailableError: No answer; taking the mail again is safe.
    """
    id_ = response_id(invitation.id, *mail.identity)
    if isinstance(judged, Objection):
        objection = await _overtake(desk, invitation, judged)
        return await _notify(desk, invitation, id_, objection)
    response = _compose(mail.message, invitation, judged, at=desk.clock(), id_=id_)
    receipt = await respond(desk.promises, invitation, response)
    if isinstance(receipt, Kept):
        return Outcome("decided", response.choice)
    return await _notify(desk, invitation, id_, Objection("late"))


def _compose(
    message: InboundMessage,
    invitation: Invitation,
    answer: Answer,
    *,
    at: datetime,
    id_: str,
) -> Response:
    shown = {
        "message_id": show(message.message_id),
        "from": show(message.sender),
        "subject": show(message.subject),
    }
    # A lone surrogate, from a wrong charset, is nothing that JSON can carry.
    comment = answer.comment.encode("utf-8", "replace").decode("utf-8")
    return Response(
        response_id=id_,
        invitation=invitation.id,
        approver=invitation.approver.address,
        choice=answer.choice,
        comment=cut_comment(comment),
        channel="reply",
        at=at,
        evidence={name: text for name, text in shown.items() if text},
    )


async def _overtake(
    desk: Desk, invitation: Invitation, objection: Objection
) -> Objection:
    """Say that it is late where it is: what words work is of no use then."""
    if objection.why != "unclear":
        return objection
    receipt = await find_receipt(desk.promises, invitation, desk.clock())
    return objection if receipt is None else Objection("late")


async def _notify(
    desk: Desk, invitation: Invitation, id_: str, objection: Objection
) -> Outcome:
    """Have the approver of record told, once for one mail."""
    notice = {
        "invitation": invitation.id,
        "why": objection.why,
        "reason": objection.reason,
        "at": desk.clock().isoformat(),
    }
    await start_notice(desk.workflows, response_id(id_, "notice"), notice)
    detail = ": ".join(filter(None, (objection.why, objection.reason)))
    return Outcome("noticed", detail)
