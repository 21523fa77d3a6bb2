"""What the page says of each way in which a question can have ended."""

import pytest

from services.http_gateway.told import AnswerLine, Tone, tell
from signoff.approvals import AlreadyAnswered, Concluded, Expired, Kept
from signoff.domain.decision import Answer
from signoff.domain.invitation import Summary
from signoff.domain.response import Channel
from tests.http_gateway.conftest import DEADLINE, START, make_invitation

INVITATION = make_invitation()


@pytest.mark.parametrize(
    ("outcome", "reason", "headline", "tone"),
    [
        ("approve", "policy_met", "Already decided: Approve", "positive"),
        ("reject", "unmeetable", "Already decided: Reject", "negative"),
        ("expired", "deadline", "Already decided: Expired", "neutral"),
        ("withdrawn", "withdrawn", "Already decided: Withdrawn", "neutral"),
        (
            "undeliverable",
            "unmeetable",
            "Already decided: Nobody could be reached",
            "neutral",
        ),
        ("strange", "new", "Already decided: strange", "neutral"),
    ],
)
def test_how_it_was_decided(
    outcome: str, reason: str, headline: str, tone: Tone
) -> None:
    """Headline and colour follow the outcome."""
    summary = Summary(outcome, outcome == "approve", reason, START, ())
    told = tell(Concluded(summary), INVITATION)
    assert (told.headline, told.tone, told.at) == (headline, tone, START)


def test_who_decided_is_told() -> None:
    """Each answer that counted is named with its choice in words."""
    answers = (("bob@x.org", "approve"), ("eve@x.org", "reject"))
    summary = Summary("approve", True, "policy_met", START, answers)
    told = tell(Concluded(summary), INVITATION)
    assert told.answers == (
        AnswerLine("bob@x.org", "Approve"),
        AnswerLine("eve@x.org", "Reject"),
    )


@pytest.mark.parametrize(
    ("channel", "words"),
    [("link", "on this page"), ("reply", "by mail"), ("api", "through the API")],
)
def test_by_which_way_it_was_answered(channel: Channel, words: str) -> None:
    """The other way's answer is told as such."""
    answer = Answer("i@example.com", "reject", "No.", channel, START)
    told = tell(AlreadyAnswered(answer), INVITATION)
    assert f"i@example.com answered {words}" in told.text
    assert (told.tone, told.comment) == ("negative", "No.")


def test_what_was_recorded() -> None:
    """The person sees their own choice and comment again."""
    answer = Answer("i@example.com", "approve", "Yes.", "link", START)
    told = tell(Kept(answer), INVITATION)
    assert (told.headline, told.comment) == ("Recorded: Approve", "Yes.")


def test_what_came_too_late() -> None:
    """The deadline is named, and nothing else happened."""
    told = tell(Expired(DEADLINE), INVITATION)
    assert (told.headline, told.at) == ("The deadline has passed", DEADLINE)
