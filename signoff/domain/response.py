"""Responses: what an approver answered, and what a promise of theirs can hold."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

type Channel = Literal["link", "reply", "api"]

#: A comment is cut here, so that every promise stays small.
MAX_COMMENT_OCTETS = 8 * 1024
_CUT_MARK = " […]"


@dataclass(frozen=True, kw_only=True)
class Response:
    """One approver's answer.

    A response has an id of its own, so that the same answer that comes twice
    (a retried mail, a form sent again) is known as the same.
    """

    #: The digest of what makes this answer this answer; see `mail_response_id`.
    response_id: str
    #: The invitation that it answers.
    invitation: str
    #: The address that was invited.
    approver: str
    #: The id of the choice.
    choice: str
    #: What they wrote beside it; may be empty.
    comment: str
    channel: Channel
    #: When it reached us, aware, in UTC.
    at: datetime
    #: What speaks for its authorship, such as the Message-ID of the mail.
    evidence: Mapping[str, str] = field(default_factory=dict[str, str])


def response_to_json(response: Response) -> dict[str, Any]:
    """Return the JSON object that a response promise is resolved with."""
    return {
        "kind": "response",
        "response_id": response.response_id,
        "invitation": response.invitation,
        "approver": response.approver,
        "choice": response.choice,
        "comment": response.comment,
        "channel": response.channel,
        "at": response.at.isoformat(),
        "evidence": dict(response.evidence),
    }


def response_from_json(data: Mapping[str, Any]) -> Response:
    """Read a response that `response_to_json` wrote."""
    return Response(
        response_id=data["response_id"],
        invitation=data["invitation"],
        approver=data["approver"],
        choice=data["choice"],
        comment=data["comment"],
        channel=data["channel"],
        at=datetime.fromisoformat(data["at"]),
        evidence=data["evidence"],
    )


def response_id(*parts: str) -> str:
    """Return the id of an answer.

    For mail the parts are invitation, Message-ID and the digest of the body;
    for the form the invitation and its nonce; for the API the invitation and
    the idempotency key.
    """
    joined = "\0".join(parts).encode()
    return hashlib.sha256(joined).hexdigest()


def cut_comment(comment: str) -> str:
    """Return the comment, cut with a mark where it is longer than is kept."""
    octets = comment.strip().encode()
    if len(octets) <= MAX_COMMENT_OCTETS:
        return comment.strip()
    kept = octets[: MAX_COMMENT_OCTETS - len(_CUT_MARK.encode())]
    return kept.decode(errors="ignore") + _CUT_MARK
