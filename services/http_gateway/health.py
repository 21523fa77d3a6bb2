"""Health: whether this process runs, and whether it can do its work now."""

import json
from datetime import timedelta

import structlog
from flask import Blueprint, Response

from signoff.errors import EngineUnavailableError

from .gateway import Gateway

log = structlog.stdlib.get_logger(__name__)

#: An answer must come before whoever probes has given up.
_LIMIT = timedelta(seconds=5)
#: A promise that is never there: an answer is what is asked for.
_PROBE = "signoff-ready"


class Health:
    """The views of probes."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def blueprint(self) -> Blueprint:
        """Return the routes that probes ask."""
        views = Blueprint("health", __name__)
        views.add_url_rule("/healthz", view_func=self.alive)
        views.add_url_rule("/readyz", view_func=self.ready)
        return views

    def alive(self) -> Response:
        """Say that the process runs."""
        return _answer({"process": "ok"}, 200)

    def ready(self) -> Response:
        """Say whether the engine answers."""
        try:
            probe = self._gateway.engine.get(_PROBE)
            self._gateway.bridge.wait(probe, limit=_LIMIT)
        except EngineUnavailableError as error:
            log.warning("engine unavailable", detail=str(error))
            return _answer({"engine": "no answer"}, 503)
        return _answer({"engine": "ok"}, 200)


def _answer(parts: dict[str, str], status: int) -> Response:
    body = json.dumps(parts) + "\n"
    return Response(body, status, content_type="application/json")
