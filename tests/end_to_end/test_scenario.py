"""The original scenario: ask by curl, decide by click or by reply.

Each test runs on the development inbox and, where it is installed, on Mailpit.
"""

from typing import Any

import pytest

from tests.end_to_end.case import Case
from tests.end_to_end.http_calls import Form, post_form
from tests.end_to_end.installation import Installation
from tests.end_to_end.mails import Mail

REPLIES: dict[str, tuple[str, str, str]] = {
    "alone": ("APPROVE", "approve", ""),
    "lower case": ("approve", "approve", ""),
    "comment below": (
        "REJECT\n\nThe change log lacks two fixes.\n",
        "reject",
        "The change log lacks two fixes.",
    ),
    "original below": ("Approve.\n\n{quoted}\n", "approve", ""),
    "original above": ("{quoted}\n\nREJECT\nToo late.\n", "reject", "Too late."),
}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json"},
    ],
    ids=["no type", "as curl sends it", "JSON"],
)
def test_an_id_is_enough(
    installation: Installation, case: Case, headers: dict[str, str]
) -> None:
    """The default approver gets a sample request."""
    answer = installation.post(f'{{"workflow_id": "{case.id}"}}', headers)
    assert answer.status == 202
    assert answer.json()["state"] == "pending"
    document = case.document()
    assert document["links"] == {"self": f"{installation.url}/workflows/{case.id}"}
    waits = case.waiting_for()
    assert waits["approver"] == "approver@localhost"
    assert waits["delivery"] == "sent"


def test_a_click_decides(case: Case) -> None:
    """The workflow goes on with the decision of the person who clicked."""
    page = case.click(case.ask(), "approve", "Go ahead.")
    assert page.status == 200
    assert "Recorded: Approve" in page.text
    decision = case.decision()
    assert (decision["outcome"], decision["approved"]) == ("approve", True)
    assert _response(decision) == (case.approver, "approve", "Go ahead.", "link")


def test_a_form_that_is_sent_twice_is_one_answer(case: Case) -> None:
    """An impatient double click is no "too late"."""
    mail = case.ask()
    form = case.open(mail)
    pages = [post_form(form, mail.link, choice="approve") for _ in range(2)]
    assert ["Recorded: Approve" in page.text for page in pages] == [True, True]
    assert len(case.decision()["responses"]) == 1


def test_a_rejection_is_a_decision_too(case: Case) -> None:
    """No is an answer, not an error."""
    case.click(case.ask(), "reject")
    document = case.ended()
    assert document["state"] == "decided"
    assert document["decision"]["approved"] is False
    assert document["decision"]["reason"] == "unmeetable"


def test_the_same_call_reconnects(case: Case) -> None:
    """202 while pending, 200 with the result when done; nobody is asked twice."""
    mail = case.ask()
    assert case.start().status == 202
    case.click(mail, "approve")
    decision = case.decision()
    again = case.start()
    assert again.status == 200
    assert again.json()["decision"] == decision
    assert [each.kind for each in case.mails(2)] == ["invitation", "confirmation"]


@pytest.mark.parametrize(
    ("text", "choice", "comment"), REPLIES.values(), ids=REPLIES.keys()
)
def test_a_reply_decides(case: Case, text: str, choice: str, comment: str) -> None:
    """The new text counts, wherever the original is quoted."""
    mail = case.ask(subject="Deploy 4.2?", body="Approve or reject.")
    case.reply(mail, text.format(quoted=mail.quoted()))
    assert _response(case.decision()) == (case.approver, choice, comment, "reply")


@pytest.mark.parametrize("way", ["link", "reply"])
def test_a_counted_answer_is_confirmed(case: Case, way: str) -> None:
    """The approver has it in writing, in the thread of the question."""
    mail = case.ask()
    _answer(case, mail, way)
    confirmation = case.mails(2)[1]
    assert confirmation.kind == "confirmation"
    assert "Your answer is recorded: Approve" in confirmation.text
    assert confirmation.message["References"] == mail.message["Message-ID"]
    assert confirmation.message["Auto-Submitted"] == "auto-replied"
    assert confirmation.message["Reply-To"] is None


def test_a_reply_after_a_click_is_told(case: Case) -> None:
    """One notice says what was decided, by whom and when."""
    mail = case.ask()
    case.click(mail, "approve")
    decision = case.decision()
    case.mails(2)
    case.reply(mail, "REJECT")
    notice = case.mails(3)[2]
    assert notice.kind == "notice"
    assert "It is already decided: Approve" in notice.text
    assert case.approver in notice.text
    assert _minute(decision) in " ".join(notice.text.split())
    assert case.decision() == decision


def test_a_click_after_a_reply_is_told(case: Case) -> None:
    """The page says what was decided, by whom and when, to GET and POST."""
    mail = case.ask()
    form = case.open(mail)
    case.reply(mail, "REJECT")
    decision = case.decision()
    late = post_form(form, mail.link, choice="approve")
    for page in (late, case.open(mail)):
        assert page.status == 200
        assert "Reject" in page.text
        assert case.approver in page.text
        assert _minute(decision) in page.text
        assert Form(page.text).choices == []
    assert case.decision() == decision


def test_an_unclear_reply_is_asked_about(case: Case) -> None:
    """One notice says which words work, and the approval still waits."""
    mail = case.ask()
    case.reply(mail, "Looks fine to me, I think, but ask Bob.")
    notice = case.notice()
    assert "nothing is decided yet" in notice.text
    assert {"APPROVE", "REJECT"} <= set(notice.text.split())
    assert case.document()["state"] == "pending"
    case.reply(notice, "APPROVE")
    assert _response(case.decision())[1:] == ("approve", "", "reply")


def test_a_strangers_reply_decides_nothing(case: Case) -> None:
    """The approver of record is told; the stranger is not."""
    stranger = f"mallory.{case.number}@example.org"
    mail = case.ask()
    case.reply(mail, "APPROVE", sender=stranger)
    assert "Somebody else replied" in case.notice().text
    assert case.document()["state"] == "pending"
    case.click(mail, "reject")
    assert case.decision()["outcome"] == "reject"
    assert case.mails(3)[2].kind == "confirmation"
    case.mails(0, stranger)


@pytest.mark.parametrize(
    "fields",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "auto_reply"}],
    ids="-".join,
)
def test_an_automatic_reply_does_nothing(case: Case, fields: dict[str, str]) -> None:
    """Not even where it says APPROVE; a marker shows that no mail came of it."""
    mail = case.ask()
    case.reply(mail, "APPROVE", **fields)
    assert case.document()["state"] == "pending"
    case.reply(mail, "Hm.")
    assert "nothing is decided yet" in case.notice().text
    assert case.results(mail, 2) == ["ignored", "noticed"]


def test_two_have_to_agree(case: Case) -> None:
    """With `all` the first answer is not the last word."""
    case.start(approvers=[case.approver, case.colleague], policy="all")
    first, second = case.invitation(), case.invitation(case.colleague)
    assert first.reply_to != second.reply_to
    case.reply(first, "APPROVE")
    case.mails(2)
    assert [each["approver"] for each in case.document()["waiting_for"]] == [
        case.colleague
    ]
    case.click(second, "approve")
    decision = case.decision()
    assert decision["approved"] is True
    assert len(decision["responses"]) == 2


def test_one_no_ends_what_all_must_agree_to(case: Case) -> None:
    """Whoever was not needed any more is told so by the page."""
    case.start(approvers=[case.approver, case.colleague], policy="all")
    first, second = case.invitation(), case.invitation(case.colleague)
    case.reply(first, "REJECT\nNo.")
    assert case.decision()["outcome"] == "reject"
    page = case.open(second)
    assert case.approver in page.text
    assert Form(page.text).choices == []


def test_the_deadline_ends_it(case: Case) -> None:
    """Nobody answered in time; page and reply are told so afterwards."""
    mail = case.ask(deadline="3s")
    form = case.open(mail)
    document = case.ended()
    assert document["state"] == document["decision"]["outcome"] == "expired"
    assert document["decision"]["reason"] == "deadline"
    late = post_form(form, mail.link, choice="approve")
    assert late.status == 200
    assert "Expired" in late.text
    assert Form(late.text).choices == []
    case.reply(mail, "APPROVE")
    assert "The request has expired" in case.notice().text
    assert case.document()["decision"] == document["decision"]


def test_own_choices_are_asked(case: Case) -> None:
    """Their labels stand on the page, their words in the mail."""
    choices = [
        {"id": "ship_it", "label": "Ship it", "positive": True},
        {"id": "hold", "label": "Hold it back", "positive": False},
    ]
    mail = case.ask(choices=choices)
    assert Form(case.open(mail).text).choices == ["ship_it", "hold"]
    case.reply(mail, "ship it")
    decision = case.decision()
    assert (decision["outcome"], decision["approved"]) == ("ship_it", True)


def test_a_users_workflow_goes_on(installation: Installation, case: Case) -> None:
    """One from `examples/`, named on the command line, asks and resumes."""
    request = {"version": "4.2", "approver": case.approver}
    order = {"workflow_id": case.id, "workflow": "deploy", "request": request}
    assert installation.post(order).status == 202
    mail = case.invitation()
    assert mail.message["Subject"] == "Deploy 4.2 to production?"
    case.reply(mail, "APPROVE")
    document = case.ended()
    assert document["result"] == "shop:4.2 is live"


def _answer(case: Case, mail: Mail, way: str) -> None:
    if way == "link":
        case.click(mail, "approve")
    else:
        case.reply(mail, "APPROVE")


def _response(decision: Any) -> tuple[str, str, str, str]:
    """Return the one response of a decision, without its time."""
    (response,) = decision["responses"]
    return tuple(
        response[name] for name in ("approver", "choice", "comment", "channel")
    )


def _minute(decision: Any) -> str:
    """Return hour and minute of a decision's answer, as people are told them."""
    return decision["responses"][0]["at"][11:16]
