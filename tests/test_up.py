"""`signoff up` starts everything, keeps it running, and leaves nothing behind."""

import os
import signal
import socket
from contextlib import closing
from pathlib import Path

import pytest

from tests.children import gone
from tests.staged_up import StagedUp, build_stage, free_ports, running_up

CHILDREN = {"engine", "worker", "mail-gateway", "http-gateway"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with small services."""
    return build_stage(tmp_path_factory.mktemp("up"))


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Settings of a run of its own."""
    return free_ports() | {"SIGNOFF_DATA_DIR": str(tmp_path / "data")}


def test_it_says_where_everything_is(stage: Path, environ: dict[str, str]) -> None:
    """A newcomer reads on from the terminal."""
    with running_up(stage, **environ) as up:
        said = "\n".join(up.lines)
    http = environ["SIGNOFF_HTTP_PORT"]
    assert f"http://localhost:{http}/inbox" in said
    assert f"curl -X POST http://localhost:{http}/start-workflow -d" in said
    assert f"127.0.0.1:{environ['SIGNOFF_MAIL_PORT']}" in said
    assert f"http://127.0.0.1:{environ['SIGNOFF_ENGINE_PORT']}" in said
    assert environ["SIGNOFF_DATA_DIR"] in said


def test_each_line_says_whose_it_is(stage: Path, environ: dict[str, str]) -> None:
    """Several workers have a name each."""
    with running_up(stage, "--workers", "2", **environ) as up:
        assert set(up.pids()) == CHILDREN - {"worker"} | {"worker-1", "worker-2"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_it_cleanly(
    stage: Path, environ: dict[str, str], number: signal.Signals
) -> None:
    """The engine is the last to go, and the exit code is 0."""
    with running_up(stage, **environ) as up:
        up.send(number)
        assert up.wait() == 0
    ended = [line.split()[0] for line in up.lines if line.endswith("stopped")]
    assert set(ended) == CHILDREN
    assert ended[-1] == "engine"


def test_ctrl_c_stops_in_order_too(stage: Path, environ: dict[str, str]) -> None:
    """A terminal interrupts the command, and not its children behind its back."""
    with running_up(stage, **environ) as up:
        up.press_ctrl_c()
        assert up.wait() == 0
    assert up.lines[-1].split()[0] == "engine"


def test_ctrl_c_again_kills(stage: Path, environ: dict[str, str]) -> None:
    """Who presses twice does not want to wait."""
    with running_up(stage, **environ, SIGNOFF_TEST_STUBBORN="1") as up:
        up.press_ctrl_c_until("killing")
        # One press more may meet Python's own end, which is that of a signal.
        assert up.wait() in {1, -signal.SIGINT}


def test_a_worker_that_is_killed_comes_back(
    stage: Path, environ: dict[str, str]
) -> None:
    """Kill -9 costs a pause and a line."""
    with running_up(stage, **environ) as up:
        os.kill(up.pids()["worker"], signal.SIGKILL)
        up.wait_for("worker was ended by SIGKILL; again in 0.5 s")
        first, second = up.wait_for("worker       | service runs", times=2)
    assert first != second


async def test_children_end_with_a_parent_that_is_killed(
    stage: Path, environ: dict[str, str]
) -> None:
    """Kill -9 of the command leaves no orphan."""
    with running_up(stage, **environ) as up:
        pids = up.pids()
        up.send(signal.SIGKILL)
        await gone(*pids.values())
    assert set(pids) == CHILDREN


def test_it_starts_again_at_once_after_being_killed(
    stage: Path, environ: dict[str, str]
) -> None:
    """The next run waits for the orphans of the last, not for a free port."""
    with running_up(stage, **environ) as up:
        up.send(signal.SIGKILL)
        with running_up(stage, **environ) as again:
            assert set(again.pids()) == CHILDREN


def test_a_taken_port_is_one_line(stage: Path, environ: dict[str, str]) -> None:
    """Nothing is started, and the line says what to do."""
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = str(other.getsockname()[1])
        with StagedUp(stage, "up", **environ | {"SIGNOFF_MAIL_PORT": port}) as up:
            assert up.wait() == 1
    advice = "is taken; stop what uses it, or set SIGNOFF_MAIL_PORT"
    assert up.lines == [f"signoff: port {port} of 127.0.0.1 {advice}"]


def test_a_data_directory_in_use_is_one_line(
    stage: Path, environ: dict[str, str]
) -> None:
    """Two runs on one directory would share an engine's file."""
    other = environ | free_ports()
    with running_up(stage, **environ), StagedUp(stage, "up", **other) as second:
        assert second.wait() == 1
    (line,) = second.lines
    assert f"{environ['SIGNOFF_DATA_DIR']} is in use by another `signoff up`" in line


def test_a_data_directory_that_cannot_be_is_one_line(
    stage: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "data").write_text("")
    with StagedUp(stage, "up", **environ) as up:
        assert up.wait() == 1
    assert len(up.lines) == 1
    assert environ["SIGNOFF_DATA_DIR"] in up.lines[0]


def test_wrong_settings_are_told_before_anything_starts(
    stage: Path, environ: dict[str, str]
) -> None:
    """Exit code 2, a line for each."""
    wrong = {"SIGNOFF_HTTP_PORT": "x", "SIGNOFF_HTTP_PROT": "1"}
    with StagedUp(stage, "up", **environ | wrong) as up:
        assert up.wait() == 2
    assert [line.split(":")[1].strip() for line in up.lines] == sorted(wrong)


def test_a_child_that_cannot_start_ends_it(
    stage: Path, environ: dict[str, str]
) -> None:
    """Three attempts, its last line, exit code 1, and nobody left."""
    with StagedUp(stage, "up", **environ, SIGNOFF_TEST_FAIL="mail-gateway") as up:
        assert up.wait() == 1
    last = "mail-gateway does not start: signoff mail-gateway: no luck today"
    assert up.lines[-1] == f"signoff: {last}"
    assert sum("no luck today" in line for line in up.lines) == 4
    assert any(line.startswith("engine") and "stopped" in line for line in up.lines)


def test_a_process_runs_by_itself(stage: Path, environ: dict[str, str]) -> None:
    """Each is a command of its own, and SIGTERM ends it with exit code 0."""
    name = {"SIGNOFF_INTERNAL_NAME": "worker"}
    with StagedUp(stage, "worker", **environ, **name) as worker:
        worker.wait_for("service runs")
        worker.send(signal.SIGTERM)
        assert worker.wait() == 0


def test_two_engines_do_not_share_a_file(stage: Path, environ: dict[str, str]) -> None:
    """An engine by itself locks its file as well."""
    other = environ | free_ports()
    with running_up(stage, **environ), StagedUp(stage, "engine", **other) as second:
        assert second.wait() == 1
    assert "is in use by another engine" in second.lines[-1]
