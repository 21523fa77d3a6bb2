"""Bad input, refused by the real thing with the answer that it deserves."""

import secrets
from typing import Any

import pytest

from signoff.domain.keys import ID_ENTROPY, Purpose, encode_id
from tests.end_to_end.case import Case
from tests.end_to_end.http_calls import Answer, Form, call
from tests.end_to_end.installation import CURL, Installation

_MIB = 1024 * 1024
ORDERS: dict[str, tuple[object, str]] = {
    "not JSON": ("{", ""),
    "no object": ("[]", ""),
    "no id": ({}, "workflow_id"),
    "id empty": ({"workflow_id": ""}, "workflow_id"),
    "id too long": ({"workflow_id": "a" * 101}, "workflow_id"),
    "id with a slash": ({"workflow_id": "a/b"}, "workflow_id"),
    "id of ours": ({"workflow_id": "signoff-1"}, "workflow_id"),
    "unknown member": ({"workflow_id": "x", "force": True}, "force"),
    "wrong type": ({"workflow_id": "x", "request": {"subject": 1}}, "request.subject"),
    "bad address": (
        {"workflow_id": "x", "request": {"approvers": ["ada at home"]}},
        "request.approvers[0].address",
    ),
    "same person twice": (
        {"workflow_id": "x", "request": {"approvers": ["a@b.org", "a@B.org"]}},
        "request.approvers[1].address",
    ),
    "deadline in the past": (
        {"workflow_id": "x", "request": {"deadline": "2020-01-01T00:00:00Z"}},
        "request.deadline",
    ),
    "deadline too far": (
        {"workflow_id": "x", "request": {"deadline": "366d"}},
        "request.deadline",
    ),
    "over 32 KiB": (
        {"workflow_id": "x", "request": {"body": "x" * 33_000}},
        "request",
    ),
}


@pytest.fixture
def case(inbox: Installation) -> Case:
    """An approval of this test's own."""
    return Case(inbox)


@pytest.mark.parametrize(("order", "field"), ORDERS.values(), ids=ORDERS.keys())
def test_a_bad_order_is_refused(inbox: Installation, order: object, field: str) -> None:
    """The problem names the field, and nothing is created."""
    answer = inbox.post(order)
    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    if field:
        assert field in [each["field"] for each in problem["errors"]]
    assert inbox.document("x").status == 404


def test_an_unknown_workflow_is_not_created(inbox: Installation, case: Case) -> None:
    """A name that nobody registered is 404."""
    order = {"workflow_id": case.id, "workflow": "no-such"}
    assert inbox.post(order).status == 404
    assert inbox.document(case.id).status == 404


def test_the_first_order_stands(case: Case) -> None:
    """The same id with other members is 409 and says what differs."""
    case.ask(subject="Deploy 4.2?", deadline="2d")
    answer = case.start(subject="Deploy 4.3?", deadline="2d")
    assert answer.status == 409
    assert "request.subject" in answer.text
    assert "deadline" not in answer.json()["detail"]
    assert case.installation.post({"workflow_id": case.id}).status == 202
    assert case.invitation().message["Subject"] == "Deploy 4.2?"


def test_a_foreign_page_starts_nothing(inbox: Installation, case: Case) -> None:
    """A browser that shows another site must not order for it."""
    headers = {**CURL, "Origin": "http://evil.example"}
    assert inbox.post({"workflow_id": case.id}, headers).status == 403
    assert inbox.document(case.id).status == 404


def test_a_forged_link_tells_nothing(inbox: Installation, case: Case) -> None:
    """A real invitation with a wrong key looks as one that never was."""
    real = case.ask().link
    forged = call("GET", real[:-1] + ("a" if real[-1] != "a" else "b"))
    unknown = call("GET", f"{inbox.url}/respond/{'a' * 43}")
    assert forged.status == unknown.status == 404
    assert forged.text == unknown.text


def test_a_genuine_link_that_is_not_kept_is_gone(inbox: Installation) -> None:
    """410 says that there was something once."""
    assert (
        call("GET", f"{inbox.url}/respond/{_unkept(inbox, Purpose.LINK)}").status == 410
    )


def test_a_form_of_another_site_decides_nothing(case: Case) -> None:
    """Even where it knows the key."""
    mail = case.ask()
    headers = {**CURL, "Origin": "http://evil.example"}
    form = b"choice=approve&nonce=" + b"n" * 22
    assert call("POST", mail.link, form, headers).status == 403
    assert case.document()["state"] == "pending"


def test_a_form_without_choice_comes_back(case: Case) -> None:
    """With a word about it, and with the comment that was written."""
    mail = case.ask()
    page = _send_form(mail.link, comment="Half a thought")
    assert page.status == 400
    assert "Half a thought" in page.text
    assert Form(page.text).choices == ["approve", "reject"]
    assert case.document()["state"] == "pending"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("approve+nobody@localhost", 550),
        (f"approve+{'a' * 43}@localhost", 550),
        (f"approve+z{'a' * 42}@localhost", 451),
        ("nobody@localhost", 550),
        ("ada@example.com", 550),
        ("postmaster@localhost", 250),
    ],
    ids=["no key", "forged", "unknown secret", "no such", "foreign", "postmaster"],
)
def test_a_recipient_is_judged_at_once(
    inbox: Installation, address: str, code: int
) -> None:
    """Before any text is sent, and without asking the engine."""
    with inbox.smtp(gateway=True) as client:
        client.ehlo("client.example.com")
        client.mail("ada@example.com")
        assert client.rcpt(address)[0] == code


def test_one_approval_at_a_time(case: Case) -> None:
    """A second keyed recipient is told to come by itself; the first counts."""
    case.start(approvers=[case.approver, case.colleague], policy="all")
    first, second = case.invitation(), case.invitation(case.colleague)
    reply = case.write(first, "APPROVE").as_bytes()
    with case.installation.smtp(gateway=True) as client:
        refused = client.sendmail(
            first.recipient, [first.reply_to, second.reply_to], reply
        )
    assert [code for code, _ in refused.values()] == [452]
    case.click(second, "reject")
    answers = case.decision()["responses"]
    assert {each["approver"]: each["choice"] for each in answers} == {
        case.approver: "approve",
        case.colleague: "reject",
    }


def test_a_message_that_is_too_big_is_refused(case: Case) -> None:
    """552 at its end where its size was not announced; the next one is taken."""
    mail = case.ask()
    reply = case.write(mail, "APPROVE")
    with case.installation.smtp(gateway=True) as client:
        client.ehlo("client.example.com")
        client.mail(mail.recipient)
        client.rcpt(mail.reply_to)
        assert client.data(reply.as_bytes() + _filler())[0] == 552
        assert case.document()["state"] == "pending"
        client.send_message(reply)
    assert case.decision()["outcome"] == "approve"


def test_a_size_that_is_too_big_is_refused(inbox: Installation) -> None:
    """Who announces it need not send it (RFC 1870)."""
    with inbox.smtp(gateway=True) as client:
        client.ehlo("client.example.com")
        assert client.mail("ada@example.com", [f"SIZE={11 * _MIB}"])[0] == 552


def test_a_long_line_is_accepted(case: Case) -> None:
    """Mail programs write what RFC 5321 forbids; the answer counts all the same."""
    mail = case.ask()
    reply = case.write(mail, "APPROVE").as_bytes()
    with case.installation.smtp(gateway=True) as client:
        client.sendmail(
            mail.recipient, [mail.reply_to], reply + b"\n" + b"x" * 5000 + b"\n"
        )
    assert case.decision()["outcome"] == "approve"


def test_addresses_beyond_ascii_are_accepted(case: Case) -> None:
    """SMTPUTF8 (RFC 6531), from the invitation to the confirmation."""
    approver = f"jürgen.{case.number}@example.com"
    case.start(approvers=[approver])
    mail = case.invitation(approver)
    with case.installation.smtp(gateway=True) as client:
        client.send_message(case.write(mail, "APPROVE"))
    assert case.decision()["responses"][0]["approver"] == approver


def test_a_reply_to_what_is_not_kept_is_taken(inbox: Installation) -> None:
    """A genuine key whose approval is gone is no reason for a bounce."""
    address = f"approve+{_unkept(inbox, Purpose.REPLY)}@localhost"
    with inbox.smtp(gateway=True) as client:
        text = "From: ada@example.com\r\nSubject: x\r\n\r\nAPPROVE\r\n"
        assert client.sendmail("ada@example.com", [address], text) == {}


def _send_form(url: str, **filled: str) -> Answer:
    page = call("GET", url)
    form: dict[str, Any] = Form(page.text).fields | filled
    body = "&".join(f"{name}={value}" for name, value in form.items())
    return call("POST", url, body.encode(), CURL)


def _unkept(installation: Installation, purpose: Purpose) -> str:
    """Mint a genuine key of an invitation that is not kept."""
    id_ = encode_id(secrets.token_bytes(ID_ENTROPY))
    return installation.keyring.mint(purpose, id_)


def _filler() -> bytes:
    return (b"x" * 76 + b"\r\n") * (10 * _MIB // 78 + 1)
