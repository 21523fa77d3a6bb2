"""One log line and one count for each request, and the headers of every answer.

Neither ever holds a key: paths are told by their rule, with the key blanked.
"""

from time import perf_counter

import structlog
from flask import Flask, Response, g, request
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

log = structlog.stdlib.get_logger(__name__)

#: What every answer says unless its view said otherwise.
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
_UNMATCHED = "unmatched"
#: Parts of a path that hold a key; a mail of the inbox is named by one.
_KEYS = frozenset({"key", "name"})
#: Probes come every few seconds and say nothing.
_UNLOGGED = frozenset({"/healthz", "/readyz", "/metrics"})
#: A long-poll waits up to a minute.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Traffic:
    """Watches the requests of one application."""

    def __init__(self) -> None:
        #: Of this application alone, so that several can live in one process.
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "signoff_http_requests",
            "Requests by route, method and status.",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "signoff_http_request_seconds",
            "Time to answer by route.",
            ["route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )

    def watch(self, app: Flask) -> None:
        """Have every request of an application counted, timed and logged."""
        app.before_request(_start)
        app.after_request(self._finish)

    def metrics(self) -> Response:
        """Answer ``/metrics`` in Prometheus' text format."""
        body = generate_latest(REGISTRY) + generate_latest(self.registry)
        return Response(body, content_type=CONTENT_TYPE_LATEST)

    def _finish(self, response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        route = request.url_rule.rule if request.url_rule else _UNMATCHED
        seconds = perf_counter() - g.get("started", perf_counter())
        method = request.method if request.url_rule else "-"
        self._requests.labels(route, method, response.status_code).inc()
        self._seconds.labels(route).observe(seconds)
        if route not in _UNLOGGED:
            log.info(
                "request",
                method=request.method,
                path=_blanked_path(route),
                status=response.status_code,
                milliseconds=round(seconds * 1000, 1),
            )
        return response


def _start() -> None:
    g.started = perf_counter()


def _blanked_path(route: str) -> str:
    """Return the path, but of what holds a key, or is unknown, only the rule."""
    arguments = request.view_args or {}
    return route if route == _UNMATCHED or _KEYS & arguments.keys() else request.path
