"""What a raw message is, who wrote it and what it says."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from services.mail_gateway.inbound import read_message

MAILS = Path(__file__).parent / "mails"
KINDS = {
    "human_group": "human",
    "vacation_request": "human",
    "forwarded_bounce": "human",
    "absence": "auto_reply",
    "absence_plain": "auto_reply",
    "reaction": "auto_reply",
    "read_receipt": "auto_reply",
    "delivered_dsn": "auto_reply",
    "bounce_dsn": "bounce",
    "bounce_old": "bounce",
    "delayed_dsn": "delayed",
    "delayed_old": "delayed",
}


def mail(name: str) -> bytes:
    """Return the octets of a mail."""
    return (MAILS / f"{name}.eml").read_bytes()


def written(text: bytes = b"Approved", /, **fields: str) -> bytes:
    """Return a mail with these fields (underscores stand for hyphens)."""
    lines = [f"{name.replace('_', '-')}: {value}\n" for name, value in fields.items()]
    return "".join(lines).encode() + b"\n" + text


@pytest.mark.parametrize(("name", "kind"), KINDS.items(), ids=KINDS)
def test_kind_of_a_mail(name: str, kind: str) -> None:
    """A person's mail, an auto-reply, a bounce and a delay are told apart."""
    assert read_message(mail(name)).kind == kind


def test_persons_mail_is_read_whole() -> None:
    """A mail through a group's list gives all that is asked of it."""
    message = read_message(mail("human_group"))
    text = (
        "Approved, but please order the blue ones, they cost less and we have"
        " blue tables."
    )
    assert " ".join(message.reply_text.split()) == text
    assert (message.sender, message.subject) == ("Paula@Example.com", "Re: Stühle")
    assert message.message_id == "m1@example.com"
    assert message.recipients == (
        "approve+k3y@reply.example.com",
        "buyers@example.com",
        "nora@example.com",
    )
    assert message.references == (
        "q1@reply.example.com",
        "q0@reply.example.com",
        "q2@reply.example.com",
    )


def test_digest_is_of_the_reply_text() -> None:
    """The digest is that of the new text alone."""
    message = read_message(mail("vacation_request"))
    assert message.body_digest == hashlib.sha256(b"Approved").hexdigest()


@pytest.mark.parametrize("name", ["bounce_dsn", "bounce_old", "delayed_dsn"])
def test_failed_recipient_is_named(name: str) -> None:
    """A report says whom it is about."""
    assert read_message(mail(name)).failed_recipients == ("paula@example.com",)


@pytest.mark.parametrize("name", ["absence", "absence_plain"])
def test_absence_has_its_end(name: str) -> None:
    """A note's last day is read, its year from when it was written."""
    assert read_message(mail(name)).absent_until == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        ("Paula <p@example.com>", "p@example.com"),
        ("p@example.com", "p@example.com"),
        ('"boss@example.com" <p@example.com>', "p@example.com"),
        ("p@example.com, q@example.com", None),
        ("p@localhost, attacker", None),
        ("attacker, p@localhost", None),
        (f"p@example.com, {' ' * 17_000}q@example.com", None),
        ("MAILER-DAEMON <>", None),
        ("Paula", None),
        ("", None),
    ],
)
def test_sender_is_the_only_address(sender: str, address: str | None) -> None:
    """Only one address in one From field is a sender."""
    assert read_message(written(From=sender)).sender == address


def test_two_from_fields_are_no_sender() -> None:
    """Who writes two From fields is nobody."""
    raw = b"From: a@example.com\nFrom: b@example.com\n\nApproved"
    assert read_message(raw).sender is None


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "auto-generated (test)"},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "chairs"},
        {"Precedence": "auto_reply"},
        {"Subject": "Automatic reply: Chairs"},
        {"Subject": "=?utf-8?b?6Ieq5YuV6L+U5L+h?=: Chairs"},
        {"Subject": "Réponse automatique : Chairs"},
        {"From": "no-reply@example.com"},
        {"From": "mailer-daemon@example.com"},
        {"From": "postmaster@example.com", "Auto_Submitted": "auto-replied"},
        {"Content_Type": "message/disposition-notification"},
    ],
    ids=lambda fields: " ".join(fields.values()),
)
def test_sign_of_a_program(fields: dict[str, str]) -> None:
    """Each sign of an auto-responder is enough."""
    assert read_message(written(**fields)).kind == "auto_reply"


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "no"},
        {"Precedence": "bulk"},
        {"List_Id": "<x.example.com>"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
        {"Subject": "Re: Automatic reply: how do I turn it off"},
        {"Subject": "AW: Undelivered chairs"},
        {"Subject": "Re: Delivery failed yesterday", "Return_Path": "<>"},
        {"Subject": "Vacation: Nora, three weeks"},
    ],
    ids=lambda fields: " ".join(fields.values()),
)
def test_no_sign_of_a_program(fields: dict[str, str]) -> None:
    """What a list or a relay adds, or a request says, proves no program."""
    raw = written(From="Paula <p@example.com>", **fields)
    assert read_message(raw).kind == "human"


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("utf-8", "utf-8", "Genehmigt für März"),
        ("us-ascii", "utf-8", "Genehmigt für März"),
        ("iso-8859-1", "utf-8", "Genehmigt für März"),
        ("iso-8859-1", "cp1252", "Genehmigt – für 5 €"),  # noqa: RUF001 -- the dash is what cp1252 has and Latin-1 lacks
        ("utf-8", "cp1252", "Genehmigt für März"),
        ("x-unknown", "utf-8", "Утверждаю"),
        ("koi8-r", "koi8-r", "Утверждаю"),
        ("windows-1251", "windows-1251", "Утверждаю"),
        ("gb2312", "gb18030", "同意。請盡快"),
        ("shift_jis", "cp932", "承認します"),
        ("iso-2022-jp", "iso-2022-jp", "承認します"),
        ("euc-kr", "cp949", "승인합니다"),
        ("big5", "big5", "同意"),
        ("windows-1255", "windows-1255", "מאשר"),
        ("windows-1256", "windows-1256", "موافق"),
        ("utf-16", "utf-16", "Approved"),
        ("idna", "utf-8", "Approved"),
    ],
)
def test_text_is_decoded(label: str, encoding: str, text: str) -> None:
    """The text is read by its label, and by what it is where the label is wrong."""
    kind = f"text/plain; charset={label}"
    raw = written(text.encode(encoding), Content_Type=kind)
    assert read_message(raw).reply_text == text


def test_text_around_a_picture_is_joined() -> None:
    """A picture between two texts hides neither."""
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nApproved\n--b\n"
        b"Content-Type: image/png\n\nx\n--b\n\nbut only blue ones\n--b--\n"
    )
    assert read_message(raw).reply_text == "Approved\nbut only blue ones"


def test_multipart_without_parts_is_text() -> None:
    """A mail that claims parts and has none is read as text."""
    raw = written(Content_Type="multipart/alternative; boundary=b")
    assert read_message(raw).reply_text == "Approved"


def test_postmaster_may_be_a_person() -> None:
    """Who reads the postmaster's mail may answer from that address."""
    assert read_message(written(From="postmaster@example.com")).kind == "human"


@pytest.mark.parametrize("kind", ["delivery-status", "disposition-notification"])
def test_report_attached_by_a_person_is_no_report(kind: str) -> None:
    """An answer with an attached report is an answer."""
    raw = (
        "From: p@example.com\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n"
        f"Approved\n--b\nContent-Type: message/{kind}\n\n"
        "Final-Recipient: rfc822; q@example.com\nAction: failed\n--b--\n"
    )
    message = read_message(raw.encode())
    assert (message.kind, message.reply_text) == ("human", "Approved")
