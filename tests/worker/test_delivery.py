"""Delivery: one attempt at a real SMTP server, or at one that misbehaves."""

import asyncio
import base64
import shutil
import socket
import ssl
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.worker.compose import ComposedMail, compose
from services.worker.delivery import InboxMailer, Limits, SmtpMailer
from signoff.domain.delivery import Attempt
from signoff.domain.request import Approver
from signoff.inbox import list_messages
from signoff.settings import SmtpUrl
from tests.worker.messages import SENDER, invitation, part
from tests.worker.smtp_servers import open_postbox, open_script

AT = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)
MAIL = compose(invitation(), SENDER)
SHORT = Limits(connect=0.2, total=0.3, goodbye=0.2)
PASSWORD = "right horse"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        """Say what it was set to."""
        return self.now


def _mailer(port: int, **changes: Any) -> SmtpMailer:
    limits = changes.pop("limits", Limits())
    context = changes.pop("tls_context", None)
    url = SmtpUrl("127.0.0.1", port, **changes)
    return SmtpMailer(url, Clock(), limits=limits, tls_context=context)


async def _attempt(answers: dict[str, str]) -> Attempt:
    async with open_postbox(answers) as postbox:
        return await _mailer(postbox.port).send(MAIL, AT)


async def test_a_mail_arrives_as_it_was_composed() -> None:
    """The envelope and every byte are what `compose` made."""
    async with open_postbox() as postbox:
        attempt = await _mailer(postbox.port).send(MAIL, AT)
    (envelope,) = postbox.mails
    assert attempt == Attempt("sent", "250 OK queued", AT)
    assert envelope.content == MAIL.content
    assert (envelope.mail_from, envelope.rcpt_tos) == (
        MAIL.envelope_from,
        [MAIL.recipient],
    )


async def test_a_line_that_begins_with_a_dot_survives() -> None:
    """RFC 5321 §4.5.2: dots are stuffed and taken out again."""
    mail = compose(invitation(body=".\n..\n.a"), SENDER)
    async with open_postbox() as postbox:
        await _mailer(postbox.port).send(mail, AT)
    assert postbox.mails[0].content == mail.content
    assert "\n.\n..\n.a\n" in part(invitation(body=".\n..\n.a"), "plain")


@pytest.mark.parametrize(
    ("stage", "answer", "status"),
    [
        ("MAIL", "451 4.3.0 later", "deferred"),
        ("MAIL", "550 5.7.1 no such sender", "deferred"),
        ("MAIL", "552 5.3.4 too large", "refused"),
        ("RCPT", "450 4.2.1 greylisted", "deferred"),
        ("RCPT", "550 5.1.1 no such user", "refused"),
        ("RCPT", "553 5.1.3 bad address", "refused"),
        ("RCPT", "554 5.7.1 Relay access denied", "deferred"),
        ("RCPT", "530 5.7.0 Authentication required", "deferred"),
        ("DATA", "452 4.3.1 disk full", "deferred"),
        ("DATA", "421 4.3.2 shutting down", "deferred"),
        ("DATA", "554 5.6.0 content refused", "refused"),
    ],
    ids=lambda value: value[:3] if value[:1].isdigit() else value,
)
async def test_an_answer_decides_whether_to_try_again(
    stage: str, answer: str, status: str
) -> None:
    """4xx and what is about us: again; 5xx about recipient or mail: never."""
    attempt = await _attempt({stage: answer})
    assert (attempt.status, attempt.detail, attempt.at) == (status, answer, AT)


@pytest.mark.parametrize(
    ("script", "detail"),
    [
        (["554 no service"], "554 no service"),
        (["421 busy"], "421 busy"),
        (["220 hi", "550 bad EHLO", "550 bad HELO"], "550 bad HELO"),
        (["220 hi", "250 mx", "close"], "hung up"),
        (["close"], "EOF"),
        (["gibberish"], "gibberish"),
        ([], "did not answer in time"),
        (["220 hi"], "did not answer in time"),
        (["220 hi", "250 mx", "250 OK", "250 OK"], "did not answer in time"),
        (["220 hi", "250 mx", "250 OK", "250 OK", "354 go"], "did not answer in time"),
    ],
    ids=lambda value: "|".join(value) or "silence" if isinstance(value, list) else "",
)
async def test_a_server_that_cannot_be_used_defers(
    script: list[str], detail: str
) -> None:
    """It is about the server, so the mail waits."""
    async with open_script(*script) as server:
        attempt = await _mailer(server.port, limits=SHORT).send(MAIL, AT)
    assert attempt.status == "deferred"
    assert detail in attempt.detail


async def test_a_goodbye_that_never_comes_leaves_the_mail_sent() -> None:
    """Once the server has taken the mail, nothing that follows matters."""
    script = ["220 hi", "250 mx", "250 OK", "250 OK", "354 go", "250 queued"]
    async with open_script(*script) as server:
        attempt = await _mailer(server.port, limits=SHORT).send(MAIL, AT)
    assert attempt == Attempt("sent", "250 queued", AT)


async def test_nobody_listening_defers() -> None:
    """A refused connection is no reason to give a mail up."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        attempt = await _mailer(unused.getsockname()[1]).send(MAIL, AT)
    assert attempt.status == "deferred"


async def test_an_unknown_host_defers() -> None:
    """Names may be unknown for a while."""
    mailer = SmtpMailer(SmtpUrl("mx.invalid", 25), Clock())
    assert (await mailer.send(MAIL, AT)).status == "deferred"


async def test_three_outages_in_a_row_open_the_breaker() -> None:
    """A black hole is not asked again by every mail; each is told why."""
    async with open_script("554 no service") as server:
        mailer = _mailer(server.port)
        attempts = [await mailer.send(MAIL, AT) for _ in range(5)]
    assert server.connections == 3
    assert {attempt.status for attempt in attempts} == {"deferred"}
    assert attempts[4].detail == "554 no service (not tried again for 5 s)"


async def test_after_the_pause_one_probe_closes_the_breaker() -> None:
    """A server that is back gets all mail at once again."""
    clock = Clock()
    async with open_postbox() as postbox, open_script("554 no") as server:
        url = SmtpUrl("127.0.0.1", server.port)
        mailer = SmtpMailer(url, clock)
        await asyncio.gather(*[mailer.send(MAIL, AT) for _ in range(3)])
        mailer._url = replace(url, port=postbox.port)
        clock.now += timedelta(seconds=5)
        attempts = [await mailer.send(MAIL, AT) for _ in range(2)]
    assert [attempt.status for attempt in attempts] == ["sent", "sent"]


async def test_a_refused_recipient_is_no_outage() -> None:
    """A server that answers is there, however often it says no."""
    async with open_postbox({"RCPT": "550 5.1.1 no"}) as postbox:
        mailer = _mailer(postbox.port)
        attempts = [await mailer.send(MAIL, AT) for _ in range(5)]
    assert {attempt.detail for attempt in attempts} == {"550 5.1.1 no"}


async def test_it_logs_in_where_a_user_is_given() -> None:
    """User and password of the URL reach the server."""
    async with open_postbox(auth_require_tls=False) as postbox:
        mailer = _mailer(postbox.port, username="desk", password=PASSWORD)
        attempt = await mailer.send(MAIL, AT)
    assert (attempt.status, postbox.logins) == ("sent", ["desk"])


async def test_a_wrong_password_defers() -> None:
    """It is our setting that is wrong, not the recipient."""
    async with open_postbox(auth_require_tls=False) as postbox:
        mailer = _mailer(postbox.port, username="desk", password="wrong pony")
        attempt = await mailer.send(MAIL, AT)
    assert (attempt.status, attempt.detail[:3]) == ("deferred", "535")
    assert not postbox.mails


async def test_a_server_without_login_defers() -> None:
    """A password is never sent to a server that does not ask for one."""
    async with open_script("220 hi", "250 mx") as server:
        mailer = _mailer(server.port, username="desk", password=PASSWORD)
        attempt = await mailer.send(MAIL, AT)
    assert attempt.status == "deferred"
    assert not any("AUTH" in line for line in server.heard)


async def test_what_a_server_repeats_is_not_told_on() -> None:
    """Password, login and keyed addresses are blanked in its words."""
    login = base64.b64encode(f"\0desk\0{PASSWORD}".encode()).decode()
    refusal = f"535 bad {login} {PASSWORD} {MAIL.envelope_from}\a{'no ' * 99}"
    async with open_script("220 hi", "250-mx\r\n250 AUTH PLAIN", refusal) as server:
        mailer = _mailer(server.port, username="desk", password=PASSWORD)
        detail = (await mailer.send(MAIL, AT)).detail
    assert detail.startswith("535 bad … … bounce+…@reply.example.com no no")
    assert (len(detail), detail.isprintable()) == (200, True)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed: nothing to make a certificate with")
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    curve = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1"
    extra = "-nodes -days 2 -subj /CN=mx -addext subjectAltName=IP:127.0.0.1"
    command = [openssl, *f"req -x509 {curve} {extra}".split()]
    subprocess.run(  # noqa: S603 (constant arguments)
        [*command, "-keyout", path, "-out", path.with_suffix(".crt")],
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    """What the server shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_starttls_secures_the_mail(
    server_tls: ssl.SSLContext, certificate: Path
) -> None:
    """``smtp+starttls://``: nothing but EHLO goes before TLS."""
    trusting = ssl.create_default_context(cafile=str(certificate))
    async with open_postbox(tls_context=server_tls, require_starttls=True) as postbox:
        mailer = _mailer(postbox.port, tls="starttls", tls_context=trusting)
        attempt = await mailer.send(MAIL, AT)
    assert attempt.status == "sent"


async def test_implicit_tls_secures_the_mail(
    server_tls: ssl.SSLContext, certificate: Path
) -> None:
    """``smtps://``: TLS from the first octet."""
    trusting = ssl.create_default_context(cafile=str(certificate))
    async with open_postbox(tls=server_tls) as postbox:
        mailer = _mailer(postbox.port, tls="implicit", tls_context=trusting)
        attempt = await mailer.send(MAIL, AT)
    assert attempt.status == "sent"


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_a_certificate_that_nobody_vouches_for_defers(
    server_tls: ssl.SSLContext, tls: str
) -> None:
    """The mail waits rather than go to a stranger."""
    name = "tls" if tls == "implicit" else "tls_context"
    options: dict[str, Any] = {name: server_tls}
    async with open_postbox(**options) as postbox:
        attempt = await _mailer(postbox.port, tls=tls).send(MAIL, AT)
    assert attempt.status == "deferred"
    assert "certificate verify failed" in attempt.detail
    assert not postbox.mails


async def test_a_server_without_starttls_gets_no_mail() -> None:
    """It is never sent in the clear where TLS was asked for."""
    async with open_postbox() as postbox:
        attempt = await _mailer(postbox.port, tls="starttls").send(MAIL, AT)
    assert attempt.status == "deferred"
    assert not postbox.mails


def _to_jorg() -> ComposedMail:
    message = invitation()
    return compose(replace(message, to=Approver("jörg@example.com")), SENDER)


async def test_an_address_beyond_ascii_takes_smtputf8() -> None:
    """RFC 6531: MAIL FROM says so, and the address arrives as it is written."""
    async with open_postbox(enable_SMTPUTF8=True) as postbox:
        attempt = await _mailer(postbox.port).send(_to_jorg(), AT)
    (envelope,) = postbox.mails
    assert attempt.status == "sent"
    assert envelope.rcpt_tos == ["jörg@example.com"]
    assert "SMTPUTF8" in envelope.mail_options


async def test_a_server_without_smtputf8_refuses_such_an_address() -> None:
    """It will not learn it in five days: the seat is unreachable at once."""
    async with open_postbox() as postbox:
        attempt = await _mailer(postbox.port).send(_to_jorg(), AT)
    assert attempt.status == "refused"
    assert "SMTPUTF8" in attempt.detail


async def test_the_inbox_keeps_what_would_have_gone_out(tmp_path: Path) -> None:
    """The same mail again is the same file, as old as it was."""
    clock = Clock()
    mailer = InboxMailer(tmp_path / "inbox", clock)
    assert (await mailer.send(MAIL, AT)).status == "sent"
    clock.now += timedelta(hours=1)
    await mailer.send(MAIL, AT)
    (kept,) = list_messages(tmp_path / "inbox")
    assert (kept.content, kept.recipient, kept.at) == (MAIL.content, MAIL.recipient, AT)
    assert f"Message-ID: <{kept.name}@".encode() in MAIL.content


async def test_an_inbox_that_cannot_be_written_defers(tmp_path: Path) -> None:
    """A full disk is no reason to give a mail up."""
    (tmp_path / "inbox").write_text("a file, not a folder")
    attempt = await InboxMailer(tmp_path / "inbox", Clock()).send(MAIL, AT)
    assert attempt.status == "deferred"
