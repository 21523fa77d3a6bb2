"""The two pipes between a supervisor and a child: its input, and its output.

They are our own and not asyncio's: with those, Python before 3.13.1 does not
notice that a child ended while a grandchild holds one of them open.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

#: A line longer than this is passed on in pieces.
_LONGEST_LINE = 64 * 1024
#: Seconds in which the last output of a child that ended is there.
_LAST_WORDS = 0.1


@dataclass(frozen=True)
class ChildPipes:
    """The ends that a child gets, and what it writes."""

    #: Its standard input: open for as long as we live, and always empty.
    stdin: int
    #: Its standard output and error.
    output: int
    #: What it wrote.
    reader: asyncio.StreamReader

    def hand_over(self) -> None:
        """Close the child's ends here, once it has them."""
        os.close(self.stdin)
        os.close(self.output)

    async def read_lines(
        self, hear: Callable[[bytes], None], ended: asyncio.Task[int]
    ) -> None:
        """Pass on each line until the child has ended and all it wrote was read.

        A grandchild may hold the output open for ever; it is not waited for.
        """
        pending = b""
        while chunk := await self._read_some(ended):
            *lines, pending = (pending + chunk).split(b"\n")
            if len(pending) > _LONGEST_LINE:
                lines, pending = [*lines, pending], b""
            for line in lines:
                hear(line)
        hear(pending)

    async def _read_some(self, ended: asyncio.Task[int]) -> bytes:
        reading = asyncio.ensure_future(self.reader.read(_LONGEST_LINE))
        await asyncio.wait({reading, ended}, return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            await asyncio.wait({reading}, timeout=_LAST_WORDS)
        if reading.done():
            return reading.result()
        reading.cancel()
        return b""


@asynccontextmanager
async def child_pipes() -> AsyncGenerator[ChildPipes]:
    """Make the pipes of one child; our ends are closed when the block ends.

    Raises:
        OSError: There are too many open files.
    """
    stdin, our_stdin = os.pipe()
    our_output, output = os.pipe()
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader),
        os.fdopen(our_output, "rb", buffering=0),
    )
    try:
        yield ChildPipes(stdin, output, reader)
    finally:
        transport.close()
        os.close(our_stdin)
