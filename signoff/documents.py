"""A workflow's document, put into lines for a person at a terminal."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from signoff.escaping import escape_text

type Members = Mapping[str, Any]


def describe_document(document: Members) -> Iterator[str]:
    """Yield the lines of a document as the HTTP gateway gives it.

    Whatever people wrote in it is escaped; a member that is missing is left out.
    """
    yield _line(f"{document.get('workflow_id', '?')}: {document.get('state', '?')}")
    for waiting in document.get("waiting_for") or ():
        yield from _describe_waiting(waiting)
    if decision := document.get("decision"):
        yield from _describe_decision(decision)
    if document.get("result") is not None:
        yield _line(f"  result: {json.dumps(document['result'], ensure_ascii=False)}")
    if document.get("error"):
        yield _line(f"  error: {document['error']}")


def _describe_waiting(waiting: Members) -> Iterator[str]:
    detail = f", {waiting['detail']}" if waiting.get("detail") else ""
    since = f" since {waiting['since']}" if waiting.get("since") else ""
    delivery = f" (mail {waiting['delivery']}{detail})" if "delivery" in waiting else ""
    yield _line(f"  waiting for {waiting.get('approver', '?')}{since}{delivery}")


def _describe_decision(decision: Members) -> Iterator[str]:
    outcome, reason = decision.get("outcome", "?"), decision.get("reason", "?")
    yield _line(f"  {outcome} ({reason}) at {decision.get('decided_at', '?')}")
    for response in decision.get("responses") or ():
        comment = f": {response['comment']}" if response.get("comment") else ""
        who, how = response.get("approver", "?"), response.get("channel", "?")
        yield _line(f"  {who} chose {response.get('choice', '?')} by {how}{comment}")


def _line(text: str) -> str:
    return escape_text(text)
