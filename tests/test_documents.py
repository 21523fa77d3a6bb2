"""A document is put into lines that a person can trust."""

import pytest

from signoff.documents import describe_document

RESPONSE = {"approver": "ada@example.com", "choice": "reject", "channel": "reply"}
DECISION = {
    "outcome": "reject",
    "reason": "unmeetable",
    "decided_at": "2026-01-01T00:00:00Z",
    "responses": [RESPONSE | {"comment": "too\ndear\x1b[1m"}],
}


@pytest.mark.parametrize(
    ("document", "lines"),
    [
        (
            {"workflow_id": "w", "state": "pending", "waiting_for": [
                {"approver": "a@b", "since": "now", "delivery": "deferred",
                 "detail": "451 later"}]},
            ["w: pending", "  waiting for a@b since now (mail deferred, 451 later)"],
        ),
        (
            {"workflow_id": "w", "state": "decided", "decision": DECISION},
            ["w: decided", "  reject (unmeetable) at 2026-01-01T00:00:00Z",
             "  ada@example.com chose reject by reply: too\\ndear\\x1b[1m"],
        ),
        (
            {"workflow_id": "w", "state": "decided", "result": {"paid": False}},
            ["w: decided", '  result: {"paid": false}'],
        ),
        (
            {"workflow_id": "w", "state": "failed", "error": "ValueError: no"},
            ["w: failed", "  error: ValueError: no"],
        ),
        ({}, ["?: ?"]),
    ],
    ids=["pending", "decided", "result", "failed", "nothing"],
)  # fmt: skip
def test_each_state_has_its_lines(
    document: dict[str, object], lines: list[str]
) -> None:
    """What is missing is left out, and nobody's comment moves the cursor."""
    assert list(describe_document(document)) == lines
