"""Who gets which message: the connected workers, and the pump that feeds them.

Nothing is remembered here that the database could not tell again. A worker has a
window of messages it has not acted on; what does not fit stays in the database and
is claimed as the window opens. When a worker goes, what it had not acted on is given
back at once. One that is there and does nothing (stopped, or cut off unnoticed) is
passed over while another is better, and its messages go to that one.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import Counter, deque
from typing import TYPE_CHECKING

import msgspec

from signoff.engine import wire
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

#: A worker with a message this old, in ms, is given others only if all are like it.
SLOW = 2_000

#: A message this old, in ms, goes to another worker if one is not slow.
OVERDUE = 5_000

# A window is refilled when this much of it is free: one claim for many messages.
_REFILL = WINDOW // 2

# After how many seconds a delivery that failed is tried again.
_RETRY = 1.0

_ACQUIRE = msgspec.json.Decoder(wire.TaskAcquire)

# While messages are out, each so many seconds it is seen whether any is overdue.
_LOOK = 1.0


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
        for task in list(self._sent_by(now - RESEND)):
            del self.sent[task]
        return max(0, WINDOW - len(self.waiting) - len(self.sent))

    def is_slow(self, now: int) -> bool:
        """Whether it has left a message for some time."""
        return any(self._sent_by(now - SLOW))

    def overdue(self, now: int) -> list[Message]:
        """Return the messages that another might have instead."""
        return [self.sent[task][0] for task in self._sent_by(now - OVERDUE)]

    def give(self, message: Message) -> None:
        """Give it a message to write."""
        self.waiting.append(message)
        self.ready.set()

    def close(self) -> None:
        """Have its connection end."""
        self.closed = True
        self.ready.set()

    def note_sent(self, task: str, message: Message, now: int) -> None:
        """Note that a message was written, in the order of writing."""
        self.sent.pop(task, None)
        self.sent[task] = (message, now)

    def _sent_by(self, instant: int) -> Iterator[str]:
        # In the order sent, so the first that is fresh ends the search.
        for task, (_, sent_at) in self.sent.items():
            if sent_at > instant:
                return
            yield task


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
        # Those who left a message until it went out again, and took none since.
        self._missing: set[Poller] = set()
        self._look: asyncio.TimerHandle | None = None
        self._wake = asyncio.Event()
        self._numbers = itertools.count(1)
        self._closed = False

    @property
    def connected(self) -> int:
        """How many workers are connected."""
        return len(self._connected())

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
        self._missing.discard(poller)
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
            if holder is not None:
                self._missing.discard(holder)
                holder.sent.pop(task, None)
                self._refill(holder)

    def heard(self, acquire: msgspec.Raw) -> None:
        """Hear that a worker acts on its messages, be it too late.

        Raises:
            RefusedError: 400, the data of an acquire is not in order.
        """
        if self._missing:
            pid = wire.read_data(acquire, _ACQUIRE).pid
            back = {one for one in self._missing if one.pid == pid}
            self._missing -= back
            for poller in back:
                self._refill(poller)

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
            overdue = self._take_overdue()
            rooms, written = self._rooms(), self._written
            self._written = []
            try:
                await self._pump(rooms, written, overdue)
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

    async def _pump(
        self, rooms: dict[str, int], written: list[int], overdue: list[Message]
    ) -> None:
        if not (rooms or written or overdue):
            return

        def work(tx: Transaction) -> list[Message]:
            forget(tx, written)
            give_back(tx, overdue)
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
            pollers = self._pollers[queue]
            able = [one for one in pollers if one not in self._missing] or pollers
            room = sum(poller.room(now) for poller in able)
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
        last = self._last_holder(message)
        now = self._clock()

        def merit(poller: Poller) -> tuple[bool, bool, bool, bool, int]:
            return (
                poller.room(now) > 0,
                not self._is_slow(poller, now),
                poller is not last,
                poller.pid == message.prefer,
                -poller.turn,
            )

        return max(self._pollers.get(message.queue, ()), key=merit, default=None)

    def _last_holder(self, message: Message) -> Poller | None:
        # It is sent again, so the one who had it last missed it.
        last = self._holders.get(message.task or "")
        if last is not None and last in self._pollers.get(message.queue, ()):
            self._note_missed(last, message)
        return last

    def _note_missed(self, poller: Poller, message: Message) -> None:
        poller.sent.pop(message.task or "", None)
        self._missing.add(poller)

    def _is_slow(self, poller: Poller, now: int) -> bool:
        return poller in self._missing or poller.is_slow(now)

    def _take_overdue(self) -> list[Message]:
        now = self._clock()
        found: list[Message] = []
        for poller in self._connected():
            for message in poller.overdue(now):
                if self._has_better(message, now):
                    found.append(message)
                    self._note_missed(poller, message)
        self._dirty |= {message.queue for message in found}
        return found

    def _has_better(self, message: Message, now: int) -> bool:
        # Who has an overdue message is slow, and so none of these.
        return any(
            poller.room(now) > 0 and not self._is_slow(poller, now)
            for poller in self._pollers.get(message.queue, ())
        )

    def _connected(self) -> set[Poller]:
        return set(itertools.chain.from_iterable(self._pollers.values()))

    def _watch(self) -> None:
        if self._look is None:
            loop = asyncio.get_running_loop()
            self._look = loop.call_later(_LOOK, self._look_again)

    def _look_again(self) -> None:
        self._look = None
        self._wake.set()
        if any(poller.sent for poller in self._connected()):
            self._watch()

    def _take(self, poller: Poller) -> Iterator[Message]:
        while poller.waiting:
            message = poller.waiting.popleft()
            if message.task is not None:
                poller.note_sent(message.task, message, self._clock())
                self._holders[message.task] = poller
                self._watch()
            yield message
        self._refill(poller)

    def _refill(self, poller: Poller) -> None:
        starved = self._starved.intersection(poller.queues)
        if starved and poller.room(self._clock()) >= _REFILL:
            self._starved -= starved
            self.due(starved)
