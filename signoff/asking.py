"""Asking from a workflow: one durable call, whoever runs the approval."""

import os
from collections.abc import Awaitable, Generator
from typing import Any

from resonate.context import Context

from signoff.approvals import APPROVAL, APPROVAL_VERSION, LIFETIME
from signoff.domain.decision import Decision, decision_from_json
from signoff.domain.request import ApprovalRequest
from signoff.domain.request_json import request_to_json


class PendingDecision(Awaitable[Decision]):
    """A decision that was asked for; await it when it is needed."""

    def __init__(self, call: Awaitable[Any]) -> None:
        self._call = call

    def __await__(self) -> Generator[Any, None, Decision]:
        result = yield from self._call.__await__()
        return decision_from_json(result)


def request_approval(
    ctx: Context, request: ApprovalRequest, *, group: str | None = None
) -> PendingDecision:
    """Ask for an approval; ``await`` gives the decision.

    It is one durable call, made at once: to ask several things side by side,
    ask them all first and await them after.

    Args:
        ctx: The context of your workflow.
        request: What is asked.
        group: The group of the Signoff workers, where it is not what
            ``SIGNOFF_GROUP`` says, or ``signoff`` where that is not set.

    Raises:
        InvalidRequestError: On ``await``: the request cannot be asked, for
            example because its deadline outlives your workflow.
    """
    target = group or os.environ.get("SIGNOFF_GROUP") or "signoff"
    options = ctx.options(timeout=LIFETIME, target=target, version=APPROVAL_VERSION)
    return PendingDecision(options.rpc(APPROVAL, request_to_json(request)))
