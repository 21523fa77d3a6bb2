"""Who runs whom, read from Linux's ``/proc``."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_NAME = "SIGNOFF_INTERNAL_NAME="


def children_of(parent: int) -> dict[str, int]:
    """Return the processes that a `signoff up` runs, by the names it gave them."""
    named = {_name(pid): pid for pid in _all() if _parent(pid) == parent}
    return {name: pid for name, pid in named.items() if name}


def runs(pid: int) -> bool:
    """Say whether a process runs; one that only waits to be buried does not."""
    with suppress(OSError):
        return bool((Path("/proc") / str(pid) / "exe").readlink())
    return False


def _all() -> Iterator[int]:
    return (int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit())


def _parent(pid: int) -> int | None:
    with suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text()
        return int(stat.rpartition(")")[2].split()[1])
    return None


def _name(pid: int) -> str:
    """Return what a process is called; empty for one that has ended."""
    with suppress(OSError):
        environ = Path(f"/proc/{pid}/environ").read_text(errors="replace").split("\0")
        given = [each for each in environ if each.startswith(_NAME)]
        if given:
            return given[0].removeprefix(_NAME)
        command = Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
        return "mailpit" if "mailpit" in command else ""
    return ""
