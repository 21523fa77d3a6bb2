"""The operator face for programs: starting workflows and asking how they stand."""

import json
import math
from datetime import timedelta
from urllib.parse import quote

from flask import Blueprint, Response, request

from signoff.errors import InvalidRequestError, Problem
from signoff.ports import DurablePromise
from signoff.run_documents import RunDocument, run_document
from signoff.workflow_runs import RunOrder, check_run, is_run_id, read_order, start_run

from .bridge import CALL_LIMIT
from .faults import OPERATOR_STATUSES, fault_of
from .gateway import Gateway
from .json_body import MAX_BODY_OCTETS, read_json
from .long_polls import LongPolls
from .operator_face import guard
from .problems import problem
from .traffic import Traffic

#: Proxies commonly give up on an answer after this.
_LONGEST_WAIT = 60.0


class Api:
    """The views for programs."""

    def __init__(self, gateway: Gateway, traffic: Traffic) -> None:
        self._gateway = gateway
        self._traffic = traffic
        self._long_polls = LongPolls(gateway.long_polls)

    def blueprint(self) -> Blueprint:
        """Return the routes of this face."""
        views = Blueprint("api", __name__)
        guard(views, self._gateway.face)
        views.add_url_rule("/start-workflow", view_func=self.start, methods=["POST"])
        views.add_url_rule("/workflows/<workflow_id>", view_func=self.show)
        views.add_url_rule("/metrics", view_func=self._traffic.metrics)
        views.register_error_handler(Exception, self.fault)
        return views

    def start(self) -> Response:
        """Start a workflow, or find it again."""
        # One octet more than is allowed tells that it is more.
        order = read_order(read_json(request.stream.read(MAX_BODY_OCTETS + 1)))
        document = self._gateway.call(self._start(order))
        response = _answer(document)
        response.headers["Location"] = self._link(order.workflow_id)
        return response

    def show(self, workflow_id: str) -> Response:
        """Say how a run stands, at once or when it is decided."""
        wanted = _read_wait(request.args.get("wait", "0"))
        with self._long_polls.place(wanted=wanted > 0) as taken:
            wait = timedelta(seconds=wanted if taken else 0)
            found = self._find(workflow_id, wait)
            limit = CALL_LIMIT + wait
            document = self._gateway.bridge.wait(found, limit=limit)
        response = _answer(document)
        if document.pending and wanted and not taken:
            response.headers["Retry-After"] = "1"
        return response

    def fault(self, error: Exception) -> Response:
        """Answer what went wrong."""
        return problem(fault_of(error, OPERATOR_STATUSES))

    async def _start(self, order: RunOrder) -> RunDocument:
        gateway = self._gateway
        run = await start_run(
            gateway.engine, order, names=gateway.workflow_names, now=gateway.clock()
        )
        return await self._document(run)

    async def _find(self, workflow_id: str, wait: timedelta) -> RunDocument:
        engine = self._gateway.engine
        run = await engine.get(workflow_id) if is_run_id(workflow_id) else None
        run = check_run(workflow_id, run)
        if wait and run.pending:
            run = await engine.wait(workflow_id, limit=wait)
        return await self._document(check_run(workflow_id, run))

    async def _document(self, run: DurablePromise) -> RunDocument:
        link = self._link(run.id)
        return await run_document(self._gateway.engine, run, self_link=link)

    def _link(self, workflow_id: str) -> str:
        return f"{self._gateway.face.public_url}/workflows/{quote(workflow_id)}"


def _answer(document: RunDocument) -> Response:
    status = 202 if document.pending else 200
    body = json.dumps(document.body) + "\n"
    return Response(body, status, content_type="application/json")


def _read_wait(text: str) -> float:
    try:
        wait = float(text)
    except ValueError:
        wait = math.nan
    if not 0 <= wait <= _LONGEST_WAIT:
        message = f"has to be a number of seconds from 0 to {_LONGEST_WAIT:.0f}"
        raise InvalidRequestError([Problem("wait", message)])
    return wait
