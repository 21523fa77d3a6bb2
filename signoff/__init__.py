"""Signoff: human approvals by email for Python workflows.

A workflow asks; a person gets a mail; they click its link or just reply; the
workflow goes on with a typed decision:

    from signoff import ApprovalRequest, Approver, request_approval, workflow

    @workflow
    async def deploy(ctx, request):
        decision = await request_approval(ctx, ApprovalRequest(
            subject="Deploy 4.2 to production?",
            approvers=(Approver("ada@example.com"),),
        ))
        return "deployed" if decision.approved else "left alone"
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from signoff.asking import request_approval
    from signoff.domain.choices import Choice
    from signoff.domain.decision import Answer, Decision
    from signoff.domain.policy import Policy
    from signoff.domain.request import ApprovalRequest, Approver
    from signoff.errors import InvalidRequestError, SignoffError
    from signoff.workflows import workflow

__all__ = [
    "Answer",
    "ApprovalRequest",
    "Approver",
    "Choice",
    "Decision",
    "InvalidRequestError",
    "Policy",
    "SignoffError",
    "request_approval",
    "workflow",
]

#: Where each name lives. They are imported when they are first used, so that
#: ``signoff --help`` does not wait for the SDK.
_HOMES = {
    "Answer": "signoff.domain.decision",
    "ApprovalRequest": "signoff.domain.request",
    "Approver": "signoff.domain.request",
    "Choice": "signoff.domain.choices",
    "Decision": "signoff.domain.decision",
    "InvalidRequestError": "signoff.errors",
    "Policy": "signoff.domain.policy",
    "SignoffError": "signoff.errors",
    "request_approval": "signoff.asking",
    "workflow": "signoff.workflows",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'signoff' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
