"""The command line: what it asks, what it prints, how it ends."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Generator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from click.testing import CliRunner

from signoff.cli import main
from signoff.probe import free_port

PENDING = {
    "workflow_id": "hitl-001",
    "state": "pending",
    "waiting_for": [{"approver": "ada@example.com", "delivery": "sent"}],
    "decision": None,
}
DECIDED = PENDING | {"state": "decided", "waiting_for": []}


class Gateway(HTTPServer):
    """An HTTP gateway that keeps what it is asked and answers as it is told."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any, Mapping[str, str]]] = []
        self.answers: list[tuple[int, object]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    def environment(self) -> dict[str, str]:
        """Return the settings by which the command finds it."""
        return {"SIGNOFF_HTTP_PORT": str(self.server_port)}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        self._answer(json.loads(self.rfile.read(size)))

    def _answer(self, body: object) -> None:
        gateway = self.server
        assert isinstance(gateway, Gateway)
        gateway.asked.append((self.command, self.path, body, dict(self.headers)))
        status, document = gateway.answers.pop(0)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name it has above)
        """Say nothing."""


@pytest.fixture
def gateway() -> Generator[Gateway]:
    """A gateway that runs in a thread."""
    with Gateway() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run(
    gateway: Gateway, *arguments: str, stdin: str = "", **environ: str
) -> tuple[int, str]:
    """Run the command against a gateway; return exit code and all it printed."""
    env: dict[str, str | None] = {**gateway.environment(), **environ}
    result = CliRunner(env=env).invoke(main, arguments, input=stdin)
    return result.exit_code, result.output


#: What takes longer to import than `--help` may take.
HEAVY = ("aiohttp", "aiosmtpd", "asyncio", "flask", "jinja2", "lxml", "resonate")
PRINT_IMPORTED = """
import sys
from signoff.cli import main
main(["--help"], standalone_mode=False)
print(*sys.modules, file=sys.stderr)
"""


def test_help_imports_only_what_it_needs() -> None:
    """Whoever asks for help does not wait for what only running needs."""
    command = [sys.executable, "-c", PRINT_IMPORTED]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 (our own command)
    assert set(HEAVY).isdisjoint(ran.stderr.split())


def test_the_version_is_that_of_the_package() -> None:
    """`--version` names the program and its version."""
    result = CliRunner().invoke(main, ["--version"])
    assert result.output.startswith("signoff, version 0.")


def test_start_sends_the_id_alone(gateway: Gateway) -> None:
    """A body with the id alone always reconnects."""
    gateway.answers = [(202, PENDING)]
    code, output = run(gateway, "start", "hitl-001")
    assert code == 0
    assert output.splitlines() == [
        "hitl-001: pending",
        "  waiting for ada@example.com (mail sent)",
    ]
    assert gateway.asked[0][:3] == (
        "POST",
        "/start-workflow",
        {"workflow_id": "hitl-001"},
    )


def test_start_sends_workflow_and_request(gateway: Gateway) -> None:
    """A request comes from a file or from standard input."""
    gateway.answers = [(202, PENDING)]
    options = ["--workflow", "refund", "--request", "-"]
    code, _ = run(gateway, "start", "w", *options, stdin='{"subject": "x"}')
    assert code == 0
    assert gateway.asked[0][2] == {
        "workflow_id": "w",
        "workflow": "refund",
        "request": {"subject": "x"},
    }


@pytest.mark.parametrize("text", ["{", "[]", '"x"'])
def test_a_request_must_be_an_object(gateway: Gateway, text: str) -> None:
    """It is refused here, as a wrong command line."""
    code, output = run(gateway, "start", "w", "--request", "-", stdin=text)
    assert code == 2
    assert "--request" in output
    assert gateway.asked == []


def test_json_prints_the_document(gateway: Gateway) -> None:
    """A program reads what the gateway gave."""
    gateway.answers = [(200, DECIDED)]
    _, output = run(gateway, "status", "hitl-001", "--json")
    assert json.loads(output) == DECIDED


@pytest.mark.parametrize(
    ("id_", "path"),
    [
        ("a.b", "/workflows/a.b?wait=0"),
        ("a/../b?c", "/workflows/a%2F..%2Fb%3Fc?wait=0"),
    ],
)
def test_an_id_stays_one_segment(gateway: Gateway, id_: str, path: str) -> None:
    """No id reaches another address."""
    gateway.answers = [(200, DECIDED)]
    run(gateway, "status", id_)
    assert gateway.asked[0][1] == path


def test_waiting_polls_until_it_is_decided(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long wait is several polls."""
    monkeypatch.setattr("signoff.gateway_client._POLL_PAUSE", 0.0)
    gateway.answers = [(200, PENDING), (200, DECIDED)]
    code, output = run(gateway, "status", "hitl-001", "--wait", "45")
    assert (code, output) == (0, "hitl-001: decided\n")
    assert gateway.asked[0][1].endswith("?wait=30")


def test_the_key_is_sent(gateway: Gateway) -> None:
    """The first of the keys opens the operator's face."""
    gateway.answers = [(200, DECIDED)]
    run(gateway, "status", "w", SIGNOFF_API_KEYS="fedcba9876543210,0123456789abcdef")
    assert gateway.asked[0][3]["Authorization"] == "Bearer fedcba9876543210"


@pytest.mark.parametrize(
    ("status", "document", "line"),
    [
        (404, {"detail": "no such workflow"}, "answered 404: no such workflow"),
        (409, {"title": "Conflict"}, "answered 409: Conflict"),
        (400, {"detail": "a\x1b[2Jb"}, "answered 400: a\\x1b[2Jb"),
        (302, {}, "answered 302: an answer it never gives"),
        (200, ["x"], "answered 200: an answer it never gives"),
    ],
)
def test_a_refusal_is_one_line(
    gateway: Gateway, status: int, document: object, line: str
) -> None:
    """Exit code 1, and what the gateway said, made harmless."""
    gateway.answers = [(status, document)]
    code, output = run(gateway, "status", "w")
    assert (code, output) == (1, f"signoff: the gateway {line}\n")


def test_no_gateway_is_one_line() -> None:
    """It says where nobody answers, and what may be missing."""
    port = str(free_port())
    result = CliRunner(env={"SIGNOFF_HTTP_PORT": port}).invoke(main, ["status", "w"])
    assert result.exit_code == 1
    assert f"no HTTP gateway answers at http://127.0.0.1:{port}" in result.output
    assert "is `signoff up` running?" in result.output


def test_a_gateway_that_hangs_up_is_one_line() -> None:
    """So is one that speaks something else."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        threading.Thread(target=_hang_up, args=(server,)).start()
        result = CliRunner(env={"SIGNOFF_HTTP_PORT": port}).invoke(
            main, ["status", "w"]
        )
    assert result.exit_code == 1
    assert result.output.count("\n") == 1


def _hang_up(server: socket.socket) -> None:
    server.accept()[0].close()


@pytest.mark.parametrize(
    "arguments",
    [["status", "w"], ["up"], ["worker"], ["engine"], ["mail-gateway"]],
    ids=lambda arguments: arguments[0],
)
def test_wrong_settings_end_every_command(arguments: list[str]) -> None:
    """Exit code 2 and the line that names the setting."""
    result = CliRunner(env={"SIGNOFF_HTTP_PORT": "x"}).invoke(main, arguments)
    assert result.exit_code == 2
    assert result.output.startswith("signoff: SIGNOFF_HTTP_PORT: 'x' is not right")


def test_a_gateway_beyond_loopback_wants_keys() -> None:
    """The HTTP gateway by itself refuses too."""
    result = CliRunner(env={"SIGNOFF_HTTP_HOST": "10.0.0.1"}).invoke(
        main, ["http-gateway"]
    )
    assert result.exit_code == 2
    assert "SIGNOFF_API_KEYS: not set" in result.output


def test_too_many_workers_are_a_wrong_command_line() -> None:
    """Usage errors are click's, with its exit code 2."""
    result = CliRunner().invoke(main, ["up", "--workers", "0"])
    assert result.exit_code == 2


def test_a_missing_mailpit_says_how_to_install_it() -> None:
    """One line, exit code 1."""
    result = CliRunner(env={"PATH": "/nowhere"}).invoke(
        main, ["up", "--mail", "mailpit"]
    )
    assert result.exit_code == 1
    assert "brew install mailpit" in result.output
    assert result.output.count("\n") == 1
