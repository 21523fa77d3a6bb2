"""Logs of a process: one line an event, to stderr, JSON unless a person watches.

What outsiders wrote reaches a log as an escaped value: no line break, terminal
sequence or text direction of theirs can make or hide a line.
"""

import json
import logging
import os
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

from signoff.escaping import escape_text
from signoff.internal_names import LOG_FORMAT

#: Libraries that tell more than an operator wants to know.
_QUIET = ("aiohttp.access", "asyncio", "mail.log", "resonate", "waitress.queue")

#: A key as `signoff.domain.keys` makes it, in a path or an address that a library
#: tells of: whoever reads a log may not answer for another.
_KEY = re.compile(r"(?<![0-9A-Za-z])[a-z2-7]{43}(?![0-9A-Za-z])", re.IGNORECASE)

type _Event = MutableMapping[str, Any]


def configure_logs(process: str, *, stream: TextIO | None = None) -> None:
    """Send the logs of this process, and of every library in it, to a stream.

    Args:
        process: The name that stands in each line.
        stream: Where to; standard error where not given.
    """
    target = stream or sys.stderr
    shared = _shared_processors(process)
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _renderer(target),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def render_console(_logger: object, _method: str, event: _Event) -> str:
    """Render one event for a person: time, level, event, values; then a traceback."""
    time, level = str(event.pop("timestamp"))[11:19], event.pop("level")
    process, what = event.pop("process"), escape_text(str(event.pop("event")))
    trace = str(event.pop("exception", "")).splitlines()
    values = [f"{name}={_show(value)}" for name, value in event.items()]
    first = " ".join((time, f"{level:7}", str(process), what, *values))
    return "\n".join([first, *(f"    {escape_text(line)}" for line in trace)])


def _shared_processors(process: str) -> list[structlog.typing.Processor]:
    def name_process(_logger: object, _method: str, event: _Event) -> _Event:
        event["process"] = process
        return event

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_process,
    ]


def _renderer(target: TextIO) -> structlog.typing.Processor:
    wanted = os.environ.get(LOG_FORMAT) or ("console" if target.isatty() else "json")
    render = render_console if wanted == "console" else _render_json

    def render_without_keys(logger: object, method: str, event: _Event) -> str:
        return _KEY.sub("<key>", render(logger, method, event))

    return render_without_keys


def _render_json(_logger: object, _method: str, event: Mapping[str, Any]) -> str:
    # ASCII only: a reader of the log may split lines at more than a line feed.
    return json.dumps(event, default=repr, ensure_ascii=True)


def _show(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    shown = escape_text(text)
    return repr(text) if " " in shown or shown != text or not text else text
