"""The development inbox: what would have gone out, with a box to reply.

Only there where no SMTP server is set and only this machine reaches the gateway.
A reply is a real mail to the mail gateway, so that nothing is pretended.
"""

from pathlib import Path

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from signoff.errors import NotFoundError
from signoff.inbox import list_messages, read_message

from .faults import PUBLIC_STATUSES, fault_of
from .forms import MAX_FORM_OCTETS
from .gateway import Gateway
from .inbox_mails import frame_html, show_mail
from .inbox_reply import Verdict, compose_reply, send_reply
from .operator_face import guard
from .pages import Pages

#: What one page lists.
_LISTED = 200
#: A mail's HTML runs nothing, loads nothing and cannot reach our pages.
_FRAME_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'"
)


class Inbox:
    """The views of the inbox."""

    def __init__(self, gateway: Gateway, pages: Pages, directory: Path) -> None:
        self._gateway = gateway
        self._pages = pages
        self._directory = directory

    def blueprint(self) -> Blueprint:
        """Return the routes of the inbox."""
        views = Blueprint("inbox", __name__)
        guard(views, self._gateway.face)
        views.add_url_rule("/", view_func=self.enter)
        views.add_url_rule("/inbox", view_func=self.index)
        views.add_url_rule("/inbox/<name>", view_func=self.show)
        views.add_url_rule("/inbox/<name>", view_func=self.reply, methods=["POST"])
        views.add_url_rule("/inbox/<name>/html", view_func=self.frame)
        views.register_error_handler(Exception, self.fault)
        views.after_request(_keep_origin)
        return views

    def enter(self) -> BaseResponse:
        """Lead from the bare address to the inbox."""
        return redirect("inbox", code=303)

    def index(self) -> Response:
        """List the mails, the newest first."""
        mails = [show_mail(each) for each in list_messages(self._directory)[:_LISTED]]
        context = {"mails": mails, "public_url": self._gateway.face.public_url}
        return self._pages.page("inbox.html", context)

    def show(self, name: str) -> Response:
        """Show one mail and the box for a reply."""
        return self._show(name)

    def reply(self, name: str) -> Response:
        """Send a reply, and show what the mail gateway answered."""
        request.max_content_length = MAX_FORM_OCTETS
        kept = read_message(self._directory, name)
        sender = request.form.get("from", "")
        text = request.form.get("answer") or request.form.get("text", "")
        try:
            reply = compose_reply(kept, sender, text, self._gateway.clock)
        except ValueError as error:
            verdict = Verdict(f"not sent: {error}", "negative")
            return self._show(name, verdict, sender=sender, text=text, status=400)
        verdict = send_reply(reply, self._gateway.face.mail_gateway)
        again = "" if verdict.tone == "positive" else text
        return self._show(name, verdict, sender=sender, text=again)

    def frame(self, name: str) -> Response:
        """Show the HTML part by itself, sandboxed."""
        mail = show_mail(read_message(self._directory, name))
        response = Response(frame_html(mail.html), content_type="text/html")
        response.headers["Content-Security-Policy"] = _FRAME_POLICY
        return response

    def fault(self, error: Exception) -> Response:
        """Show what went wrong."""
        if isinstance(error, NotFoundError):
            context = {
                "headline": "No such mail",
                "advice": "It is not in this inbox, or no longer.",
                "detail": "",
            }
            return self._pages.page("error.html", context, status=404)
        return self._pages.fault(fault_of(error, PUBLIC_STATUSES))

    def _show(
        self,
        name: str,
        verdict: Verdict | None = None,
        *,
        sender: str = "",
        text: str = "",
        status: int = 200,
    ) -> Response:
        mail = show_mail(read_message(self._directory, name))
        context = {
            "mail": mail,
            "verdict": verdict,
            "sender": sender or mail.recipient,
            "text": text,
        }
        return self._pages.page("message.html", context, status=status, frames=True)


def _keep_origin(response: Response) -> Response:
    """Let our own forms show their origin, which `access` asks for."""
    response.headers["Referrer-Policy"] = "same-origin"
    return response
