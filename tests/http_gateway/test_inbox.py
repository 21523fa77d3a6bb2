"""The development inbox: shows mails without trusting them, sends real replies."""

import asyncio
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from signoff.inbox import KeptMail, keep_message
from tests.http_gateway.conftest import START, Scene, with_face

NAME = "a" * 43
PAGE = """<html><head><title>x</title></head><body><script>alert(1)</script>
<a href="mailto:approve+key@localhost?subject=Re%3A%20x&amp;body=APPROVE">yes</a>
<a href="mailto:approve+key@localhost?subject=Re%3A%20x&amp;body=REJECT">no</a>
</body></html>"""


class Listener:
    """A mail gateway that keeps what it is sent, or says what it is told to."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.reply = "250 2.0.0 kept"

    async def handle_RCPT(  # noqa: N802 (the name and arguments are aiosmtpd's)
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Refuse strangers as the real one does."""
        if not address.startswith("approve+"):
            return "550 5.1.1 no such address"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 good"

    async def handle_DATA(  # noqa: N802 (the name is aiosmtpd's)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep one message."""
        self.envelopes.append(envelope)
        return self.reply


@pytest.fixture
def listener(
    loop: asyncio.AbstractEventLoop,
) -> Iterator[tuple[Listener, tuple[str, int]]]:
    """Give a real SMTP listener and where it is."""
    handler = Listener()

    async def listen() -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(
            lambda: SMTP(handler, enable_SMTPUTF8=True), "127.0.0.1", 0
        )

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
    yield handler, server.sockets[0].getsockname()
    loop.call_soon_threadsafe(server.close)


def keep(inbox: Path, *, name: str = NAME, **fields: str) -> None:
    """Keep one mail in the inbox."""
    mail = EmailMessage()
    mail["From"] = "Signoff <signoff@localhost>"
    mail["To"] = "approver@localhost"
    mail["Subject"] = fields.get("subject", "Deploy <b>4.2</b>")
    mail["Message-ID"] = f"<{name}@localhost>"
    if reply_to := fields.get("reply_to", "approve+key@localhost"):
        mail["Reply-To"] = reply_to
    mail.set_content("Please decide.\n<script>alert(1)</script>\n")
    mail.add_alternative(PAGE, subtype="html")
    kept = KeptMail(
        name=name,
        envelope_from="bounce+key@localhost",
        recipient="approver@localhost",
        at=START,
        content=mail.as_bytes(),
    )
    keep_message(inbox, kept)


def test_an_empty_inbox_says_how_to_begin(scene: Scene) -> None:
    """It shows the curl line, and the bare address leads to it."""
    assert scene.client.get("/").headers["Location"] == "inbox"
    assert "curl -X POST" in scene.client.get("/inbox").text


def test_the_list_escapes_subjects(scene: Scene, inbox: Path) -> None:
    """Each mail is a link to its page."""
    keep(inbox)
    page = scene.client.get("/inbox").text
    assert f'href="inbox/{NAME}"' in page
    assert "Deploy &lt;b&gt;4.2&lt;/b&gt;" in page


def test_a_mail_is_shown_without_being_run(scene: Scene, inbox: Path) -> None:
    """The text is escaped, the HTML is in a frame, the ready answers are there."""
    keep(inbox)
    page = scene.client.get(f"/inbox/{NAME}").text
    assert "<script" not in page
    assert f'src="{NAME}/html" sandbox="allow-popups' in page
    assert "Just send “APPROVE”" in page
    assert 'value="approver@localhost"' in page


def test_the_frame_is_sandboxed(scene: Scene, inbox: Path) -> None:
    """Opened by itself it cannot run anything either; links open beside it."""
    keep(inbox)
    page = scene.client.get(f"/inbox/{NAME}/html")
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups")
    assert "allow-scripts" not in policy
    assert '<head><base target="_blank">' in page.text


@pytest.mark.parametrize(
    "name", ["b" * 43, "x", "..%2f..%2fsecret-keys", "A" * 43], ids=str
)
def test_mails_that_are_not_there(scene: Scene, name: str) -> None:
    """No name leads out of the inbox."""
    assert scene.client.get(f"/inbox/{name}").status_code == 404


def reply(scene: Scene, place: tuple[str, int], **form: str) -> Any:
    """Send the reply form."""
    fields = {"from": "approver@localhost", "text": "APPROVE", **form}
    client = with_face(scene, mail_gateway=place)
    return client.post(f"/inbox/{NAME}", data=fields)


def test_a_reply_is_real_mail(scene: Scene, inbox: Path, listener: Any) -> None:
    """It goes to Reply-To, is threaded, and quotes the original below."""
    handler, place = listener
    keep(inbox)
    page = reply(scene, place)
    (envelope,) = handler.envelopes
    mail = message_from_bytes(envelope.content, policy=policy.default)
    assert "The mail gateway said: 250 2.0.0 kept" in page.text
    assert envelope.mail_from == "approver@localhost"
    assert envelope.rcpt_tos == ["approve+key@localhost"]
    assert mail["In-Reply-To"] == mail["References"] == f"<{NAME}@localhost>"
    assert mail["Subject"] == "Re: Deploy <b>4.2</b>"
    text = mail.get_content()
    assert text.startswith("APPROVE\n\nOn ")
    assert "> Please decide." in text


def test_one_tap_sends_a_ready_answer(scene: Scene, inbox: Path, listener: Any) -> None:
    """The button's word goes out in place of what is in the box."""
    handler, place = listener
    keep(inbox)
    reply(scene, place, answer="REJECT", text="half a thought")
    assert handler.envelopes[0].content.count(b"REJECT") == 1
    assert b"half a thought" not in handler.envelopes[0].content


def test_a_stranger_can_be_played(scene: Scene, inbox: Path, listener: Any) -> None:
    """From is what was typed, also beyond ASCII."""
    handler, place = listener
    keep(inbox)
    reply(scene, place, **{"from": "Jürgen <jürgen@example.com>"})
    assert handler.envelopes[0].mail_from == "jürgen@example.com"


@pytest.mark.parametrize(
    ("answer", "tone"),
    [("451 4.3.0 later", "neutral"), ("550 5.7.1 no", "negative")],
    ids=["later", "never"],
)
def test_refusals_are_shown(
    scene: Scene, inbox: Path, listener: Any, answer: str, tone: str
) -> None:
    """The SMTP reply stands on the page, and the text stays in the box."""
    handler, place = listener
    handler.reply = answer
    keep(inbox)
    page = reply(scene, place).text
    assert f'class="alert {tone}" role="status">The mail gateway said: {answer}' in page
    assert "APPROVE</textarea>" in page


def test_a_refused_recipient_is_shown(scene: Scene, inbox: Path, listener: Any) -> None:
    """The first refusal of the transaction is what is told."""
    keep(inbox, reply_to="forged@localhost")
    assert "550 5.1.1 no such address" in reply(scene, listener[1]).text


def test_without_the_mail_gateway(scene: Scene, inbox: Path) -> None:
    """The page says where it was looked for."""
    keep(inbox)
    page = reply(scene, ("127.0.0.1", 1))
    assert page.status_code == 200
    assert "no answer of the mail gateway at 127.0.0.1:1" in page.text


@pytest.mark.parametrize(
    "sender", ["", "nobody", "a@b\r\nBcc: c@d", "<script>@x"], ids=repr
)
def test_senders_that_are_none(scene: Scene, inbox: Path, sender: str) -> None:
    """Nothing is sent, and the page says why."""
    keep(inbox)
    page = reply(scene, ("127.0.0.1", 1), **{"from": sender})
    assert page.status_code == 400
    assert "not sent" in page.text
    assert "<script" not in page.text


def test_a_foreign_page_cannot_reply(scene: Scene, inbox: Path, listener: Any) -> None:
    """A form of another site, or one without an origin, sends nothing."""
    handler, place = listener
    keep(inbox)
    client = with_face(scene, mail_gateway=place)
    for origin in ("https://evil.example", "null", "http://localhost:3000"):
        headers = {"Origin": origin, "Host": "localhost:5001"}
        answer = client.post(f"/inbox/{NAME}", data={"from": "a@b"}, headers=headers)
        assert answer.status_code == 403
    assert handler.envelopes == []


def test_our_own_page_can_reply(scene: Scene, inbox: Path, listener: Any) -> None:
    """Its pages let the browser name their origin."""
    keep(inbox)
    client = with_face(scene, mail_gateway=listener[1])
    shown = client.get(f"/inbox/{NAME}")
    assert shown.headers["Referrer-Policy"] == "same-origin"
    headers = {"Origin": "http://localhost:5001", "Host": "localhost:5001"}
    form = {"from": "a@example.com", "text": "x"}
    answer = client.post(f"/inbox/{NAME}", data=form, headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/", "/inbox", f"/inbox/{NAME}"])
def test_without_an_inbox(scene: Scene, path: str) -> None:
    """Where mail goes out for real there is nothing of it."""
    assert with_face(scene, inbox=None).get(path).status_code == 404


def test_a_mail_that_asks_for_no_reply(scene: Scene, inbox: Path) -> None:
    """It has no box, and a form sent anyway goes nowhere."""
    keep(inbox, reply_to="")
    assert "asks for no reply" in scene.client.get(f"/inbox/{NAME}").text
    assert reply(scene, ("127.0.0.1", 1)).status_code == 400
