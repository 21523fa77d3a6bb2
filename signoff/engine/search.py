"""``promise.search``: by state and tags, in the order of ids, page by page.

A page reads a bounded number of promises. The most telling filter drives the search
(a tag of the user's, then a lineage, then the state), the others are checked on what
it yields; so a page may hold fewer than asked for and still carry a cursor.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import msgspec

from signoff.engine.promises import below
from signoff.engine.records import Promise, Reply, promise_record
from signoff.engine.settlement import ENGINE_TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from signoff.engine.database import Transaction
    from signoff.engine.wire import PromiseSearch

#: What a page holds unless told.
DEFAULT_LIMIT = 100

#: How many promises one page may read: some 20 ms, in which nobody else is served.
READ_LIMIT = 2_000

#: How many bytes of params and values a page may hold before it ends.
SIZE_LIMIT = 4 * 1024 * 1024

_decode_tags = msgspec.json.Decoder(dict[str, str]).decode


def search(tx: Transaction, request: PromiseSearch) -> Reply:
    """``promise.search``: a page, with a cursor where there may be more."""
    limit = request.limit or DEFAULT_LIMIT
    found: list[Promise] = []
    size, cursor = 0, None
    for read, kept in enumerate(_candidates(tx, request), start=1):
        if len(found) == limit:
            cursor = found[-1].id
            break
        promise = kept.as_timed_out() if kept.is_overdue(tx.now) else kept
        if _matches(promise, request):
            found.append(promise)
            size += len(promise.param) + len(promise.value)
        if read == READ_LIMIT or size >= SIZE_LIMIT:
            cursor = promise.id
            break
    page = {"promises": [promise_record(promise) for promise in found]}
    return Reply(200, page if cursor is None else {**page, "cursor": cursor})


def _matches(promise: Promise, request: PromiseSearch) -> bool:
    if request.state is not None and promise.state != request.state:
        return False
    if not request.tags:
        return True
    return request.tags.items() <= _decode_tags(promise.tags).items()


def _candidates(tx: Transaction, request: PromiseSearch) -> Iterator[Promise]:
    after = request.cursor or ""
    tags = request.tags or {}
    own = next((name for name in tags if not name.startswith(ENGINE_TAGS)), None)
    if own is not None:
        return _tagged(tx, own, tags[own], after)
    if "resonate:branch" in tags:
        return _of_branch(tx, tags["resonate:branch"], after)
    for name in ("resonate:parent", "resonate:origin"):
        if name in tags:
            return _of_lineage(tx, tags[name], after)
    if request.state is not None:
        return _of_state(tx, request.state, after)
    return _rows(tx, "SELECT * FROM promises WHERE id > ? ORDER BY id", after)


def _tagged(tx: Transaction, name: str, value: str, after: str) -> Iterator[Promise]:
    sql = (
        "SELECT p.* FROM tags t CROSS JOIN promises p ON p.id = t.id"
        " WHERE t.name = ? AND t.value = ? AND t.id > ? ORDER BY t.id"
    )
    return _rows(tx, sql, name, value, after)


def _of_branch(tx: Transaction, branch: str, after: str) -> Iterator[Promise]:
    sql = (
        "SELECT * FROM promises INDEXED BY promises_by_branch"
        " WHERE branch = ? AND id > ? ORDER BY id"
    )
    return _rows(tx, sql, branch, after)


def _of_lineage(tx: Transaction, ancestor: str, after: str) -> Iterator[Promise]:
    own = "SELECT * FROM promises WHERE id = ? AND id > ?"
    yield from _rows(tx, own, ancestor, after)
    first = below(ancestor)
    # The next prefix of that length: where the ids that begin with this one end.
    end = first[:-1] + chr(ord(first[-1]) + 1)
    sql = "SELECT * FROM promises WHERE id > ? AND id < ? ORDER BY id"
    yield from _rows(tx, sql, max(first, after), end)


def _of_state(tx: Transaction, state: str, after: str) -> Iterator[Promise]:
    sql = (
        "SELECT * FROM promises INDEXED BY promises_by_state"
        " WHERE state = ? AND id > ? ORDER BY id"
    )
    kept = _rows(tx, sql, state, after)
    if state not in {"resolved", "rejected_timedout"}:
        return kept
    # Kept as pending, but past their deadline and so in this state by now.
    overdue = _rows(tx, sql, "pending", after)
    return heapq.merge(kept, overdue, key=lambda promise: promise.id)


def _rows(tx: Transaction, sql: str, *values: str) -> Iterator[Promise]:
    for row in tx.run(sql, *values):
        yield Promise(*row)
