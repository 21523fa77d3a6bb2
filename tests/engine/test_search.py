"""Search: by state and tags, page by page, without reading everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from signoff.engine import search

from .desk import GROUP

if TYPE_CHECKING:
    from .desk import Desk


def find(desk: Desk, limit: int = 1000, **query: Any) -> list[str]:
    """Search page by page; return the ids of all pages."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = desk.ok("promise.search", limit=limit, **query, **cursor)
        found += [promise["id"] for promise in page["promises"]]
        if "cursor" not in page:
            return found
        cursor = {"cursor": page["cursor"]}


@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
def test_tag_search_pages_through_all(desk: Desk, limit: int) -> None:
    """Each promise with the tag is found once, in the order of ids."""
    for number in (3, 1, 6, 2, 5, 4):
        desk.promise(f"p{number}", flow="a")
        desk.promise(f"q{number}", flow="b")
    assert find(desk, limit, tags={"flow": "a"}) == [f"p{n}" for n in range(1, 7)]


def test_page_says_whether_there_is_more(desk: Desk) -> None:
    """A cursor comes with a page that is not the last, and only then."""
    for number in range(4):
        desk.promise(f"p{number}", flow="a")
    first = desk.ok("promise.search", tags={"flow": "a"}, limit=2)
    last = desk.ok(
        "promise.search", tags={"flow": "a"}, limit=2, cursor=first["cursor"]
    )
    assert [promise["id"] for promise in last["promises"]] == ["p2", "p3"]
    assert "cursor" not in last


QUERIES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "all": ({}, ["r", "r:1", "r:1.1", "r:2", "rr"]),
    "state": ({"state": "pending"}, ["r", "r:1", "r:2", "rr"]),
    "resolved": ({"state": "resolved"}, ["r:1.1"]),
    "none-of-it": ({"state": "rejected"}, []),
    "origin": ({"tags": {"resonate:origin": "r"}}, ["r", "r:1", "r:1.1", "r:2"]),
    "parent": ({"tags": {"resonate:parent": "r"}}, ["r", "r:1", "r:2"]),
    "deeper-parent": ({"tags": {"resonate:parent": "r:1"}}, ["r:1.1"]),
    "branch": ({"tags": {"resonate:branch": "r:1"}}, ["r:1", "r:1.1"]),
    "target": ({"tags": {"resonate:target": GROUP}}, ["r", "r:2"]),
    "two-tags": ({"tags": {"color": "blue", "size": "9"}}, ["r:2"]),
    "tag-and-state": ({"tags": {"color": "blue"}, "state": "pending"}, ["r:2", "rr"]),
    "tag-and-engine-tag": (
        {"tags": {"resonate:origin": "r", "color": "blue"}},
        ["r:1.1", "r:2"],
    ),
    "no-such-value": ({"tags": {"color": "red"}}, []),
}


@pytest.mark.parametrize("limit", [1, 1000], ids=["by-one", "at-once"])
@pytest.mark.parametrize(("query", "ids"), QUERIES.values(), ids=QUERIES)
def test_filters(desk: Desk, query: dict[str, Any], ids: list[str], limit: int) -> None:
    """Filters are met all together, whatever drives the search."""
    desk.promise("r", target=GROUP, origin="r", parent="r", branch="r")
    desk.promise("r:1", origin="r", parent="r", branch="r:1")
    desk.promise("r:1.1", origin="r", parent="r:1", branch="r:1", color="blue")
    desk.promise("r:2", target=GROUP, origin="r", parent="r", color="blue", size="9")
    desk.promise("rr", color="blue")
    desk.resolve("r:1.1")
    assert find(desk, limit, **query) == ids


@pytest.mark.parametrize("tags", [{}, {"color": "blue"}], ids=["by-state", "by-tag"])
@pytest.mark.parametrize(
    ("state", "ids"),
    [
        ("pending", ["d"]),
        ("rejected_timedout", ["a", "c"]),
        ("resolved", ["b", "e"]),
    ],
)
def test_overdue_promises_show_as_timed_out(
    desk: Desk, tags: dict[str, str], state: str, ids: list[str]
) -> None:
    """A promise past its deadline is never shown as pending, touched or not."""
    for promise_id in ("a", "c"):
        desk.promise(promise_id, timeout=10, color="blue")
    desk.promise("b", timeout=10, timer="true", color="blue")
    desk.promise("d", color="blue")
    desk.promise("e", color="blue")
    desk.resolve("e")
    desk.clock.now += 10
    desk.ok("promise.get", id="c")
    assert find(desk, 1, state=state, tags=tags) == ids


def test_a_page_reads_a_bounded_number(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where few match, pages are short and their cursors lead on to all."""
    monkeypatch.setattr(search, "READ_LIMIT", 3)
    for number in range(10):
        desk.promise(f"p{number}", flow="a")
    desk.resolve("p7")
    page = desk.ok("promise.search", state="resolved", tags={"flow": "a"})
    assert page == {"promises": [], "cursor": "p2"}
    assert find(desk, state="resolved", tags={"flow": "a"}) == ["p7"]


def test_a_page_has_a_bounded_size(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large values make pages short, and their cursors lead on to all."""
    monkeypatch.setattr(search, "SIZE_LIMIT", 100)
    for number in range(4):
        desk.promise(f"p{number}")
        desk.resolve(f"p{number}", "x" * 60)
    assert len(desk.ok("promise.search")["promises"]) == 2
    assert find(desk) == ["p0", "p1", "p2", "p3"]


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 1001}, {"state": "open"}, {"tags": {"a": 1}}, {"tags": 1}],
)
def test_bad_query_is_refused(desk: Desk, query: dict[str, Any]) -> None:
    """A query that makes no sense is refused."""
    assert desk.ask("promise.search", **query)[0] == 400
