"""The public face: the page behind the link, and the old callback.

Whoever holds the key is let in; a key that is not ours gets one and the same
page, whatever may exist.
"""

from urllib.parse import quote

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from signoff.domain.keys import Purpose

from .access import judge_form
from .answering import Question, Settled, answer, find_question
from .faults import PUBLIC_STATUSES, RefusedError, fault_of
from .forms import MAX_FORM_OCTETS, DecisionForm, draw_nonce, read_form
from .gateway import Gateway
from .pages import Pages
from .told import tell


class Links:
    """The views behind a link."""

    def __init__(self, gateway: Gateway, pages: Pages) -> None:
        self._gateway = gateway
        self._pages = pages

    def blueprint(self) -> Blueprint:
        """Return the routes of the public face."""
        views = Blueprint("links", __name__)
        views.add_url_rule("/respond/<key>", view_func=self.show)
        views.add_url_rule("/respond/<key>", view_func=self.decide, methods=["POST"])
        views.add_url_rule("/unblock-workflow", view_func=self.unblock)
        views.register_error_handler(Exception, self.fault)
        return views

    def show(self, key: str) -> Response:
        """Show what is asked, or how it ended. GET and HEAD settle nothing."""
        id_ = self._gateway.keyring.open(Purpose.LINK, key)
        found = find_question(self._gateway.engine, id_, self._gateway.clock())
        return self._respond(self._gateway.call(found))

    def decide(self, key: str) -> Response:
        """Take the form: the only request of this face that decides."""
        id_ = self._gateway.keyring.open(Purpose.LINK, key)
        refusal = judge_form(request.headers, self._gateway.face.public_url)
        if refusal:
            raise RefusedError(refusal)
        request.max_content_length = MAX_FORM_OCTETS
        form = read_form(request.form, request.headers.get("User-Agent", ""))
        answered = answer(self._gateway.engine, id_, form, self._gateway.clock)
        return self._respond(self._gateway.call(answered), form)

    def unblock(self) -> BaseResponse:
        """Lead the callback of the original example to the page."""
        key = request.args.get("key", "")
        if not key:
            abort(403, "the key is missing; use the link from the message")
        return redirect(f"respond/{quote(key, safe='')}", code=303)

    def fault(self, error: Exception) -> Response:
        """Show what went wrong."""
        return self._pages.fault(fault_of(error, PUBLIC_STATUSES))

    def _respond(
        self, found: Question | Settled, form: DecisionForm | None = None
    ) -> Response:
        if isinstance(found, Settled):
            told = tell(found.receipt, found.invitation)
            context = {"invitation": found.invitation, "told": told}
            return self._pages.page("told.html", context)
        context = {
            "invitation": found.invitation,
            "request": found.request,
            "problem": found.problem,
            "comment": form.comment if form else "",
            "nonce": draw_nonce(),
        }
        status = 400 if found.problem else 200
        return self._pages.page("respond.html", context, status=status)
