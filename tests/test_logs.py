"""A log line is one line, whoever wrote what stands in it."""

import io
import json
import logging
from collections.abc import Generator
from typing import Any

import pytest
import structlog

from signoff.escaping import escape_text
from signoff.logs import configure_logs

EVIL = "a\nb\x1b[2J\u2028\u202ec"


class Terminal(io.StringIO):
    """A stream that says a person watches it."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture(autouse=True)
def leave_logging_alone() -> Generator[None]:
    """Put back what `configure_logs` changes for the whole process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def lines_of(stream: io.StringIO) -> list[str]:
    """Return what was logged, as a reader that splits at anything does."""
    return stream.getvalue().splitlines()


def log_of(stream: io.StringIO) -> Any:
    """Configure logs to a stream and return a logger."""
    configure_logs("worker-1", stream=stream)
    return structlog.stdlib.get_logger("signoff.test")


def test_a_program_reads_json() -> None:
    """Every value is its own, the process has a name, and the time is UTC."""
    log_of(stream := io.StringIO()).info("mail sent", to="a@b", tries=2)
    (line,) = lines_of(stream)
    event = json.loads(line)
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "mail sent",
        "level": "info",
        "process": "worker-1",
        "to": "a@b",
        "tries": 2,
    }


def test_a_person_reads_words() -> None:
    """Values that could be misread are quoted."""
    log_of(stream := Terminal()).warning("mail sent", to="a@b", why="no luck", n=2)
    (line,) = lines_of(stream)
    assert line[8:] == " warning worker-1 mail sent to=a@b why='no luck' n=2"


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["json", "console"])
def test_text_of_others_stays_on_its_line(stream: io.StringIO) -> None:
    """As an event, as a value, and through a library's own logger."""
    log_of(stream).info(EVIL, value=EVIL)
    logging.getLogger("aiosmtpd").warning("from %s", EVIL)
    assert len(lines_of(stream)) == 2
    assert all(line.isprintable() for line in lines_of(stream))


def test_a_traceback_cannot_forge_a_line() -> None:
    """For a person it stands below its event, set in and escaped."""
    log = log_of(stream := Terminal())
    log.error("failed", exc_info=ValueError(EVIL))
    first, *rest = lines_of(stream)
    assert first.endswith("worker-1 failed")
    assert all(line.startswith("    ") and line.isprintable() for line in rest)


def test_up_chooses_the_form_for_its_children(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They write to a pipe, and somebody may watch its other end."""
    monkeypatch.setenv("SIGNOFF_INTERNAL_LOG_FORMAT", "console")
    log_of(stream := io.StringIO()).info("ready")
    assert lines_of(stream)[0].endswith("worker-1 ready")


def test_chatter_of_libraries_is_left_out() -> None:
    """A line for each request is no news."""
    log_of(stream := io.StringIO())
    logging.getLogger("aiohttp.access").info("GET /")
    logging.getLogger("signoff").debug("detail")
    assert lines_of(stream) == []


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("Grüße", "Grüße"), ("a\tb", "a\\tb"), ("\u202e", "\\u202e"), ("\x9b", "\\x9b")],
)
def test_escaping_keeps_what_is_readable(text: str, escaped: str) -> None:
    """Letters of any language stay; what has no shape is spelt."""
    assert escape_text(text) == escaped


def test_no_key_reaches_the_log() -> None:
    """Whatever a library tells of a path or an address, its key is blanked."""
    key = "a" + "b2" * 21
    stream = io.StringIO()
    configure_logs("http-gateway", stream=stream)
    logging.getLogger("waitress").info("Client disconnected: /respond/%s", key)
    logging.getLogger("x").warning("to approve+%s@example.com", key.upper())
    assert key not in stream.getvalue().lower()
    assert stream.getvalue().count("<key>") == 2
