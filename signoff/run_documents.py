"""The document of a run: what ``GET /workflows/<id>`` answers."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from signoff.approvals import APPROVAL, WORKFLOW_TAG
from signoff.domain.invitation import (
    Invitation,
    delivery_promise,
    invitation_from_json,
    invitation_promise,
)
from signoff.ports import DurablePromise, Promises

type RunState = Literal[
    "pending", "decided", "expired", "withdrawn", "undeliverable", "failed"
]

_INVITATION, _DELIVERY = invitation_promise(""), delivery_promise("", 0)[:-2]
_UNSENT = {"status": "unsent", "detail": ""}
#: What a run that was rejected without a message of its own is told to be.
_FAILURES = {
    "rejected": "the workflow failed without saying why",
    "rejected_canceled": "the workflow was cancelled",
    "rejected_timedout": "the workflow did not end in its time",
}

type _Json = dict[str, Any]


@dataclass(frozen=True)
class RunDocument:
    """What there is to say of a run."""

    #: Whether it goes on.
    pending: bool
    #: The JSON object that callers are told.
    body: Mapping[str, Any]


async def run_document(
    promises: Promises, run: DurablePromise, *, self_link: str
) -> RunDocument:
    """Say how a run stands.

    Args:
        promises: Where its invitations are found.
        run: Its root promise.
        self_link: Where the document is found again.

    Raises:
        EngineUnavailableError: The engine gave no answer.
    """
    body: _Json = {
        "workflow_id": run.id,
        "state": run_state(run),
        "waiting_for": await _waiting_for(promises, run.id) if run.pending else [],
    }
    body["decision" if _is_approval(run) else "result"] = _outcome(run)
    if body["state"] == "failed":
        body["error"] = _failure(run)
    return RunDocument(run.pending, body | {"links": {"self": self_link}})


def run_state(run: DurablePromise) -> RunState:
    """Return the one word for how a run stands."""
    if run.pending:
        return "pending"
    if run.state != "resolved":
        return "failed"
    return _decided_state(run.value) if _is_approval(run) else "decided"


def _decided_state(decision: _Json) -> RunState:
    match decision:
        case {"reason": "deadline"}:
            return "expired"
        case {"reason": "withdrawn"}:
            return "withdrawn"
        case {"reason": "unmeetable", "responses": []}:
            return "undeliverable"
        case _:
            return "decided"


def _is_approval(run: DurablePromise) -> bool:
    return run.param["func"] == APPROVAL


def _outcome(run: DurablePromise) -> object:
    return run.value if run.state == "resolved" else None


def _failure(run: DurablePromise) -> str:
    """Return why a run failed; a rejection is read as JSON, never unpickled."""
    match run.value:
        case {"message": str(message)} if message:
            return message
        case _:
            return _FAILURES[run.state]


async def _waiting_for(promises: Promises, workflow_id: str) -> list[_Json]:
    found = await promises.search({WORKFLOW_TAG: workflow_id})
    deliveries = _latest_deliveries(found)
    published = sorted(
        (each for each in found if each.pending and each.id.startswith(_INVITATION)),
        key=lambda each: (each.created_at, each.param["approver"][0]),
    )
    invitations = [invitation_from_json(each.param) for each in published]
    open_ = await asyncio.gather(*(_is_open(promises, each) for each in invitations))
    return [
        _waiting(invitation, promise, deliveries.get(invitation.id, _UNSENT))
        for invitation, promise, waits in zip(
            invitations, published, open_, strict=True
        )
        if waits
    ]


async def _is_open(promises: Promises, invitation: Invitation) -> bool:
    """Say whether an approver can still answer, and did not."""
    promise = await promises.get(invitation.response_promise)
    return promise is not None and promise.pending


def _waiting(invitation: Invitation, promise: DurablePromise, delivery: _Json) -> _Json:
    return {
        "approver": invitation.approver.address,
        "since": promise.created_at.isoformat(),
        "delivery": delivery["status"],
        "detail": delivery["detail"],
    }


def _latest_deliveries(found: Iterable[DurablePromise]) -> dict[str, _Json]:
    """Return what the last attempt of each invitation came to."""
    attempts = sorted(
        (each for each in found if each.id.startswith(_DELIVERY)),
        key=lambda each: int(each.id.rpartition("-")[2]),
    )
    return {each.param["invitation"]: each.param for each in attempts}
