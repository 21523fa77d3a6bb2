"""The bridge from Flask's threads to the one event loop that talks to the engine."""

import asyncio
import concurrent.futures
import threading
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from signoff.errors import EngineUnavailableError

#: What one view may wait for the engine, whatever it asks: as long as a single
#: call of `signoff.ports` may take, so that 503 comes after 10 s and not later.
CALL_LIMIT = timedelta(seconds=10)


class Bridge:
    """Runs coroutines of views on an event loop of another thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._waiting: set[concurrent.futures.Future[Any]] = set()
        self._closed = False

    def call[T](self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a use case on the loop and return what it returns.

        It is cancelled after `CALL_LIMIT`.

        Raises:
            EngineUnavailableError: It did not end in time.
        """
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        return _result(future, CALL_LIMIT)

    def wait[T](self, coroutine: Coroutine[Any, Any, T], *, limit: timedelta) -> T:
        """Run what may wait for a person, and so ends when the bridge closes.

        Args:
            coroutine: What to run; it is cancelled at the limit.
            limit: How long the calling thread waits.

        Raises:
            EngineUnavailableError: It did not end in time, or the bridge closed.
        """
        future = self._submit(coroutine)
        try:
            return _result(future, limit)
        finally:
            with self._lock:
                self._waiting.discard(future)

    def close(self) -> None:
        """End what waits for a person; what is on its way comes to its end."""
        with self._lock:
            self._closed = True
            waiting = list(self._waiting)
        for future in waiting:
            future.cancel()

    def _submit[T](
        self, coroutine: Coroutine[Any, Any, T]
    ) -> concurrent.futures.Future[T]:
        with self._lock:
            if self._closed:
                coroutine.close()
                raise EngineUnavailableError("this gateway is stopping")
            future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
            self._waiting.add(future)
            return future


def _result[T](future: concurrent.futures.Future[T], limit: timedelta) -> T:
    try:
        return future.result(limit.total_seconds())
    except TimeoutError as error:
        future.cancel()
        seconds = limit.total_seconds()
        raise EngineUnavailableError(f"no answer in {seconds:g} s") from error
    except concurrent.futures.CancelledError as error:
        raise EngineUnavailableError("this gateway is stopping") from error
