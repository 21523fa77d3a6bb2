"""What the engine counts, as Prometheus text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

# Of the size of a commit: 1 is no gain from sharing, 256 is a full batch.
_BUCKETS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


@dataclass(slots=True)
class Metrics:
    """Counters since the start, and one gauge kept up by each commit."""

    #: Promises that are pending.
    pending: int = 0
    #: Requests by kind and status; an unknown kind counts as ``other``.
    requests: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])
    #: Commits by the number of requests they held.
    commits: Counter[int] = field(default_factory=Counter[int])

    def text(self, *, connected: int) -> str:
        """Write the exposition format, with the number of connected workers."""
        return "\n".join(
            [
                *_head("pending_promises", "gauge", "Promises not settled yet."),
                f"signoff_engine_pending_promises {self.pending}",
                *_head("pollers", "gauge", "Workers connected to /poll."),
                f"signoff_engine_pollers {connected}",
                *_head("requests_total", "counter", "Requests by kind and status."),
                *(
                    f'signoff_engine_requests_total{{kind="{kind}",status="{status}"}}'
                    f" {count}"
                    for (kind, status), count in sorted(self.requests.items())
                ),
                *_head("commit_batch", "histogram", "Requests that share a commit."),
                *self._histogram(),
                "",
            ]
        )

    def _histogram(self) -> list[str]:
        name = "signoff_engine_commit_batch"
        total = self.commits.total()
        lines = [
            f'{name}_bucket{{le="{bound}"}}'
            f" {sum(n for size, n in self.commits.items() if size <= bound)}"
            for bound in _BUCKETS
        ]
        requests = sum(size * count for size, count in self.commits.items())
        return [
            *lines,
            f'{name}_bucket{{le="+Inf"}} {total}',
            f"{name}_sum {requests}",
            f"{name}_count {total}",
        ]


def _head(name: str, kind: str, text: str) -> tuple[str, str]:
    full = f"signoff_engine_{name}"
    return f"# HELP {full} {text}", f"# TYPE {full} {kind}"
