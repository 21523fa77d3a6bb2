"""What can be done about an approval: the use cases of the gateways.

Gateways settle and hold no rule: a click, a reply and an API call all end in
`respond`, and what it returns is what they tell.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from signoff.domain.decision import Answer, answer_of
from signoff.domain.invitation import (
    Invitation,
    Summary,
    invitation_from_json,
    invitation_promise,
    signal_promise,
    summary_from_json,
)
from signoff.domain.request import ApprovalRequest
from signoff.domain.request_json import request_from_json
from signoff.domain.response import Response, response_from_json, response_to_json
from signoff.errors import (
    EngineUnavailableError,
    InconsistentApprovalError,
    NotFoundError,
)
from signoff.ports import Call, DurablePromise, Promises, Workflows

#: The name and version by which approvals are asked for, for ever.
APPROVAL, APPROVAL_VERSION = "signoff.approval", 1
#: How long a workflow may take: the longest deadline, and time for what follows.
#: The SDK's default of one day would end what is only waiting.
LIFETIME = timedelta(days=400)
#: How long a notice may try to get out.
NOTICE_LIFETIME = timedelta(days=6)
#: The tag by which everything of one workflow is found.
WORKFLOW_TAG = "signoff:workflow"
#: A workflow has at most this many signals: what bounds its history.
MAX_SIGNALS = 64


@dataclass(frozen=True)
class Kept:
    """The answer is durable, now or since an earlier try of the same answer."""

    answer: Answer


@dataclass(frozen=True)
class AlreadyAnswered:
    """This approver had answered before; that answer stands."""

    answer: Answer


@dataclass(frozen=True)
class Concluded:
    """It was decided before, by whom and how the summary says."""

    summary: Summary


@dataclass(frozen=True)
class Expired:
    """The deadline has passed."""

    deadline: datetime


#: What became of an answer.
type Receipt = Kept | AlreadyAnswered | Concluded | Expired


async def find_invitation(promises: Promises, id_: str) -> Invitation:
    """Return an invitation.

    Raises:
        NotFoundError: It is no longer kept.
        EngineUnavailableError: The engine gave no answer.
    """
    promise = await promises.get(invitation_promise(id_))
    if promise is None:
        raise NotFoundError(f"invitation {id_}")
    return invitation_from_json(promise.param)


async def find_request(promises: Promises, invitation: Invitation) -> ApprovalRequest:
    """Return the request as its approvers are shown it.

    Raises:
        NotFoundError: It is no longer kept.
        EngineUnavailableError: The engine gave no answer.
    """
    promise = await promises.get(invitation.request_promise)
    if promise is None:
        raise NotFoundError(f"the request of invitation {invitation.id}")
    return request_from_json(promise.param["request"], max_octets=None)


async def find_receipt(
    promises: Promises, invitation: Invitation, now: datetime
) -> Receipt | None:
    """Say what stands in the way of an answer; None: one can be given.

    Raises:
        EngineUnavailableError: The engine gave no answer.
    """
    summary = await _find_summary(promises, invitation)
    promise = await promises.get(invitation.response_promise)
    if promise is None:
        raise NotFoundError(f"the question of invitation {invitation.id}")
    if promise.pending and summary is None:
        return Expired(invitation.deadline) if now >= invitation.deadline else None
    return _receipt(invitation, promise, summary)


async def respond(
    promises: Promises, invitation: Invitation, response: Response
) -> Receipt:
    """Give an answer. The first settlement of the promise wins.

    An answer that comes again, known by its ``response_id``, is kept as the
    first time. Past the deadline by the answer's own instant nothing is settled,
    even where the engine's clock is behind ours.

    Raises:
        NotFoundError: The promise is no longer kept.
        EngineUnavailableError: No answer; the response may be kept or not, and
            giving it again is safe.
    """
    promise = await promises.get(invitation.response_promise)
    if promise is not None and promise.pending:
        if response.at >= invitation.deadline:
            return await _expiry(promises, invitation)
        value = response_to_json(response)
        promise = await promises.settle(promise.id, value)
    if promise is None:
        raise NotFoundError(f"the question of invitation {invitation.id}")
    if _held(promise).get("response_id") == response.response_id:
        return Kept(answer_of(response_from_json(_held(promise))))
    return _receipt(invitation, promise, await _find_summary(promises, invitation))


async def signal(
    promises: Promises, invitation: Invitation, signal_id: str, value: dict[str, Any]
) -> bool:
    """Hand a signal to the workflow: the first open slot takes it.

    Args:
        promises: Where the slots are kept.
        invitation: One of the approval's invitations.
        signal_id: Names the signal; the same one is taken once.
        value: What the signal says; ``kind`` names it.

    Returns:
        Whether it was taken; False where the approval is over.

    Raises:
        EngineUnavailableError: No answer, or the workflow has not come to open
            the next slot; giving it again is safe.
    """
    sent = {**value, "signal_id": signal_id}
    for slot in range(MAX_SIGNALS):
        published = await promises.get(signal_promise(invitation.signals, slot))
        if published is None:
            break
        promise = await promises.settle(published.param["promise"], sent)
        held = _held(promise) if promise else {}
        if held.get("signal_id") == signal_id:
            return True
        if held.get("kind") == "closed":
            return False
    if await _find_summary(promises, invitation) is not None:
        return False
    raise EngineUnavailableError("no slot is open for a signal yet")


async def start_notice(
    workflows: Workflows, notice_id: str, notice: dict[str, Any]
) -> None:
    """Have one notice sent, once for one id.

    Args:
        workflows: Starts it.
        notice_id: The response id of the message that is answered.
        notice: What it says; see ``services.worker.notices``.

    Raises:
        EngineUnavailableError: No answer; starting it again is safe.
    """
    call = Call("signoff.notice", 1, (notice,))
    id_ = f"signoff-notice-{notice_id[:32]}"
    await workflows.start(id_, call, lifetime=NOTICE_LIFETIME)


async def _expiry(promises: Promises, invitation: Invitation) -> Receipt:
    summary = await _find_summary(promises, invitation)
    return Concluded(summary) if summary else Expired(invitation.deadline)


async def _find_summary(promises: Promises, invitation: Invitation) -> Summary | None:
    published = await promises.get(invitation_promise(invitation.id))
    held = _held(published) if published else {}
    return summary_from_json(held) if held.get("kind") == "summary" else None


def _receipt(
    invitation: Invitation, promise: DurablePromise, summary: Summary | None
) -> Receipt:
    """Read what a settled response promise says, the summary going first."""
    if summary is not None:
        return Concluded(summary)
    if promise.state == "rejected_timedout":
        return Expired(invitation.deadline)
    held = _held(promise)
    if held.get("kind") == "closed":
        return Concluded(summary_from_json(held["summary"]))
    if held.get("kind") != "response" or held.get("invitation") != invitation.id:
        raise InconsistentApprovalError(
            f"the promise of invitation {invitation.id} holds what is not its answer"
        )
    return AlreadyAnswered(answer_of(response_from_json(held)))


def _held(promise: DurablePromise) -> dict[str, Any]:
    """Return the object that a promise was settled with; empty where there is none."""
    return cast("dict[str, Any]", promise.value or {})
