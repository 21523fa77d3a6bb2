"""Our services are found as cloned and as installed, and nobody else's are."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from signoff.processes import mailpit_env, service_module, templates_dir

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder that looks like a clone: the package, and services beside it."""
    shutil.copytree(ROOT / "signoff", tmp_path / "clone" / "signoff")
    _write_service(tmp_path / "clone" / "services", "ours")
    return tmp_path / "clone"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder that looks like site-packages: the services inside the package."""
    shutil.copytree(ROOT / "signoff", tmp_path / "site" / "signoff")
    _write_service(tmp_path / "site" / "signoff" / "services", "ours")
    return tmp_path / "site"


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    """A user's folder with a package that happens to be called services."""
    _write_service(tmp_path / "user" / "services", "theirs")
    return tmp_path / "user"


def _write_service(services: Path, whose: str) -> None:
    (services / "worker").mkdir(parents=True)
    for folder in (services, services / "worker"):
        (folder / "__init__.py").touch()
    (services / "worker" / "sibling.py").write_text(f"WHOSE = {whose!r}\n")
    (services / "worker" / "main.py").write_text("from .sibling import WHOSE\n")


_OURS = """
from signoff.processes import service_module
print(service_module("worker.main").WHOSE, service_module("worker.main").__name__)
"""
_THEIRS = "from services.worker.main import WHOSE; print(WHOSE)\n"


def _run(program: str, *path: Path) -> list[str]:
    """Run a program with folders first on Python's path; return its lines."""
    code = f"import sys\nsys.path[:0] = {[str(folder) for folder in path]}\n{program}"
    done = subprocess.run(  # noqa: S603 (a program of this test's own)
        [sys.executable, "-P", "-c", code], check=True, capture_output=True, text=True
    )
    return done.stdout.splitlines()


def test_a_checkout_has_them_beside_the_package(checkout: Path) -> None:
    """They have the name under which tests import them."""
    assert _run(_OURS, checkout) == ["ours services.worker.main"]


def test_a_wheel_has_them_inside_the_package(installed: Path) -> None:
    """The wheel installs one top-level name."""
    assert _run(_OURS, installed) == ["ours signoff.services.worker.main"]


@pytest.mark.parametrize("program", [_OURS + _THEIRS, _THEIRS + _OURS])
@pytest.mark.parametrize("layout", ["checkout", "installed"])
def test_a_package_of_the_user_is_neither_hidden_nor_taken(
    program: str, layout: str, stranger: Path, request: pytest.FixtureRequest
) -> None:
    """Whoever comes first on the path, each gets his own."""
    lines = _run(program, stranger, request.getfixturevalue(layout))
    assert set(lines) == {"ours signoff.services.worker.main", "theirs"}


def test_a_folder_of_that_name_without_our_package_is_not_taken(
    stranger: Path, tmp_path: Path
) -> None:
    """Without services of ours there are none."""
    shutil.copytree(ROOT / "signoff", tmp_path / "bare" / "signoff")
    with pytest.raises(subprocess.CalledProcessError) as caught:
        _run(_OURS, stranger, tmp_path / "bare")
    assert "FileNotFoundError" in caught.value.stderr


def test_an_unknown_service_is_not_found() -> None:
    """The error is Python's own."""
    with pytest.raises(ModuleNotFoundError, match="nothing_of_ours"):
        service_module("nothing_of_ours.main")


def test_what_lies_beside_the_package_is_found() -> None:
    """Templates and Mailpit's settings are those of this checkout."""
    assert templates_dir() == ROOT / "templates"
    assert mailpit_env() == ROOT / "mailpit.env"
