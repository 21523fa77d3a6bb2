"""The request as JSON: what is read, and what is said of what cannot be."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from signoff.domain.choices import APPROVE, DEFAULT_CHOICES, REJECT, Choice
from signoff.domain.policy import ANY, Policy
from signoff.domain.request import ApprovalRequest, Approver
from signoff.domain.request_json import request_from_json, request_to_json
from signoff.errors import InvalidRequestError


def test_nothing_given_is_the_sample_request() -> None:
    """Every member may be left out."""
    request = request_from_json({})
    assert request == ApprovalRequest()
    assert (request.choices, request.policy) == (DEFAULT_CHOICES, ANY)


def test_reads_every_member() -> None:
    """Each member lands where it belongs."""
    data = {
        "subject": "Deploy?",
        "body": "**4.2**",
        "approvers": ["ada@example.com", {"address": "b@x.org", "name": "Bob"}],
        "choices": ["approve", {"id": "hold", "label": "Hold", "positive": False}],
        "policy": "all",
        "deadline": "2030-01-31T17:00:00+01:00",
        "requester": "CI <ci@example.com>",
    }
    assert request_from_json(data) == ApprovalRequest(
        subject="Deploy?",
        body="**4.2**",
        approvers=(Approver("ada@example.com"), Approver("b@x.org", "Bob")),
        choices=(APPROVE, Choice("hold", "Hold", positive=False)),
        policy=Policy.all(),
        deadline=datetime(2030, 1, 31, 16, tzinfo=UTC),
        requester="CI <ci@example.com>",
    )


@pytest.mark.parametrize("deadline", [None, timedelta(days=3), datetime.now(UTC)])
def test_reads_back_what_it_wrote(deadline: datetime | timedelta | None) -> None:
    """Writing and reading is the identity."""
    approvers = (Approver("ada@example.com", "Ada", "de"),)
    request = ApprovalRequest(
        subject="Ü?", approvers=approvers, choices=(REJECT, APPROVE), deadline=deadline
    )
    assert request_from_json(request_to_json(request)) == request


@pytest.mark.parametrize(
    ("data", "field", "says"),
    [
        ([], "", "has to be an object"),
        ({"subject": 1}, "subject", "has to be a string"),
        ({"subject": " "}, "subject", "is empty"),
        ({"subject": "a\nb"}, "subject", "line breaks"),
        ({"subject": "x" * 201}, "subject", "200 are allowed"),
        ({"body": "a\0b"}, "body", "NUL"),
        ({"body": "x" * 33_000}, "", "32768 are allowed"),
        ({"colour": "red"}, "colour", "is unknown"),
        ({"approvers": "ada@example.com"}, "approvers", "has to be an array"),
        ({"approvers": ["ada"]}, "approvers[0].address", "no mail address"),
        ({"approvers": [7]}, "approvers[0]", "has to be an object"),
        ({"approvers": [{"adress": "a@b"}]}, "approvers[0].adress", "is unknown"),
        ({"approvers": ["a@x.org", "A@X.org"]}, "approvers[1].address", "twice"),
        ({"approvers": [f"a{n}@x.org" for n in range(21)]}, "approvers", "at most 20"),
        ({"choices": ["approve"]}, "choices", "2 to 9"),
        ({"choices": ["approve", "maybe"]}, "choices[1]", "needs an object"),
        ({"choices": ["reject", "reject"]}, "choices[1].id", "twice"),
        ({"choices": [{"id": "a"}, "reject"]}, "choices[0]", "lacks label, positive"),
        ({"policy": "most"}, "policy", "known are any, all"),
        ({"deadline": "soon"}, "deadline", "neither a time"),
        ({"deadline": "2030-01-31T17:00:00"}, "deadline", "time zone"),
        ({"deadline": "366d"}, "deadline", "365 days"),
        ({"deadline": "0s"}, "deadline", "at least a second"),
        ({"requester": "nobody"}, "requester", "no mailbox|no mail address"),
    ],
)
def test_names_the_field_and_what_is_wrong(data: Any, field: str, says: str) -> None:
    """A problem says where it is and what would be right."""
    with pytest.raises(InvalidRequestError, match=says) as raised:
        request_from_json(data)
    assert field in [problem.field for problem in raised.value.problems]


def test_tells_everything_at_once() -> None:
    """Two mistakes are two problems, in one answer."""
    with pytest.raises(InvalidRequestError) as raised:
        request_from_json({"subject": 1, "deadline": "soon"})
    assert len(raised.value.problems) == 2
