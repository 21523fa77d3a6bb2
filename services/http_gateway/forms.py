"""The form of the page behind a link: what a person sent, read and checked."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from signoff.domain.invitation import Invitation
from signoff.domain.response import Response, cut_comment, response_id
from signoff.rendering import clean_text

#: What the form may hold: a comment of 8 Ki characters takes up to 96 KiB when
#: each octet of four is percent-encoded.
MAX_FORM_OCTETS = 128 * 1024
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
_LONGEST_EVIDENCE = 200

NO_CHOICE = "Please choose one of the answers."
NO_NONCE = "The form came back incomplete. Please choose and send it again."


@dataclass(frozen=True)
class DecisionForm:
    """The form as it was sent."""

    #: The id of a choice; empty: none was chosen.
    choice: str
    comment: str
    #: Drawn with each showing of the form: the same one twice is a form sent twice.
    nonce: str
    #: The program that sent it.
    user_agent: str = ""

    def problem(self, invitation: Invitation) -> str | None:
        """Say in words for its sender what keeps the form from deciding."""
        if self.choice not in {choice.id for choice in invitation.choices}:
            return NO_CHOICE
        return None if _NONCE.fullmatch(self.nonce) else NO_NONCE

    def response(self, invitation: Invitation, at: datetime) -> Response:
        """Return the answer that the form gives."""
        return Response(
            # With the choice: after the Back button the same form may say another.
            response_id=response_id(
                invitation.id, "form", self.nonce, self.choice, self.comment
            ),
            invitation=invitation.id,
            approver=invitation.approver.address,
            choice=self.choice,
            comment=cut_comment(self.comment),
            channel="link",
            at=at,
            evidence={"user_agent": self.user_agent},
        )


def read_form(form: Mapping[str, str], user_agent: str) -> DecisionForm:
    """Read what was posted; whatever lacks is empty."""
    agent = "".join(each for each in user_agent if each.isprintable())
    return DecisionForm(
        choice=form.get("choice", ""),
        comment=clean_text(form.get("comment", "")),
        nonce=form.get("nonce", ""),
        user_agent=agent[:_LONGEST_EVIDENCE],
    )


def draw_nonce() -> str:
    """Draw the nonce of one showing of the form."""
    return secrets.token_urlsafe(16)
