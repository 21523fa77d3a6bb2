"""The small listener by which a process without one of its own tells its health.

``/healthz``: it runs. ``/readyz``: it can do its work now, or which part cannot.
``/metrics``: in Prometheus' text format.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

log = structlog.stdlib.get_logger(__name__)

#: What a part says of itself when it works.
OK = "ok"
#: An answer must come before whoever asks has given up.
_READY_LIMIT = 5.0

type ReadyCheck = Callable[[], Awaitable[dict[str, str]]]


@asynccontextmanager
async def health_server(
    host: str, port: int, ready: ReadyCheck
) -> AsyncGenerator[None]:
    """Answer for the health of this process while the block runs.

    Args:
        host: Where to listen.
        port: The port; 0 means not to listen at all.
        ready: Says of each part ``"ok"`` or what is wrong with it.

    Raises:
        OSError: The port is taken.
    """
    if not port:
        yield
        return
    runner = web.AppRunner(_make_app(ready), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()


async def check_ready(ready: ReadyCheck) -> tuple[bool, dict[str, str]]:
    """Ask each part, within a limit, and never raise: that is a part's answer."""
    try:
        parts = await asyncio.wait_for(ready(), _READY_LIMIT)
    except TimeoutError:
        return False, {"process": f"no answer in {_READY_LIMIT:g} s"}
    except Exception:
        log.exception("readiness check failed")
        return False, {"process": "the check failed; see the log"}
    return all(said == OK for said in parts.values()), parts


def _make_app(ready: ReadyCheck) -> web.Application:
    async def readyz(_request: web.Request) -> web.Response:
        good, parts = await check_ready(ready)
        return web.json_response(parts, status=200 if good else 503)

    app = web.Application()
    app.router.add_get("/healthz", _healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", _metrics)
    return app


async def _healthz(_request: web.Request) -> web.Response:
    return web.json_response({"process": OK})


async def _metrics(_request: web.Request) -> web.Response:
    headers = {"Content-Type": CONTENT_TYPE_LATEST}
    return web.Response(body=generate_latest(), headers=headers)
