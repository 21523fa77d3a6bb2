"""Kill -9 whatever runs, whenever it hurts: nothing that was taken is lost."""

import os
import signal
import smtplib
import time
from collections.abc import Callable, Generator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from signoff.up import check_port
from tests.end_to_end.case import Case
from tests.end_to_end.conftest import needs_proc
from tests.end_to_end.http_calls import Form
from tests.end_to_end.installation import Installation
from tests.end_to_end.mails import Mail
from tests.end_to_end.proc import runs
from tests.end_to_end.waiting import LIMIT, eventually

pytestmark = needs_proc
#: What a test does to an installation.
type _Deed = Callable[[Installation], None]

_LEASE = 2.0


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[Installation]:
    """One with three workers and a short lease."""
    installation = Installation(
        tmp_path_factory.mktemp("survival"),
        *("--workers", "3", "--workflows", "tests.workflow_modules.gated"),
        SIGNOFF_LEASE=f"{_LEASE:g}s",
    )
    try:
        yield installation
    finally:
        installation.close()


@pytest.fixture
def survivor(shared: Installation) -> Installation:
    """The same, running, whatever an earlier test did to it."""
    if not shared.runs:
        shared.start()
    return shared


@pytest.fixture
def case(survivor: Installation) -> Case:
    """An approval of this test's own."""
    return Case(survivor)


def test_another_worker_goes_on(
    survivor: Installation,
    case: Case,
    tmp_path: Path,
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    """It has the workflow of a killed one within lease + 2 s, and ends it."""
    request = {"folder": str(tmp_path), "approver": case.approver}
    order = {"workflow_id": case.id, "workflow": "gated", "request": request}
    assert survivor.post(order).status == 202
    (first,) = _pids(tmp_path, 1)
    assert first in survivor.pids().values()
    os.kill(first, signal.SIGKILL)
    killed = time.monotonic()
    second = _pids(tmp_path, 2)[1]
    took = time.monotonic() - killed
    record_testsuite_property("seconds until another worker went on", round(took, 2))
    assert second != first
    assert took < _LEASE + 2
    (tmp_path / "go").touch()
    case.click(case.invitation(), "approve")
    assert case.ended()["result"] == "went through, approve"


def _stop_engine(installation: Installation) -> None:
    installation.send("engine", signal.SIGSTOP)


def _kill_engine(installation: Installation) -> None:
    installation.send("engine", signal.SIGKILL)


def _kill_as_it_is_kept(name: str) -> _Deed:
    """Kill a process when the engine has written, and may not have said so yet."""

    def kill(installation: Installation) -> None:
        (wal,) = (installation.folder / "data").glob("*-wal")
        before, until = wal.stat().st_mtime_ns, time.monotonic() + LIMIT
        pid = installation.pids()[name]
        while wal.stat().st_mtime_ns == before:
            assert time.monotonic() < until
        os.kill(pid, signal.SIGKILL)

    return kill


def _leave(installation: Installation) -> None:
    """Do nothing."""


@pytest.mark.parametrize(
    ("before", "during", "after"),
    [
        (_stop_engine, _kill_engine, _leave),
        (_leave, _kill_engine, _leave),
        (_leave, _kill_as_it_is_kept("engine"), _leave),
        (_leave, _kill_as_it_is_kept("mail-gateway"), _leave),
        (_leave, _leave, _kill_engine),
    ],
    ids=[
        "engine stopped, then killed",
        "engine at once",
        "engine as it is kept",
        "gateway as it is kept",
        "engine after the 250",
    ],
)
def test_a_reply_survives(
    case: Case, before: _Deed, during: _Deed, after: _Deed
) -> None:
    """The sender hears 250 when it is kept, and tries again until then."""
    mail = case.ask()
    reply = case.write(mail, "APPROVE")
    before(case.installation)
    heard = [_send(case.installation, reply, during)]
    until = time.monotonic() + LIMIT
    while heard[-1] != 250:
        assert heard[-1] in {451, 0}
        assert time.monotonic() < until
        heard.append(_send(case.installation, reply, _leave))
    after(case.installation)
    _see_that_it_counted_once(case, mail)


def test_everything_is_killed(survivor: Installation) -> None:
    """All that was pending still waits, and click and reply decide it."""
    cases = [Case(survivor) for _ in range(5)]
    asked = [(case, case.ask()) for case in cases]
    survivor.kill_everything()
    survivor.start()
    for case, mail in asked:
        waits = case.waiting_for()
        assert (waits["approver"], waits["delivery"]) == (case.approver, "sent")
        assert Form(case.open(mail).text).choices == ["approve", "reject"]
    for case, mail in asked[:2]:
        case.click(mail, "approve")
    for case, mail in asked[2:]:
        case.reply(mail, "APPROVE")
    assert all(case.decision()["approved"] for case in cases)
    assert {len(case.mails(2)) for case in cases} == {2}


def test_what_runs_ends_with_a_killed_command(survivor: Installation) -> None:
    """No orphan keeps a port, and the next start finds what was pending."""
    case = Case(survivor)
    mail = case.ask()
    assert case.waiting_for()["delivery"] == "sent"
    children = survivor.pids().values()
    survivor.kill_command()
    eventually(lambda: not any(map(runs, children)), why="an end of the orphans")
    _see_that_ports_are_free(survivor)
    survivor.start()
    case.reply(mail, "REJECT")
    assert case.decision()["outcome"] == "reject"


def test_it_stops_when_it_is_told(survivor: Installation) -> None:
    """SIGTERM: exit code 0 in time, free ports, nothing left, nothing lost."""
    case = Case(survivor)
    mail = case.ask()
    children = survivor.pids().values()
    assert survivor.stop() == 0
    assert not any(map(runs, children))
    _see_that_ports_are_free(survivor)
    survivor.start()
    case.click(mail, "approve")
    assert case.decision()["approved"] is True


def _send(installation: Installation, reply: EmailMessage, during: _Deed) -> int:
    """Send a reply and do something between its end and the answer to it.

    Returns:
        The code that the sender heard; 0 where the connection was dropped.
    """
    lines = reply.as_bytes(policy=SMTP)
    try:
        with installation.smtp(gateway=True) as client:
            client.ehlo("client.example.com")
            client.mail(str(reply["From"]))
            client.rcpt(str(reply["To"]))
            assert client.docmd("DATA")[0] == 354
            client.send(lines + b".\r\n")
            during(installation)
            return client.getreply()[0]
    except (smtplib.SMTPServerDisconnected, ConnectionError):
        return 0


def _see_that_it_counted_once(case: Case, mail: Mail) -> None:
    decision = case.decision()
    assert [each["choice"] for each in decision["responses"]] == ["approve"]
    assert decision["late_responses"] == []
    assert set(case.results(mail, 1)) == {"decided"}
    case.mails(2)
    Case(case.installation).ask()  # what else was to go out went out before
    assert [each.kind for each in case.mails(2)] == ["invitation", "confirmation"]


def _see_that_ports_are_free(installation: Installation) -> None:
    for name, port in installation.ports.items():
        check_port(f"SIGNOFF_{name}_PORT", "127.0.0.1", port)


def _pids(folder: Path, count: int) -> list[int]:
    """Return which processes came to the gate, once there were so many."""
    file = folder / "pids"

    def came() -> list[int]:
        pids = list(map(int, file.read_text().split())) if file.exists() else []
        return pids if len(pids) >= count else []

    return eventually(came, why=f"{count} workers at the gate")
