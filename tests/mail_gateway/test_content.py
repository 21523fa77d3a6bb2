"""Receiving the content of a message."""

import asyncio

import pytest

from services.mail_gateway.content import Content, Overflow, Room

LIMIT = 1000


def open_reader(*parts: bytes) -> asyncio.StreamReader:
    """Return a reader that gets its octets in parts, each only once it waits."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()

    def feed(index: int) -> None:
        if index < len(parts):
            reader.feed_data(parts[index])
            loop.call_soon(loop.call_soon, feed, index + 1)
        else:
            reader.feed_eof()

    loop.call_soon(feed, 0)
    return reader


async def receive(
    *parts: bytes, limit: int = LIMIT, room: int = LIMIT
) -> bytes | Overflow:
    """Receive what comes in parts."""
    content = Content(limit=limit, room=Room(room))
    async with asyncio.timeout(5):
        return await content.receive(open_reader(*parts))


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param(b".\r\n", b"", id="nothing"),
        pytest.param(b"a\r\n.\r\n", b"a\r\n", id="a-line"),
        pytest.param(b"..a\r\n.\r\n", b".a\r\n", id="a-stuffed-dot"),
        pytest.param(b".a\r\n.\r\n", b"a\r\n", id="a-dot-that-was-not-stuffed"),
        pytest.param(b"...\r\n.\r\n", b"..\r\n", id="only-dots"),
        pytest.param(b"a\n.\n\r\n.\r\n", b"a\n.\n\r\n", id="bare-line-feeds"),
        pytest.param(b"a\n.\r\n.\r\n", b"a\n.\r\n", id="smuggling-lf-dot-crlf"),
        pytest.param(b"a\r\n.\n\r\n.\r\n", b"a\r\n\n\r\n", id="smuggling-crlf-dot-lf"),
        pytest.param(b"a\r.\r\r\n.\r\n", b"a\r.\r\r\n", id="bare-carriage-returns"),
        pytest.param(b"\xff\0\r\n.\r\n", b"\xff\0\r\n", id="any-octets"),
    ],
)
async def test_content_ends_at_a_dot_between_line_ends(
    sent: bytes, expected: bytes
) -> None:
    """Only CRLF ends a line, so only CRLF.CRLF ends a message."""
    assert await receive(sent) == expected


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param(b".\r\n", b"", id="nothing"),
        pytest.param(b"\r\n.\r\n", b"\r\n", id="an-empty-line"),
        pytest.param(b"ab\r\n..\r\n.\r\n", b"ab\r\n.\r\n", id="a-stuffed-dot"),
        pytest.param(b"..\r\r\n.\r\n", b".\r\r\n", id="a-bare-carriage-return"),
    ],
)
async def test_it_does_not_matter_how_it_arrives(
    sent: bytes, expected: bytes, size: int
) -> None:
    """The end is found in whatever parts it comes."""
    parts = [sent[at : at + size] for at in range(0, len(sent), size)]
    assert await receive(*parts) == expected


@pytest.mark.parametrize(
    ("limit", "room", "expected"),
    [
        pytest.param(102, 105, b"x" * 100 + b"\r\n", id="just-fits"),
        pytest.param(101, 105, Overflow.TOO_BIG, id="over-the-limit"),
        pytest.param(102, 101, Overflow.NO_ROOM, id="no-room"),
    ],
)
async def test_what_does_not_fit_is_not_held(
    limit: int, room: int, expected: bytes | Overflow
) -> None:
    """A message over a limit is read to its end, and dropped."""
    parts = (b"x" * 100, b"\r\n.\r\n")
    assert await receive(*parts, limit=limit, room=room) == expected


async def test_what_follows_stays_in_the_reader() -> None:
    """A client that does not wait for its reply is served all the same."""
    reader = open_reader(b"a\r\n.\r\nQUIT\r\n")
    content = Content(limit=LIMIT, room=Room(LIMIT))
    assert await content.receive(reader) == b"a\r\n"
    assert await reader.readline() == b"QUIT\r\n"


async def test_a_message_without_end_is_none() -> None:
    """Where the connection ends first there is nothing to take."""
    with pytest.raises(asyncio.IncompleteReadError):
        await receive(b"a\r\n")


async def test_memory_is_given_back() -> None:
    """What one message took, the next can take."""
    room = Room(11)
    for _ in range(2):
        content = Content(limit=10, room=room)
        received = await content.receive(open_reader(b"123456\r\n.\r\n"))
        assert received == b"123456\r\n"
        content.free()
