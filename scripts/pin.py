# noqa: INP001 (a script beside the packages, not one of them)
"""Pin every dependency: one resolution, written down twice.

``python scripts/pin.py`` resolves what pyproject.toml asks for to the newest
versions and writes

- ``[tool.uv] constraint-dependencies`` in pyproject.toml: the exact version of
  everything, tools of developers included, for every system and Python;
- ``requirements.txt``: what the image installs, with the hashes of its files.

Neither names an index, so both install from whichever mirror a machine is set up
for. That is why uv.lock, which does, is not committed. Needs ``uv`` on PATH and
nothing installed: pins that no longer fit could not be replaced by ``uv run``.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT, REQUIREMENTS = "pyproject.toml", "requirements.txt"
_HEADER = "# Written by scripts/pin.py, with [tool.uv] of pyproject.toml.\n"
_CONSTRAINTS = re.compile(
    r"^constraint-dependencies = \[.*?\]$", re.MULTILINE | re.DOTALL
)
#: What uv needs beside the project to resolve it.
_BESIDE = (".python-version", "README.md")
_EXPORT = (
    "export",
    "--frozen",
    "--format=requirements-txt",
    "--no-header",
    "--no-annotate",
    "--no-emit-project",
)


class PinError(Exception):
    """Nothing was pinned; the message says why."""


def main() -> int:
    """Resolve and write; return the exit code."""
    try:
        project = (ROOT / PROJECT).read_text(encoding="utf-8")
        pins, requirements = resolve(project)
        pinned = with_constraints(project, pins)
    except PinError as error:
        print(f"pin: {error}", file=sys.stderr)  # noqa: T201 (for a person)
        return 1
    (ROOT / PROJECT).write_text(pinned, encoding="utf-8")
    (ROOT / REQUIREMENTS).write_text(_HEADER + requirements, encoding="utf-8")
    print(f"pinned {len(pins)} packages")  # noqa: T201 (for a person)
    return 0


def resolve(project: str) -> tuple[list[str], str]:
    """Resolve a project to its newest dependencies.

    Args:
        project: The text of its pyproject.toml; earlier pins do not count.

    Returns:
        A requirement such as ``idna==3.20`` for each package, and the hashed
        requirements of the runtime as text.

    Raises:
        PinError: uv is missing or failed, or named an index.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in _BESIDE:
            shutil.copy(ROOT / file, folder / file)
        free = with_constraints(project, [])
        (folder / PROJECT).write_text(free, encoding="utf-8")
        _run_uv(folder, ("lock",))
        pins = _run_uv(folder, (*_EXPORT, "--all-groups", "--no-hashes"))
        requirements = _run_uv(folder, (*_EXPORT, "--no-default-groups"))
    if "://" in pins + requirements:
        raise PinError("an index got into the pins; give dependencies by name")
    return pins.splitlines(), requirements


def with_constraints(project: str, pins: Sequence[str]) -> str:
    """Return the text of a pyproject.toml with these pins in place of its own.

    Raises:
        PinError: It has no ``constraint-dependencies`` of its own.
    """
    lines = "".join(f'    "{pin}",\n' for pin in pins)
    written = f"constraint-dependencies = [\n{lines}]"
    changed, places = _CONSTRAINTS.subn(lambda _: written, project)
    if places != 1:
        raise PinError(f"{PROJECT} needs one constraint-dependencies in [tool.uv]")
    return changed


def _run_uv(folder: Path, arguments: Sequence[str]) -> str:
    uv = shutil.which("uv")
    if uv is None:
        raise PinError("uv is not on PATH; install it by `pip install uv`")
    done = subprocess.run(  # noqa: S603 (our own arguments, no shell)
        (uv, *arguments),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise PinError(f"uv {arguments[0]} failed:\n{done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
