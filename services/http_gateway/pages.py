"""HTML pages: no script, nothing from elsewhere, nothing kept on the way.

The stylesheet stands in each page and is allowed by its hash (CSP 2, §4.2.2), so
a page needs no second request and works behind any path prefix.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping

from flask import Response
from markupsafe import Markup

from signoff.processes import templates_dir
from signoff.rendering import render_web

from .faults import Fault

#: What a person is told about a status: a headline, and what they can do.
_WORDS = {
    400: ("That could not be read", "Please go back, check the form and try again."),
    401: ("A key is needed", "This part is for operators of Signoff."),
    403: ("Not from here", "This request did not come from a page of ours."),
    404: (
        "This link leads nowhere",
        "Please use the whole link from the message; a mail program may have cut it.",
    ),
    405: ("That cannot be done here", "Please use the link from the message."),
    410: (
        "This question is no longer kept",
        "It was concluded a while ago. Whoever asked it can tell how it ended.",
    ),
    413: ("That was too much", "Please go back and shorten the comment."),
    503: (
        "One moment, please",
        "Please try again shortly; sending the same answer twice does no harm.",
    ),
}
_UNFORESEEN = ("Something went wrong", "It was not your fault. Please try again later.")


class Pages:
    """Renders pages of ``templates/web``."""

    def __init__(self) -> None:
        path = templates_dir() / "web" / "style.css"
        style = path.read_text(encoding="utf-8")
        # Ours, from our own file: nothing of an outsider is in it.
        self._style = Markup(style)  # noqa: S704 (a stylesheet of ours, see above)
        hashed = b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self._policy = (
            f"default-src 'none'; style-src 'sha256-{hashed}'; form-action 'self'; "
            "frame-ancestors 'none'; base-uri 'none'"
        )

    def page(
        self,
        name: str,
        context: Mapping[str, object],
        *,
        status: int = 200,
        frames: bool = False,
    ) -> Response:
        """Render one page.

        Args:
            name: The template, such as ``respond.html``.
            context: What it shows.
            status: The HTTP status.
            frames: Whether it shows frames of our own.
        """
        html = render_web(name, style=self._style, **context)
        response = Response(html, status, content_type="text/html; charset=utf-8")
        extra = "; frame-src 'self'" if frames else ""
        response.headers["Content-Security-Policy"] = self._policy + extra
        return response

    def fault(self, fault: Fault) -> Response:
        """Render what went wrong, in words for whoever clicked a link."""
        headline, advice = _WORDS.get(fault.status, _UNFORESEEN)
        unforeseen = fault.status not in _WORDS
        context = {
            "headline": headline,
            "advice": advice,
            "detail": fault.detail if unforeseen else "",
        }
        response = self.page("error.html", context, status=fault.status)
        response.headers.update(fault.headers)
        return response
