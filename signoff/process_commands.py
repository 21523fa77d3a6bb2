"""The processes behind ``signoff engine``, ``worker`` and the two gateways.

Each imports only what it runs, and only once signals are answered: importing
takes longer than everything else at a start.
"""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

import structlog

from signoff import internal_names
from signoff.data_lock import exclusive_lock
from signoff.errors import SignoffError
from signoff.process import run_process
from signoff.processes import service_module
from signoff.secret_files import engine_token
from signoff.settings import Settings

log = structlog.stdlib.get_logger(__name__)


class EngineFailedError(SignoffError):
    """The embedded engine cannot serve; the message is the engine's own."""


def run_service(process: str, environ: Mapping[str, str]) -> int:
    """Run ``worker``, ``mail-gateway`` or ``http-gateway``; return its exit code.

    Raises:
        SettingsError: The settings cannot work for it.
    """
    settings = _read_settings(process, environ)
    if settings.workflows:
        # Last: what lies in the current folder must hide no module of others.
        sys.path.append(str(Path.cwd()))

    async def body(stop: asyncio.Event) -> None:
        _warn(settings, process)
        module = service_module(f"{process.replace('-', '_')}.main")
        await module.run(settings, stop)

    return run_process(environ.get(internal_names.NAME, process), body)


def run_engine(environ: Mapping[str, str]) -> int:
    """Run the embedded engine; return its exit code.

    Raises:
        SettingsError: The settings cannot work for it.
    """
    settings = _read_settings("engine", environ)

    async def body(stop: asyncio.Event) -> None:
        from signoff.engine import errors, server  # noqa: PLC0415 (see the docstring above)

        with exclusive_lock(settings.data_dir / "engine.lock", user="another engine"):
            config = server.EngineConfig(
                host=settings.engine_host,
                port=settings.engine_port,
                database=settings.engine_database,
                token=engine_token(settings),
            )
            try:
                await server.run(config, stop=stop)
            except errors.EngineError as error:
                raise EngineFailedError(str(error)) from error

    return run_process(environ.get(internal_names.NAME, "engine"), body)


def _read_settings(process: str, environ: Mapping[str, str]) -> Settings:
    settings = Settings.from_environment(environ)
    settings.require(process)
    return settings


def _warn(settings: Settings, process: str) -> None:
    for warning in settings.warnings_for(process):
        log.warning(warning)
