"""The SMTP listener, on a real socket."""

import asyncio
import threading
from pathlib import Path

import aiosmtplib
import pytest

from services.mail_gateway import handler, session
from services.mail_gateway.content import Room

from .stage import BOUNCE_TO, REPLY_TO, Stage, mail, set_up

POSTMASTER = "postmaster@reply.example.com"
FORGED = REPLY_TO.replace("@", "a@")


async def test_the_greeting_names_no_version(stage: Stage) -> None:
    """Nobody learns from it which holes to try."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    assert await reader.readline() == b"220 reply.example.com ESMTP Signoff\r\n"
    writer.close()
    await writer.wait_closed()


async def test_what_is_offered(stage: Stage) -> None:
    """Size, 8-bit and UTF-8 are; logging in is not."""
    client = await stage.connect()
    offered = await client.say("EHLO client.example.com")
    assert "SIZE 10485760" in offered
    assert "8BITMIME" in offered
    assert "SMTPUTF8" in offered
    assert "AUTH" not in offered


@pytest.mark.parametrize(
    ("recipients", "code"),
    [
        pytest.param((REPLY_TO,), "250", id="reply"),
        pytest.param((REPLY_TO.upper(),), "250", id="reply-in-capitals"),
        pytest.param((BOUNCE_TO,), "250", id="bounce"),
        pytest.param((POSTMASTER,), "250", id="postmaster"),
        pytest.param(("postmaster",), "250", id="bare-postmaster"),
        pytest.param((FORGED,), "550 5.1.1", id="forged"),
        pytest.param(("nobody@reply.example.com",), "550 5.1.1", id="nobody"),
        pytest.param((REPLY_TO.replace("+a", "+b"),), "451 4.3.5", id="other-secret"),
        pytest.param(("ada@example.com",), "550 5.7.1", id="relaying"),
        pytest.param((REPLY_TO, BOUNCE_TO), "452 4.5.3", id="two-keyed"),
        pytest.param((REPLY_TO, REPLY_TO), "250", id="the-same-twice"),
        pytest.param((REPLY_TO, POSTMASTER), "250", id="postmaster-rides-along"),
        pytest.param((POSTMASTER, REPLY_TO), "250", id="or-goes-first"),
        pytest.param((FORGED, REPLY_TO), "250", id="after-a-refusal"),
        pytest.param(("approve+\udcff@reply.example.com",), "550", id="not-utf-8"),
    ],
)
async def test_recipients(stage: Stage, recipients: tuple[str, ...], code: str) -> None:
    """RCPT is answered by the address alone."""
    client = await stage.connect()
    assert (await client.open_to(*recipients)).startswith(code)


@pytest.mark.parametrize(
    "sender",
    ["", "SRS0=ab=cd=example.net=x@fwd.example.org", "a..b.@example.jp", "ö@ex.com"],
)
async def test_any_envelope_sender_will_do(stage: Stage, sender: str) -> None:
    """It is rewritten on the way, so it proves nothing and is not looked at."""
    client = await stage.connect()
    assert (await client.open_to(REPLY_TO, sender=sender)).startswith("250")


async def test_a_refused_second_recipient_does_not_harm_the_first(
    stage: Stage,
) -> None:
    """The message decides for the recipient that was accepted."""
    client = await stage.connect()
    await client.open_to(REPLY_TO, BOUNCE_TO)
    assert (await client.send(mail("approve"))).startswith("250")
    assert (await stage.held())["choice"] == "approve"


async def test_two_messages_over_one_connection(stage: Stage) -> None:
    """The recipients of the first are not those of the second."""
    client = await stage.connect()
    await client.open_to(POSTMASTER)
    await client.send(mail("hello"))
    assert (await client.open_to(REPLY_TO)).startswith("250")
    assert (await client.send(mail("approve"))).startswith("250")
    assert len(list(stage.postbox.directory.iterdir())) == 1


@pytest.mark.parametrize(
    ("commands", "code"),
    [
        pytest.param(("DATA",), "503", id="data-without-recipient"),
        pytest.param(("MAIL FROM:<a@b.c>", 'RCPT TO:<"'), "553", id="open-quote"),
        pytest.param(("VRFY ada",), "252 2.5.0", id="vrfy"),
        pytest.param(("EXPN staff",), "502", id="expn"),
        pytest.param(("AUTH PLAIN AAAA",), "5", id="auth"),
        pytest.param(("MAIL FROM:<a@b.c> SIZE=10485761",), "552", id="size"),
        pytest.param(("NOOP " + "x" * 3000,), "500", id="long-command"),
        pytest.param(("NOOP " + "x" * 300_000,), "500", id="very-long-command"),
        pytest.param(("FROBNICATE",), "500", id="unknown-command"),
        pytest.param(("MAIL FROM:<a@b.c> SMTPUTF8 BODY=8BITMIME",), "250", id="utf8"),
    ],
)
async def test_commands(stage: Stage, commands: tuple[str, ...], code: str) -> None:
    """What else is said gets its reply."""
    client = await stage.connect()
    assert (await client.say(*commands)).startswith(code)


async def test_data_without_helo_is_refused(stage: Stage) -> None:
    """The order of RFC 5321 is kept."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    writer.write(b"DATA\r\n")
    await reader.readline()
    assert (await reader.readline()).startswith(b"503")
    writer.close()
    await writer.wait_closed()


async def test_a_message_over_the_limit_is_refused(stage: Stage) -> None:
    """It is 552, for good, and the connection goes on."""
    client = await stage.connect()
    await client.open_to(REPLY_TO)
    much = b"x" * 78 + b"\r\n"
    reply = await client.send(mail("approve") + much * (session.MAX_MESSAGE // 80))
    assert reply.startswith("552 5.3.4")
    assert await stage.held() is None
    assert (await client.open_to(REPLY_TO)).startswith("250")


@pytest.mark.parametrize("length", [999, 70_000, 2_000_000])
async def test_a_long_line_is_accepted(stage: Stage, length: int) -> None:
    """Mail programs write lines that RFC 5322 forbids."""
    long = b"\r\n\r\n> " + b"x" * length
    assert (await stage.deliver(mail("approve") + long)).startswith("250")
    assert (await stage.held())["choice"] == "approve"


async def test_a_line_without_end_is_not_held(stage: Stage) -> None:
    """Octets over the limit are dropped as they come."""
    client = await stage.connect()
    await client.open_to(REPLY_TO)
    await client.say("DATA")
    for _ in range(12):
        await client.write(b"x" * 1024 * 1024)
    assert (await client.finish()).startswith("552")


async def test_too_much_at_once_is_put_off(stage: Stage) -> None:
    """All messages that are arriving share one room."""
    stage.floor.room = Room(100)
    assert (await stage.deliver(mail("approve"))).startswith("452 4.3.1")
    stage.floor.room = Room(len(mail("approve")) + 10)
    for _ in range(3):
        assert (await stage.deliver(mail("approve"))).startswith("250")


async def test_a_client_library_can_send_in_utf8(stage: Stage) -> None:
    """Addresses and header may be in UTF-8, with SMTPUTF8."""
    raw = mail("approve").replace(b"To: Signoff", "To: Prüfung".encode())
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=stage.port, start_tls=False)
    async with client:
        _, said = await client.sendmail(
            "jörg@exämple.de", [REPLY_TO], raw, mail_options=["SMTPUTF8"]
        )
    assert said.startswith("2.0.0")
    assert (await stage.held())["choice"] == "approve"


async def test_over_the_most_connections_it_is_421(stage: Stage) -> None:
    """Who comes when all places are taken is told to come again."""
    stage.floor.most_sessions = 1
    await stage.connect()
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    assert (await reader.readline()).startswith(b"421 4.3.2")
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()


async def test_an_exception_in_a_command_is_a_451(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its text is in the log and not in the reply."""

    def fail(_address: str) -> None:
        raise RuntimeError("the secret text")

    monkeypatch.setattr(stage.floor, "route", fail)
    client = await stage.connect()
    reply = await client.open_to(REPLY_TO)
    assert reply.startswith("451 4.3.0")
    assert "reference" in reply
    assert "secret" not in reply


async def test_a_stop_ends_idle_connections(tmp_path: Path) -> None:
    """They are told that it is not their fault."""
    async with set_up(tmp_path) as stage:
        client = await stage.connect()
        listening = stage.clients.copy()
        stage.clients.clear()
    assert (await client.hear()).startswith("421 4.3.2")
    for each in listening:
        await each.close()


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Make reading a mail last until the listener stops; it says when it began."""
    began, stopped = threading.Event(), threading.Event()
    read_mail, leave = handler.read_mail, session.Session.leave

    def read_until_the_stop(raw: bytes, *, null_sender: bool) -> object:
        began.set()
        stopped.wait(10)
        return read_mail(raw, null_sender=null_sender)

    def leave_and_tell(which: session.Session) -> None:
        leave(which)
        stopped.set()

    monkeypatch.setattr(handler, "read_mail", read_until_the_stop)
    monkeypatch.setattr(session.Session, "leave", leave_and_tell)
    return began


async def begin_message(stage: Stage, reading: threading.Event) -> asyncio.Task[str]:
    """Send a mail and return once it is being read."""
    client = await stage.connect()
    await client.open_to(REPLY_TO)
    sending = asyncio.create_task(client.send(mail("approve")))
    await asyncio.to_thread(reading.wait, 10)
    return sending


async def test_a_stop_waits_for_the_message_under_way(
    tmp_path: Path, reading: threading.Event
) -> None:
    """Its sender gets the answer, and only then the connection ends."""
    async with set_up(tmp_path) as stage:
        sending = await begin_message(stage, reading)
        (client,) = stage.clients
        stage.clients.clear()
    assert (await sending).startswith("250")
    assert (await client.hear()).startswith("421")
    assert (await stage.held())["choice"] == "approve"
    await client.close()


async def test_a_stop_does_not_wait_for_ever(
    tmp_path: Path, reading: threading.Event
) -> None:
    """What takes too long gets no answer, so that its sender tries again."""
    async with set_up(tmp_path, patience=0.0) as stage:
        sending = await begin_message(stage, reading)
        (client,) = stage.clients
        stage.clients.clear()
    (reply,) = await asyncio.gather(sending, return_exceptions=True)
    assert reply == "" or isinstance(reply, ConnectionError)
    assert await stage.held() is None
    await client.close()
