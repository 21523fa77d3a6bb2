"""Messages: what goes out, as facts; the worker composes the mail from them.

A message is recorded before its first attempt, so that a repeat is the same
mail byte for byte: its id, date, boundary and the secret that signs its keys
are all drawn once. The keys themselves are made again each time; none is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from signoff.domain.request import Approver

type MessageKind = Literal["invitation", "confirmation", "notice"]


@dataclass(frozen=True, kw_only=True)
class Message:
    """One mail that is to go out.

    What `facts` holds, by kind; all of it is JSON:

    - always ``subject`` (of the request), ``workflow``, ``deadline``, ``digest``
      and ``choices`` (objects with ``id``, ``label``, ``positive``, ``words``);
    - ``invitation``: ``request``, the request as JSON;
    - ``confirmation``: ``answer`` (approver, choice, comment, channel, at) and
      ``counted``, false where it came after the decision;
    - ``notice``: ``why`` (``unclear``, ``late``, ``not_approver`` or
      ``confirm``), ``reason`` (why it was unclear), ``answer`` or null (what
      this approver had answered), ``summary`` or null (how it was decided).
    """

    kind: MessageKind
    #: 26 base32 characters; the Message-ID is made from it. An invitation's
    #: message has the invitation's own id.
    id: str
    #: The invitation that it is about: its keys stand in the message.
    invitation: str
    to: Approver
    #: When it was drawn up, aware, in UTC, to the second: the Date field.
    date: datetime
    #: Characters that separate the MIME parts.
    boundary: str
    #: Which secret signs the keys in it.
    secret_id: str
    facts: Mapping[str, Any]


def message_to_json(message: Message) -> dict[str, Any]:
    """Return a message as JSON."""
    to = message.to
    return {
        "kind": message.kind,
        "id": message.id,
        "invitation": message.invitation,
        "to": [to.address, to.name, to.language],
        "date": message.date.isoformat(),
        "boundary": message.boundary,
        "secret_id": message.secret_id,
        "facts": dict(message.facts),
    }


def message_from_json(data: Mapping[str, Any]) -> Message:
    """Read a message that `message_to_json` wrote."""
    return Message(
        kind=data["kind"],
        id=data["id"],
        invitation=data["invitation"],
        to=Approver(*data["to"]),
        date=datetime.fromisoformat(data["date"]),
        boundary=data["boundary"],
        secret_id=data["secret_id"],
        facts=data["facts"],
    )
