"""Values that the tests of the domain are about, made with little to say."""

from datetime import UTC, datetime, timedelta

from signoff.domain.approval import Approval, Seat
from signoff.domain.policy import ANY, Policy
from signoff.domain.request import ApprovalRequest, Approver, digest
from signoff.domain.response import Response

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DEADLINE = NOON + timedelta(days=7)


def make_request(approvers: int = 1, policy: Policy = ANY) -> ApprovalRequest:
    """Return a request to so many approvers."""
    people = tuple(Approver(f"person{n}@example.com") for n in range(approvers))
    return ApprovalRequest(
        subject="Deploy?", approvers=people, policy=policy, deadline=DEADLINE
    )


def make_approval(approvers: int = 1, policy: Policy = ANY) -> Approval:
    """Return an approval that was just opened; invitations are named i0, i1 …."""
    request = make_request(approvers, policy)
    seats = tuple(Seat(each, f"i{n}") for n, each in enumerate(request.approvers))
    return Approval(request, digest(request), DEADLINE, seats)


def make_response(seat: int, choice: str, at: datetime = NOON) -> Response:
    """Return the answer of the approver in a seat."""
    return Response(
        response_id=f"r{seat}",
        invitation=f"i{seat}",
        approver=f"person{seat}@example.com",
        choice=choice,
        comment="",
        channel="reply",
        at=at,
    )
