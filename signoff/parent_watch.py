"""A child of `signoff up` ends when that is gone, however it ended.

The parent holds the other end of our standard input, which the kernel closes
with it. Meanwhile each child shares a lock, so that the next `signoff up` can
wait until the last of them let go of its port.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path

from signoff.data_lock import hold_shared_lock
from signoff.internal_names import PARENT

#: Seconds that a clean stop may take; `signoff up` gives as many. More than a
#: worker takes to finish the step that it is in (`connections.DRAIN_LIMIT`).
STOP_GRACE = 40.0


def watch_parent(on_gone: Callable[[], None], *, limit: float = STOP_GRACE) -> None:
    """Call `on_gone` when whoever holds our standard input is gone.

    It does nothing unless `PARENT` is set. A thread watches, so that an
    event loop that hangs cannot keep an orphan alive past the limit.

    Args:
        on_gone: Called in the watching thread.
        limit: Seconds after which this process then ends hard.
    """
    lock = os.environ.get(PARENT)
    if not lock:
        return
    hold_shared_lock(Path(lock))

    def wait_for_end() -> None:
        while os.read(0, 1024):
            pass
        on_gone()
        threading.Event().wait(limit)
        os._exit(1)

    threading.Thread(target=wait_for_end, name="parent watch", daemon=True).start()
