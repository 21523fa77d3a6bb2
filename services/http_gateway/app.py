"""The application: collaborators in, WSGI out. Nothing happens on import."""

import traceback
from typing import Any

import structlog
from flask import Flask, Response, request

from .api import Api
from .faults import OPERATOR_STATUSES, PUBLIC_STATUSES, fault_of
from .gateway import Gateway
from .health import Health
from .inbox import Inbox
from .links import Links
from .pages import Pages
from .problems import problem
from .traffic import Traffic

log = structlog.stdlib.get_logger(__name__)

#: Paths whose faults a person reads; programs read the others'.
_READ_BY_PEOPLE = ("/respond", "/unblock-workflow", "/inbox")


class _GatewayApp(Flask):
    """Flask, without its log line that shows a path and so a key."""

    def log_exception(self, exc_info: Any) -> None:
        """Log what failed outside every view, which `faults` cannot have seen."""
        trace = "".join(traceback.format_exception(*exc_info))
        log.error("answering failed", exception=trace)


def create_app(gateway: Gateway) -> Flask:
    """Make the application of one gateway.

    Args:
        gateway: The engine and everything else that views work with.
    """
    pages, traffic = Pages(), Traffic()
    app = _GatewayApp(__name__, static_folder=None, template_folder=None)
    traffic.watch(app)
    app.register_blueprint(Links(gateway, pages).blueprint())
    app.register_blueprint(Api(gateway, traffic).blueprint())
    app.register_blueprint(Health(gateway).blueprint())
    if gateway.face.inbox is not None:
        app.register_blueprint(Inbox(gateway, pages, gateway.face.inbox).blueprint())
    app.register_error_handler(Exception, _Elsewhere(pages).fault)
    return app


class _Elsewhere:
    """What goes wrong before a view is found."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def fault(self, error: Exception) -> Response:
        """Answer as whoever asked is likely to read it."""
        by_people = request.path.startswith(_READ_BY_PEOPLE)
        if by_people or request.accept_mimetypes.best == "text/html":
            return self._pages.fault(fault_of(error, PUBLIC_STATUSES))
        return problem(fault_of(error, OPERATOR_STATUSES))
