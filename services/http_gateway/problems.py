"""Problem documents (RFC 9457): how the operator face tells what went wrong."""

import json
from typing import Any

from flask import Response

from .faults import Fault

CONTENT_TYPE = "application/problem+json"


def problem(fault: Fault) -> Response:
    """Render a fault as ``application/problem+json``."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": fault.title,
        "status": fault.status,
        "detail": fault.detail,
    }
    if fault.problems:
        body["errors"] = [
            {"field": each.field, "message": each.message} for each in fault.problems
        ]
    response = Response(json.dumps(body), fault.status, content_type=CONTENT_TYPE)
    response.headers.update(fault.headers)
    return response
