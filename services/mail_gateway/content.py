"""Receive the content of a message: what comes between DATA and its final dot.

Lines may be of any length: it is the whole that has a limit. A message that is
over it is read to its end all the same, since its sender listens only then, but
nothing of it is held. Searching is done on all that has arrived, not line by
line: ten million empty lines cost no more than a photograph.
"""

from asyncio import IncompleteReadError, StreamReader
from enum import Enum, auto

#: RFC 5321 §4.1.1.4: only this ends a message. To end it at a dot between bare
#: line feeds as well would be to see messages that other servers did not see.
_END = b"\r\n.\r\n"
#: The end of a line before the final dot belongs to the message.
_FINAL_DOT = len(b".\r\n")
#: More than a reader ever buffers, so that it is empty after a read.
_ALL = 1024 * 1024


class Overflow(Enum):
    """Why a message was not held."""

    #: It is larger than any may be.
    TOO_BIG = auto()
    #: All messages that are arriving are larger than there is room for.
    NO_ROOM = auto()


class Room:
    """Memory for all the messages that are arriving."""

    def __init__(self, octets: int) -> None:
        self._free = octets

    def take(self, octets: int) -> bool:
        """Set memory aside; False: there is not that much."""
        if octets > self._free:
            return False
        self._free -= octets
        return True

    def give(self, octets: int) -> None:
        """Give back what was taken."""
        self._free += octets


class Content:
    """The content of one message."""

    def __init__(self, *, limit: int, room: Room) -> None:
        self._limit = limit + _FINAL_DOT
        self._room = room
        self._octets = bytearray()
        self._held = 0
        self._overflow: Overflow | None = None

    async def receive(self, reader: StreamReader) -> bytes | Overflow:
        """Read to the end of the message; dots are unstuffed (RFC 5321 §4.5.2).

        What came after it stays in the reader.

        Raises:
            IncompleteReadError: The connection ended first.
        """
        before = b"\r\n"  # a message begins where a line begins
        while part := await reader.read(_ALL):
            window = before + part
            end = window.find(_END)
            if end >= 0:
                rest = window[end + len(_END) :]
                self._add(part.removesuffix(rest))
                reader.feed_data(rest)
                return self._overflow or self._unstuff()
            self._add(part)
            before = window[1 - len(_END) :]
        raise IncompleteReadError(b"", None)

    def free(self) -> None:
        """Give back the memory that the message takes."""
        self._room.give(self._held)
        self._held = 0
        self._octets.clear()

    def _add(self, part: bytes) -> None:
        if self._overflow is not None:
            return
        if self._held + len(part) > self._limit:
            self._overflow = Overflow.TOO_BIG
        elif not self._room.take(len(part)):
            self._overflow = Overflow.NO_ROOM
        if self._overflow is None:
            self._octets += part
            self._held += len(part)
        else:
            self.free()

    def _unstuff(self) -> bytes:
        del self._octets[-_FINAL_DOT:]
        lines = b"\r\n" + self._octets
        self._octets.clear()
        return lines.replace(b"\r\n.", b"\r\n").removeprefix(b"\r\n")
