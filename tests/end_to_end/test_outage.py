"""What cannot be reached for a while: the engine, the SMTP server."""

import asyncio
import signal
import smtplib
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from signoff.approvals import WORKFLOW_TAG
from signoff.domain.keys import Purpose
from signoff.durable import connect
from signoff.probe import free_port
from signoff.secret_files import engine_token
from tests.end_to_end.case import Case
from tests.end_to_end.conftest import needs_proc, running
from tests.end_to_end.http_calls import call, post_form
from tests.end_to_end.installation import Installation
from tests.end_to_end.waiting import eventually

#: Seconds after which a gateway gives up on the engine, and what it may add.
_ENGINE_LIMIT, _TOLERANCE = 10.0, 5.0


@needs_proc
@pytest.mark.long
def test_an_engine_that_is_away(inbox: Installation) -> None:
    """503 and 451 after 10 s; when it is back all works, and nothing is lost."""
    case, other = Case(inbox), Case(inbox)
    mail, page = case.ask(), other.ask()
    reply = case.write(mail, "APPROVE")
    inbox.send("engine", signal.SIGSTOP)
    began = time.monotonic()
    with ThreadPoolExecutor(4) as people:
        started = people.submit(Case(inbox).start)
        shown = people.submit(other.open, page)
        asked = people.submit(inbox.document, case.id)
        replied = people.submit(_code_of, case, reply)
        answers = [each.result() for each in (started, shown, asked)]
        assert replied.result() == 451
    took = time.monotonic() - began
    inbox.send("engine", signal.SIGCONT)
    assert [answer.status for answer in answers] == [503, 503, 503]
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
    assert _ENGINE_LIMIT - 1 < took < _ENGINE_LIMIT + _TOLERANCE
    # What the gateway gave up on may have landed: the same again is no news.
    assert _code_of(case, reply) == 250
    assert len(case.decision()["responses"]) == 1
    other.click(page, "approve")
    assert other.decision()["approved"] is True
    assert [each.kind for each in case.mails(2)] == ["invitation", "confirmation"]
    assert set(case.results(mail, 1)) == {"decided"}


class Postbox:
    """An SMTP server that keeps what it takes."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep a mail."""
        content = envelope.original_content or b""
        self.mails += [(recipient, content) for recipient in envelope.rcpt_tos]
        return "250 2.0.0 kept"

    def kinds(self, recipient: str) -> list[str]:
        """Return what kinds of mail came to an address."""
        named = [content for address, content in self.mails if address == recipient]
        return [
            line.partition(b": ")[2].decode()
            for content in named
            for line in content.splitlines()
            if line.startswith(b"X-Signoff-Message: ")
        ]


@contextmanager
def _smtp_server(port: int) -> Generator[Postbox]:
    postbox = Postbox()
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield postbox
    finally:
        controller.stop()


@pytest.mark.long
def test_an_smtp_server_that_is_away(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The document says why, answers count meanwhile, and the mail goes out once."""
    port = free_port()
    url = f"smtp://127.0.0.1:{port}"
    folder = tmp_path_factory.mktemp("deferred")
    with running(Installation(folder, SIGNOFF_SMTP_URL=url)) as installation:
        answered, waiting = Case(installation), Case(installation)
        for case in (answered, waiting):
            case.start()
            waits = case.waiting_for()
            assert waits["delivery"] == "deferred"
            assert "connect" in waits["detail"].lower()
        link = _link(answered)
        assert post_form(call("GET", link), link, choice="approve").status == 200
        assert answered.decision()["approved"] is True
        with _smtp_server(port) as postbox:
            eventually(lambda: postbox.kinds(waiting.approver), why="the invitation")
            eventually(lambda: postbox.kinds(answered.approver), why="a confirmation")
            marker = Case(installation)
            marker.start()
            eventually(lambda: postbox.kinds(marker.approver), why="the marker")
        assert postbox.kinds(waiting.approver) == ["invitation"]
        assert postbox.kinds(answered.approver) == ["confirmation"]
        assert waiting.waiting_for()["delivery"] == "sent"


def _code_of(case: Case, reply: EmailMessage) -> int:
    """Send a reply to the mail gateway; return the code that it was answered with."""
    with case.installation.smtp(gateway=True) as client:
        try:
            client.send_message(reply)
        except smtplib.SMTPDataError as refused:
            return refused.smtp_code
    return 250


def _link(case: Case) -> str:
    """Make the link of a message that never arrived."""
    installation = case.installation
    id_ = asyncio.run(_invitation(installation, case.id))
    key = installation.keyring.mint(Purpose.LINK, id_)
    return f"{installation.url}/respond/{key}"


async def _invitation(installation: Installation, workflow_id: str) -> str:
    settings = installation.settings
    token = engine_token(settings)
    async with connect(settings.engine_url, token, group="signoff") as engine:
        found = await engine.search({WORKFLOW_TAG: workflow_id})
    (id_,) = [each.param["id"] for each in found if each.param["kind"] == "invitation"]
    return id_
