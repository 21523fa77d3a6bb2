"""Mail systems' reports: a message of ours that bounced is told to the workflow."""

from datetime import datetime

from signoff.approvals import signal
from signoff.domain.addresses import same_address
from signoff.domain.invitation import Invitation
from signoff.domain.response import response_id
from signoff.ports import Promises

from .mail import Mail, show
from .outcomes import Outcome


async def report_bounce(
    promises: Promises, invitation: Invitation, mail: Mail, at: datetime
) -> Outcome:
    """Tell the workflow that an invitation's message did not arrive.

    What failed elsewhere, at a member of an alias or behind a forward, says
    nothing of the approver, who may have the message.

    Raises:
        EngineUnavailableError: No answer; telling it again is safe.
    """
    failed = mail.message.failed_recipients
    approver = invitation.approver.address
    if failed and not any(same_address(each, approver) for each in failed):
        return Outcome("ignored", "a bounce of another address")
    value = {
        "kind": "bounce",
        "invitation": invitation.id,
        "detail": _describe(mail),
        "at": at.isoformat(),
    }
    id_ = response_id(invitation.id, "bounce", *mail.identity)
    taken = await signal(promises, invitation, id_, value)
    return Outcome("signalled") if taken else Outcome("ignored", "the approval is over")


def _describe(mail: Mail) -> str:
    failed = ", ".join(mail.message.failed_recipients)
    return show(f"bounced: {failed}" if failed else "bounced")
