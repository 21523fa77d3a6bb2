"""What becomes of a mail, from its content to the engine."""

import asyncio
import io
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from services.mail_gateway import handler
from services.mail_gateway.handler import MOST_READ, Limits
from services.mail_gateway.postbox import Postbox
from services.mail_gateway.routing import Postmaster, Reply
from signoff.approvals import Kept, respond
from signoff.domain.invitation import Summary, invitation_promise, summary_to_json
from signoff.domain.keys import Purpose
from signoff.domain.response import Response
from signoff.logs import configure_logs

from .stage import (
    BOUNCE_TO,
    DEADLINE,
    INVITATION,
    REPLY_TO,
    START,
    VERDICT_TO,
    Stage,
    address,
    mail,
    set_up,
)

POSTMASTER = "postmaster@reply.example.com"
LATER = timedelta(days=8)


@pytest.fixture
def log_stream() -> Iterator[io.StringIO]:
    """Log as a process does, into memory."""
    root, mail_log = logging.getLogger(), logging.getLogger("mail.log")
    before = root.handlers.copy(), root.level, mail_log.level
    stream = io.StringIO()
    configure_logs("mail-gateway", stream=stream)
    yield stream
    root.handlers[:], root.level, mail_log.level = before
    structlog.reset_defaults()


async def click(stage: Stage, choice: str = "reject") -> None:
    """Answer by the link instead."""
    response = Response(
        response_id="clicked",
        invitation=INVITATION.id,
        approver=INVITATION.approver.address,
        choice=choice,
        comment="",
        channel="link",
        at=START,
    )
    assert isinstance(await respond(stage.engine, INVITATION, response), Kept)


async def conclude(stage: Stage) -> None:
    """Let the workflow end the approval."""
    summary = Summary("withdrawn", False, "withdrawn", START, ())
    promise = invitation_promise(INVITATION.id)
    await stage.engine.settle(promise, summary_to_json(summary))


@pytest.mark.parametrize(
    ("name", "choice", "comment"),
    [
        pytest.param("approve", "approve", "Please tell the night shift.", id="yes"),
        pytest.param("reject", "reject", "Not before Monday.", id="no"),
    ],
)
async def test_a_clear_reply_decides(
    stage: Stage, name: str, choice: str, comment: str
) -> None:
    """Choice, comment and evidence are kept before the 250 is said."""
    assert (await stage.deliver(mail(name))).startswith("250")
    held = await stage.held()
    assert (held["choice"], held["comment"]) == (choice, comment)
    assert held["evidence"]["from"].lower() == "ada@example.com"
    assert held["channel"] == "reply"
    assert await stage.notices() == []
    assert stage.counted("human", "decided") == 1


@pytest.mark.parametrize("name", ["approve", "no_message_id"])
async def test_the_same_mail_again_is_success_again(stage: Stage, name: str) -> None:
    """A sender that lost our 250 gets it at the next try, and no notice."""
    assert (await stage.deliver(mail(name))).startswith("250")
    assert (await stage.deliver(mail(name))).startswith("250")
    assert await stage.notices() == []


@pytest.mark.parametrize("behind", [timedelta(0), LATER], ids=["same-clock", "behind"])
async def test_a_repeat_past_the_deadline_is_success_again(
    stage: Stage, behind: timedelta
) -> None:
    """What was kept in time stays kept, whatever the engine's clock says."""
    await stage.deliver(mail("approve"))
    stage.clock.now = START + LATER
    stage.engine_clock.now = stage.clock.now - behind
    assert (await stage.deliver(mail("approve"))).startswith("250")
    assert await stage.notices() == []


async def test_a_repeat_after_the_end_is_success_again(stage: Stage) -> None:
    """The decision may be there before the sender tries again."""
    await stage.deliver(mail("approve"))
    await conclude(stage)
    assert (await stage.deliver(mail("approve"))).startswith("250")
    assert await stage.notices() == []


@pytest.mark.parametrize(
    ("name", "why", "reason"),
    [
        pytest.param("unclear", "unclear", "no_match", id="unclear"),
        pytest.param("stranger", "not_approver", "", id="somebody-else"),
        pytest.param("two_authors", "not_approver", "", id="two-authors"),
        pytest.param("no_author", "not_approver", "", id="no-author"),
    ],
)
async def test_a_reply_that_does_not_decide_leads_to_one_notice(
    stage: Stage, name: str, why: str, reason: str
) -> None:
    """However often it is sent, the approver of record is told once."""
    for _ in range(2):
        assert (await stage.deliver(mail(name))).startswith("250")
    (notice,) = await stage.notices()
    assert (notice["why"], notice["reason"]) == (why, reason)
    assert notice["invitation"] == INVITATION.id
    assert await stage.held() is None


@pytest.mark.parametrize("name", ["approve", "unclear"])
async def test_a_reply_after_another_answer_is_late(stage: Stage, name: str) -> None:
    """The first answer stands; which words work is of no use any more."""
    await click(stage)
    assert (await stage.deliver(mail(name))).startswith("250")
    (notice,) = await stage.notices()
    assert notice["why"] == "late"
    assert (await stage.held())["choice"] == "reject"


@pytest.mark.parametrize("name", ["approve", "unclear"])
async def test_a_reply_after_the_end_is_late(stage: Stage, name: str) -> None:
    """An approval that ended without this approver tells how."""
    await stage.engine.settle(INVITATION.response_promise, {"kind": "closed"})
    await conclude(stage)
    assert (await stage.deliver(mail(name))).startswith("250")
    (notice,) = await stage.notices()
    assert notice["why"] == "late"


@pytest.mark.parametrize(
    ("ours", "engine"),
    [
        pytest.param(LATER, LATER, id="both-clocks-past"),
        pytest.param(LATER, timedelta(0), id="engine-behind"),
        pytest.param(timedelta(0), DEADLINE - START, id="gateway-behind"),
        pytest.param(DEADLINE - START, timedelta(0), id="at-the-deadline"),
    ],
)
async def test_a_reply_past_the_deadline_is_late(
    stage: Stage, ours: timedelta, engine: timedelta
) -> None:
    """It is enough that one of the two clocks says so."""
    stage.clock.now, stage.engine_clock.now = START + ours, START + engine
    assert (await stage.deliver(mail("approve"))).startswith("250")
    (notice,) = await stage.notices()
    assert notice["why"] == "late"
    assert await stage.held() is None


async def test_a_sender_to_be_authenticated_is_asked_to_confirm(tmp_path: Path) -> None:
    """Where From is not believed, a clear reply leads to the link."""
    async with set_up(tmp_path, trust_from=False) as stage:
        assert (await stage.deliver(mail("approve"))).startswith("250")
        (notice,) = await stage.notices()
        assert notice["why"] == "confirm"
        assert await stage.held() is None


@pytest.mark.parametrize(
    ("name", "recipient", "kind"),
    [
        pytest.param("vacation", REPLY_TO, "auto_reply", id="absence"),
        pytest.param("delayed", REPLY_TO, "delayed", id="delayed"),
        # The reply address is no secret: a bounce to it can be written by hand.
        pytest.param("bounce", REPLY_TO, "bounce", id="bounce-to-reply-address"),
        pytest.param("vacation", BOUNCE_TO, "auto_reply", id="absence-to-sender"),
        pytest.param("delayed", BOUNCE_TO, "delayed", id="delayed-to-sender"),
        pytest.param("approve", BOUNCE_TO, "human", id="person-to-sender"),
        pytest.param("bounce", VERDICT_TO, "bounce", id="bounce-of-a-notice"),
        pytest.param("unclear", VERDICT_TO, "human", id="person-to-notice"),
    ],
)
async def test_what_is_only_taken(
    stage: Stage, name: str, recipient: str, kind: str
) -> None:
    """It decides nothing, is never answered, and tells the workflow nothing."""
    assert (await stage.deliver(mail(name), recipient, "")).startswith("250")
    assert await stage.held() is None
    assert await stage.notices() == []
    assert await stage.signalled() is None
    assert stage.counted(kind, "ignored") == 1


async def test_a_bounce_is_told_to_the_workflow(stage: Stage) -> None:
    """Once, however often it is sent, and with the address that failed."""
    for _ in range(2):
        assert (await stage.deliver(mail("bounce"), BOUNCE_TO, "")).startswith("250")
    signalled = await stage.signalled()
    assert signalled["kind"] == "bounce"
    assert signalled["invitation"] == INVITATION.id
    assert "ada@example.com" in signalled["detail"]
    assert stage.counted("bounce", "signalled") == 2


async def test_a_bounce_of_another_address_is_not_told(stage: Stage) -> None:
    """A member of an alias that fails says nothing of the approver."""
    raw = mail("bounce").replace(b"ada@example.com", b"member@example.com")
    assert (await stage.deliver(raw, BOUNCE_TO, "")).startswith("250")
    assert await stage.signalled() is None


async def test_a_person_behind_a_null_sender_decides(stage: Stage) -> None:
    """Some relays take the envelope sender away; it is a sign and not proof."""
    assert (await stage.deliver(mail("approve"), sender="")).startswith("250")
    assert (await stage.held())["choice"] == "approve"


async def test_what_is_no_longer_kept_is_accepted(stage: Stage) -> None:
    """A genuine address of an approval long gone is nobody's mistake."""
    gone = address(Purpose.REPLY, "b" * 26)
    assert (await stage.deliver(mail("approve"), gone)).startswith("250")
    assert await stage.notices() == []
    assert stage.counted("human", "gone") == 1


@pytest.mark.parametrize(
    ("name", "recipient"),
    [("approve", REPLY_TO), ("unclear", REPLY_TO), ("bounce", BOUNCE_TO)],
)
async def test_without_the_engine_the_sender_keeps_the_mail(
    stage: Stage, name: str, recipient: str
) -> None:
    """It is 451 while the engine is away, and kept once when it is back."""
    stage.engine.available = False
    assert (await stage.deliver(mail(name), recipient)).startswith("451 4.3.0")
    stage.engine.available = True
    for _ in range(2):
        assert (await stage.deliver(mail(name), recipient)).startswith("250")
    kept = [await stage.held(), await stage.signalled(), *await stage.notices()]
    assert len([each for each in kept if each]) == 1


async def test_an_engine_that_does_not_answer_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All its calls for one mail together have a limit."""
    limits = Limits(engine=0.05)
    async with set_up(tmp_path, limits=limits) as stage:

        async def hang(_id: str) -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr(stage.engine, "get", hang)
        assert (await stage.deliver(mail("approve"))).startswith("451 4.3.0")
        assert stage.counted("human", "postponed") == 1


async def test_a_mail_that_takes_too_long_to_read_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading has a limit of its own; others are served meanwhile."""
    released = asyncio.Event()
    loop = asyncio.get_running_loop()

    def read_for_ever(_raw: bytes, *, null_sender: bool) -> None:
        assert not null_sender
        asyncio.run_coroutine_threadsafe(released.wait(), loop).result(10)

    monkeypatch.setattr(handler, "read_mail", read_for_ever)
    async with set_up(tmp_path, limits=Limits(reading=0.05)) as stage:
        assert (await stage.deliver(mail("approve"))).startswith("451 4.3.0")
        released.set()


async def test_two_mails_are_read_at_a_time(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others wait for their turn, even when those two have been given up."""
    released, started = threading.Event(), list[bytes]()

    def read_for_ever(raw: bytes, *, null_sender: bool) -> None:
        assert not null_sender
        started.append(raw)
        released.wait(10)

    monkeypatch.setattr(handler, "read_mail", read_for_ever)
    with ThreadPoolExecutor(4) as readers:
        limits = Limits(waiting=0.2, reading=0.05)
        taking = replace(stage.floor.handler, readers=readers, limits=limits)
        mails = (taking.take([Reply(INVITATION.id)], b"") for _ in range(4))
        replies = await asyncio.gather(*mails)
        released.set()
    assert all(reply.startswith("451 4.3.0") for reply in replies)
    assert len(started) == MOST_READ


async def test_the_unforeseen_is_a_451_with_a_reference(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, log_stream: io.StringIO
) -> None:
    """The text of the exception is in the log, beside the reference."""

    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("the secret text")

    monkeypatch.setattr(handler, "judge", fail)
    reply = await stage.deliver(mail("approve"))
    assert reply.startswith("451 4.3.0")
    assert "secret" not in reply
    reference = reply.rpartition(" ")[2].rstrip(")")
    (line,) = [line for line in log_stream.getvalue().splitlines() if reference in line]
    assert "the secret text" in line


async def test_mail_to_the_postmaster_is_kept_in_a_file(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever runs the gateway can read it; the gateway itself does not."""
    monkeypatch.delattr(handler, "read_mail")
    assert (await stage.deliver(mail("hello"), POSTMASTER)).startswith("250")
    (path,) = stage.postbox.directory.iterdir()
    assert b"did not ask for" in path.read_bytes()
    assert stage.counted("unread", "stored") == 1


async def test_a_full_postbox_is_a_452(tmp_path: Path) -> None:
    """It is said at RCPT, where other recipients are not harmed."""
    async with set_up(tmp_path, most_files=0) as stage:
        client = await stage.connect()
        assert (await client.open_to(POSTMASTER)).startswith("452 4.2.2")
        assert (await client.say(f"RCPT TO:<{REPLY_TO}>")).startswith("250")
        assert (await client.send(mail("approve"))).startswith("250")
        assert (await stage.held())["choice"] == "approve"


async def test_an_answer_is_kept_though_the_postbox_is_full(stage: Stage) -> None:
    """Of two recipients, what decides goes first, and a retry changes nothing."""
    taking = replace(stage.floor.handler, postbox=Postbox(stage.postbox.directory, 0))
    routes = [Postmaster(), Reply(INVITATION.id)]
    reply = await taking.take(routes, mail("approve"))
    assert reply.startswith("452")
    assert (await stage.held())["choice"] == "approve"


async def test_many_at_a_time_are_all_answered(stage: Stage) -> None:
    """The same answer over twenty connections is one answer."""
    replies = await asyncio.gather(*(stage.deliver(mail("approve")) for _ in range(20)))
    assert all(reply.startswith("250") for reply in replies)
    assert await stage.notices() == []


@pytest.mark.parametrize("name", ["approve", "bounce", "key_in_author"])
async def test_no_key_is_logged(
    log_stream: io.StringIO, stage: Stage, name: str
) -> None:
    """Neither by us nor by the library below, whatever is said and sent."""
    client = await stage.connect()
    await client.say(f"RCPT\tTO:<{REPLY_TO}>", f"VRFY {REPLY_TO}")
    await client.open_to(REPLY_TO, REPLY_TO.replace("approve+", "approve-"))
    await client.send(mail(name))
    logged = log_stream.getvalue().lower()
    assert INVITATION.id in logged
    assert REPLY_TO.split("@")[0].removeprefix("approve+") not in logged
    assert "amfzwiylumfzwiylumfzwiylumfaaaaaaaaaaaaaaaa" not in logged
