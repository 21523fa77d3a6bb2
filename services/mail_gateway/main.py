"""The mail gateway's process: everything is put together here, and nowhere else."""

import asyncio
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import structlog

from signoff.clock import utc_now
from signoff.domain.keys import Keyring
from signoff.durable import DurableEngine, connect
from signoff.errors import EngineUnavailableError
from signoff.health import OK, ReadyCheck, health_server
from signoff.ports import Promises
from signoff.secret_files import engine_token, secret_keys
from signoff.settings import Settings

from .answers import Desk
from .handler import Handler
from .listener import listen
from .outcomes import registered_counter
from .postbox import Postbox
from .routing import read_recipient
from .session import Floor

log = structlog.stdlib.get_logger(__name__)

#: Threads: two mails are read at a time, and what was read is judged meanwhile.
_READERS = 4
#: Seconds in which the engine answers if mail can be taken.
_PROBE_LIMIT = 2.0


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Take mail until told to stop; messages under way are answered first.

    Raises:
        SettingsError: A generated secret was damaged.
        OSError: A port is taken, or the data directory cannot be used.
    """
    keyring = Keyring(*secret_keys(settings), settings.reply_domain)
    token = engine_token(settings)
    async with connect(settings.engine_url, token, group=settings.group) as engine:
        with _make_floor(settings, keyring, engine) as floor:
            async with (
                listen(settings.mail_host, settings.mail_port, floor) as port,
                health_server(
                    settings.health_host, settings.health_port, make_check(engine)
                ),
            ):
                log.info("taking mail", host=settings.mail_host, port=port)
                await stop.wait()


def make_check(promises: Promises) -> ReadyCheck:
    """Make the check that says whether mail can be taken now."""

    async def check() -> dict[str, str]:
        try:
            async with asyncio.timeout(_PROBE_LIMIT):
                await promises.get("signoff-ready")
        except EngineUnavailableError as error:
            return {"engine": str(error)}
        except TimeoutError:
            return {"engine": f"no answer in {_PROBE_LIMIT:g} s"}
        return {"engine": OK}

    return check


@contextmanager
def _make_floor(
    settings: Settings, keyring: Keyring, engine: DurableEngine
) -> Generator[Floor]:
    with registered_counter() as counter, ThreadPoolExecutor(_READERS) as readers:
        yield Floor(
            handler=Handler(
                desk=Desk(
                    promises=engine,
                    workflows=engine,
                    clock=utc_now,
                    trust_from=settings.sender_auth == "off",
                ),
                postbox=Postbox(settings.data_dir / "postmaster"),
                counter=counter,
                readers=readers,
            ),
            route=partial(
                read_recipient,
                keyring=keyring,
                reply_prefix=settings.reply_prefix,
                bounce_prefix=settings.bounce_prefix,
            ),
            hostname=settings.reply_domain,
        )
