"""Who gets which message: the connected workers, and the pump that feeds them.

Nothing is remembered here that the database could not tell again. A worker has a
window of messages it has not acted on; what does not fit stays in the database and
is claimed as the window opens. When a worker goes, what it had not acted on is given
back at once.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import Counter, deque
from typing import TYPE_CHECKING

from signoff.engine.addresses import any_queue, own_queue
from signoff.engine.errors import UnavailableError
from signoff.engine.outbox import RESEND, Message, claim, forget, give_back

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from signoff.engine.database import Database, Transaction

logger = logging.getLogger(__name__)

#: How many messages a worker may have without having acted on them: four times what
#: the SDK runs at once, so that it never waits for the next and never hoards.
WINDOW = 256

# A window is refilled when this much of it is free: one claim for many messages.
_REFILL = WINDOW // 2


# After how many seconds a delivery that failed is tried again.
_RETRY = 1.0


class Poller:
    """One connected worker."""

    def __init__(self, group: str, pid: str, number: int) -> None:
        """Describe a worker; ``number`` tells connections of one pid apart."""
        self.group, self.pid, self.number = group, pid, number
        #: The queues it serves.
        self.queues = (any_queue(group), own_queue(group, pid))
        #: Claimed for it and not yet written.
        self.waiting: deque[Message] = deque()
        #: Written and not yet acted on: task to message and when it was claimed.
        self.sent: dict[str, tuple[Message, int]] = {}
        #: Set when there is something to write, or it is to close.
        self.ready = asyncio.Event()
        self.closed = False
        #: When it last got something: the one idle longest is next.
        self.turn = 0

    def room(self, now: int) -> int:
        """Return how many more messages it may be given."""
        for task in self._stale(now):
            del self.sent[task]
        return max(0, WINDOW - len(self.waiting) - len(self.sent))

    def give(self, message: Message) -> None:
        """Give it a message to write."""
        self.waiting.append(message)
        self.ready.set()

    def close(self) -> None:
        """Have its connection end."""
        self.closed = True
        self.ready.set()

    def _stale(self, now: int) -> list[str]:
        # In the order sent, so the first that is fresh ends the search.
        old = itertools.takewhile(
            lambda item: item[1][1] + RESEND <= now, self.sent.items()
        )
        return [task for task, _ in old]


class Delivery:
    """The connected workers and the pump."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        """Deliver from a database; ``run`` does the work."""
        self._database, self._clock = database, clock
        self._pollers: dict[str, list[Poller]] = {}
        self._dirty: set[str] = set()
        self._starved: set[str] = set()
        self._written: list[int] = []
        self._holders: dict[str, Poller] = {}
        self._wake = asyncio.Event()
        self._numbers = itertools.count(1)
        self._closed = False

    @property
    def connected(self) -> int:
        """How many workers are connected."""
        return len(set(itertools.chain.from_iterable(self._pollers.values())))

    def connect(self, group: str, pid: str) -> Poller:
        """Let a worker in; what is due for it follows at once.

        Raises:
            UnavailableError: The engine is stopping.
        """
        if self._closed:
            raise UnavailableError("the engine is stopping")
        poller = Poller(group, pid, next(self._numbers))
        for queue in poller.queues:
            self._pollers.setdefault(queue, []).append(poller)
        self.due(poller.queues)
        return poller

    async def disconnect(self, poller: Poller) -> None:
        """Let a worker go and give back what it had not acted on."""
        for queue in poller.queues:
            served = self._pollers[queue]
            served.remove(poller)
            if not served:
                del self._pollers[queue]
        left = list(poller.waiting)
        for task, (message, _) in poller.sent.items():
            if self._holders.get(task) is poller:
                del self._holders[task]
                left.append(message)
        if left:
            await self._database.run(lambda tx: give_back(tx, left))

    def due(self, queues: Iterable[str]) -> None:
        """Hear that something may be due in these queues."""
        served = self._pollers.keys() & queues
        if served:
            self._dirty |= served
            self._wake.set()

    def due_anywhere(self) -> None:
        """Hear that something may be due in any queue."""
        self.due(list(self._pollers))

    def taken(self, tasks: Iterable[str]) -> None:
        """Hear that workers acted on these tasks, which opens their windows."""
        for task in tasks:
            holder = self._holders.pop(task, None)
            if holder is not None and holder.sent.pop(task, None):
                self._refill(holder)

    async def messages(self, poller: Poller, keepalive: float) -> Iterator[Message]:
        """Wait for what a worker is to be sent: nothing after ``keepalive`` seconds."""
        try:
            async with asyncio.timeout(keepalive):
                await poller.ready.wait()
        except TimeoutError:
            return iter(())
        poller.ready.clear()
        return self._take(poller)

    def written(self, message: Message) -> None:
        """Hear that a message has reached its worker's connection."""
        if message.unblock is not None:
            self._written.append(message.unblock)
            self._wake.set()

    async def run(self) -> None:
        """Feed the workers for ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            rooms, written = self._rooms(), self._written
            self._written = []
            try:
                await self._pump(rooms, written)
            except Exception:
                logger.exception("engine: delivery is tried again")
                self._dirty |= rooms.keys()
                self._written += written
                await asyncio.sleep(_RETRY)
                self._wake.set()

    def close(self) -> None:
        """End every worker's connection and let no more in."""
        self._closed = True
        for pollers in self._pollers.values():
            for poller in pollers:
                poller.close()

    async def _pump(self, rooms: dict[str, int], written: list[int]) -> None:
        def work(tx: Transaction) -> list[Message]:
            forget(tx, written)
            return claim(tx, rooms)

        claimed = await self._database.run(work)
        self._note_starved(rooms, claimed)
        # A worker may have gone while its messages were claimed.
        lost = [message for message in claimed if not self._dispatch(message)]
        if lost:
            await self._database.run(lambda tx: give_back(tx, lost))

    def _note_starved(self, rooms: dict[str, int], claimed: list[Message]) -> None:
        counts = Counter(message.queue for message in claimed)
        self._starved |= {
            queue for queue, room in rooms.items() if counts[queue] >= room
        }

    def _rooms(self) -> dict[str, int]:
        now = self._clock()
        rooms: dict[str, int] = {}
        for queue in self._dirty & self._pollers.keys():
            room = sum(poller.room(now) for poller in self._pollers[queue])
            if room:
                rooms[queue] = room
            else:
                self._starved.add(queue)
        self._dirty.clear()
        return rooms

    def _dispatch(self, message: Message) -> bool:
        poller = self._choose(message)
        if poller is None:
            return False
        poller.turn = next(self._numbers)
        poller.give(message)
        return True

    def _choose(self, message: Message) -> Poller | None:
        pollers = self._pollers.get(message.queue, ())
        preferred = [poller for poller in pollers if poller.pid == message.prefer]
        now = self._clock()
        return max(
            preferred or pollers,
            key=lambda poller: (poller.room(now) > 0, -poller.turn),
            default=None,
        )

    def _take(self, poller: Poller) -> Iterator[Message]:
        while poller.waiting:
            message = poller.waiting.popleft()
            if message.task is not None:
                poller.sent[message.task] = (message, self._clock())
                self._holders[message.task] = poller
            yield message
        self._refill(poller)

    def _refill(self, poller: Poller) -> None:
        starved = self._starved.intersection(poller.queues)
        if starved and poller.room(self._clock()) >= _REFILL:
            self._starved -= starved
            self.due(starved)
