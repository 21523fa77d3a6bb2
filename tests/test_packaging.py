"""What is installed: the wheel, tried elsewhere, and the pins behind it."""

import ast
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import tomllib
import zipfile
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from signoff.probe import free_port

ROOT = Path(__file__).resolve().parent.parent
#: What the wheel is built from.
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "mailpit.env")
FOLDERS = ("signoff", "services", "templates")
UV = os.environ.get("UV") or shutil.which("uv")
#: Seconds within which everything is there on a slow machine with cold bytecode.
LIMIT = 60

needs_uv = pytest.mark.skipif(UV is None, reason="uv is not on PATH (pip install uv)")


def run(*command: str | Path, cwd: Path, **environ: str) -> str:
    """Run a command to its end, which has to be good, and return its output."""
    done = subprocess.run(  # noqa: S603 (this file's own commands, no shell)
        command,
        cwd=cwd,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of what it is made of."""
    clone = tmp_path_factory.mktemp("clone")
    for name in SOURCES:
        shutil.copy(ROOT / name, clone)
    for name in FOLDERS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, clone / name, ignore=ignored)
    run(str(UV), "build", "--wheel", "--python", sys.executable, cwd=clone)
    (built,) = clone.glob("dist/*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install as the image does, hashes and all; return the folder of programs."""
    home = tmp_path_factory.mktemp("installed")
    pip = (str(UV), "pip")
    run(str(UV), "venv", "--python", sys.executable, "venv", cwd=home)
    environ = {"VIRTUAL_ENV": str(home / "venv")}
    pinned = ("--require-hashes", "-r", ROOT / "requirements.txt")
    run(*pip, "install", *pinned, cwd=home, **environ)
    run(*pip, "install", "--no-deps", wheel, cwd=home, **environ)
    run(*pip, "check", cwd=home, **environ)
    return home / "venv" / "bin"


def names_in(wheel: Path) -> set[str]:
    """Return the names of the files in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@needs_uv
def test_the_wheel_installs_one_name(wheel: Path) -> None:
    """A user's own package called services, or tests, is left alone."""
    tops = {name.partition("/")[0] for name in names_in(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"signoff"}


@needs_uv
@pytest.mark.parametrize("folder", ["services", "templates"])
def test_the_wheel_holds_what_stands_beside_the_package(
    wheel: Path, folder: str
) -> None:
    """Every file of the folder is there, under the package."""
    files = (path for path in (ROOT / folder).rglob("*") if path.is_file())
    wanted = {
        f"signoff/{path.relative_to(ROOT)}"
        for path in files
        if "__pycache__" not in path.parts
    }
    assert wanted
    assert wanted <= names_in(wheel)


@needs_uv
def test_the_wheel_holds_the_settings_of_mailpit(wheel: Path) -> None:
    """`signoff up --mail mailpit` needs them wherever it runs."""
    assert "signoff/mailpit.env" in names_in(wheel)


@needs_uv
def test_the_wheel_carries_its_licence(wheel: Path) -> None:
    """It is named in the metadata, and its text is there."""
    (licence,) = (n for n in names_in(wheel) if n.endswith("/licenses/LICENSE"))
    with zipfile.ZipFile(wheel) as archive:
        told = archive.read(f"{licence.partition('/')[0]}/METADATA").decode()
        assert b"Apache License" in archive.read(licence)
    assert "License-Expression: Apache-2.0" in told.splitlines()


@needs_uv
def test_the_installed_program_tells_its_version(
    installed: Path, tmp_path: Path
) -> None:
    """It runs far from the checkout, and is of the version of the project."""
    version = project()["project"]["version"]
    assert (
        run(installed / "signoff", "--version", cwd=tmp_path).strip().endswith(version)
    )


@needs_uv
def test_the_installed_program_comes_up_and_goes_down(
    installed: Path, tmp_path: Path
) -> None:
    """In an empty folder, with no setting but free ports."""
    with running(installed / "signoff", "up", cwd=tmp_path) as up:
        lines = up.stdout or ()
        assert any(line.startswith("Signoff is ready") for line in lines)
        assert (tmp_path / ".signoff" / "engine.sqlite3").exists()
        up.send_signal(signal.SIGTERM)
        assert up.wait(LIMIT) == 0


@contextmanager
def running(*command: str | Path, cwd: Path) -> Generator["subprocess.Popen[str]"]:
    """Run `signoff` for a while, on ports of its own; it is gone afterwards."""
    names = ("SIGNOFF_HTTP_PORT", "SIGNOFF_MAIL_PORT", "SIGNOFF_ENGINE_PORT")
    environ = {"PATH": os.environ["PATH"], "HOME": str(cwd)}
    environ |= {name: str(free_port()) for name in names}
    with (
        (cwd / "log").open("w") as log,
        subprocess.Popen(  # noqa: S603 (the program under test, no shell)
            command, cwd=cwd, env=environ, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        # Whoever reads its output does not wait for ever.
        guard = threading.Timer(LIMIT, process.kill)
        guard.start()
        try:
            yield process
        finally:
            guard.cancel()
            process.kill()


def project() -> dict[str, Any]:
    """Read pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def constraints() -> dict[str, Requirement]:
    """Return the pins that `uv run` keeps to, by name."""
    lines = project()["tool"]["uv"]["constraint-dependencies"]
    return by_name(map(Requirement, lines))


def requirements() -> dict[str, tuple[Requirement, list[str]]]:
    """Return the pins of the image and their hashes, by name."""
    text = (ROOT / "requirements.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and line[0] != "#"]
    cut = [line.partition("--hash=") for line in lines]
    found = [(Requirement(pin), f"{mark}{rest}".split()) for pin, mark, rest in cut]
    return {canonicalize_name(pin.name): (pin, hashes) for pin, hashes in found}


def by_name(found: Iterable[Requirement]) -> dict[str, Requirement]:
    """Return requirements by their canonical names."""
    return {canonicalize_name(each.name): each for each in found}


def needed(wanted: Iterable[str]) -> dict[str, str]:
    """Return what requirements need on this machine, all the way, with versions."""
    waiting, found = [Requirement(line) for line in wanted], dict[str, str]()
    while waiting:
        each = waiting.pop()
        name = canonicalize_name(each.name)
        extras = each.extras or {""}
        if name in found or (each.marker and not each.marker.evaluate()):
            continue
        found[name] = metadata.version(name)
        waiting += [
            need
            for need in map(Requirement, metadata.requires(name) or ())
            if not need.marker
            or any(need.marker.evaluate({"extra": e}) for e in extras)
        ]
    return found


def versions(pins: Mapping[str, Requirement]) -> dict[str, str]:
    """Return the version that each pin allows, which has to be one."""
    return {name: one_version(pin) for name, pin in pins.items()}


def one_version(pin: Requirement) -> str:
    """Return the one version of a pin."""
    (specifier,) = pin.specifier
    assert specifier.operator == "=="
    return specifier.version


def test_both_pins_come_of_one_resolution() -> None:
    """What the tests run with is what the image holds."""
    image = versions({name: pin for name, (pin, _) in requirements().items()})
    assert image
    assert image.items() <= versions(constraints()).items()


@pytest.mark.parametrize("folder", ["signoff", "services"])
def test_what_is_imported_is_declared(folder: str) -> None:
    """A package that only happens to be installed here is missing elsewhere."""
    known = needed(project()["project"]["dependencies"])
    providers = metadata.packages_distributions()
    imported = {
        canonicalize_name(provider)
        for path in (ROOT / folder).rglob("*.py")
        for name in imports_of(path) - {"signoff"}
        for provider in providers.get(name, [f"{name}, imported in {path.name}"])
    }
    assert imported - known.keys() == set()


def imports_of(path: Path) -> set[str]:
    """Return the top-level names that a file imports, without Python's own."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names


def test_the_image_pins_all_that_runs() -> None:
    """Every dependency, direct or not, in the version that is tested here."""
    image = versions({name: pin for name, (pin, _) in requirements().items()})
    wanted = needed(project()["project"]["dependencies"])
    assert wanted.items() <= image.items()


def test_the_constraints_pin_what_tests_need() -> None:
    """Every tool of the tests, and what those need."""
    wanted = needed(project()["dependency-groups"]["dev"])
    assert wanted.items() <= versions(constraints()).items()


def test_the_constraints_pin_the_linters() -> None:
    """They need not be installed where the tests run."""
    lint = project()["dependency-groups"]["lint"]
    assert {Requirement(each).name for each in lint} <= constraints().keys()


def test_every_requirement_of_the_image_has_hashes() -> None:
    """A file that an index changed is refused."""
    for pin, hashes in requirements().values():
        assert hashes, pin
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", h) for h in hashes)


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements.txt", ".ci/run"])
def test_no_index_is_named(name: str) -> None:
    """The project installs from whichever mirror a machine is set up for."""
    assert not re.search(
        r"://|--(extra-)?index|--find-links", (ROOT / name).read_text()
    )


@pytest.fixture(scope="module")
def pin() -> ModuleType:
    """The script that pins, as a module."""
    spec = importlib.util.spec_from_file_location("pin", ROOT / "scripts" / "pin.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pinning_changes_nothing_but_the_pins(pin: ModuleType) -> None:
    """The same pins again make the same file."""
    text = (ROOT / "pyproject.toml").read_text()
    pins = project()["tool"]["uv"]["constraint-dependencies"]
    assert pin.with_constraints(text, pins) == text
    assert len(pin.with_constraints(text, [])) < len(text)


def test_a_project_without_a_place_for_pins_is_refused(pin: ModuleType) -> None:
    """Rather than pinned in a place that nothing reads."""
    with pytest.raises(pin.PinError, match="constraint-dependencies"):
        pin.with_constraints("[project]\nname = 'x'\n", ["idna==3.20"])


@needs_uv
def test_pinning_drops_what_nothing_needs(pin: ModuleType) -> None:
    """A resolution begins anew: old pins do not stay."""
    text = (
        '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.12"\n'
        '[tool.uv]\nconstraint-dependencies = [\n    "idna==3.20",\n]\n'
    )
    assert pin.resolve(text) == ([], "")


@pytest.mark.parametrize(
    ("full", "reason", "code"),
    [
        pytest.param("1", "no browser", 1, id="must-run"),
        pytest.param("1", "the measuring corpus is not here", 0, id="may-skip"),
        pytest.param("0", "no browser", 0, id="not-the-full-run"),
    ],
)
def test_the_full_run_fails_where_a_test_was_skipped(
    tmp_path: Path, full: str, reason: str, code: int
) -> None:
    """CI is not green because it could not look."""
    body = f"import pytest\n@pytest.mark.skip(reason={reason!r})\ndef test_it(): ...\n"
    (tmp_path / "test_it.py").write_text(body)
    options = ("-p", "tests.conftest", "-c", os.devnull, f"--rootdir={tmp_path}")
    environ = {**os.environ, "SIGNOFF_TEST_FULL": full, "CI": ""}
    done = subprocess.run(  # noqa: S603 (our own pytest, no shell)
        (sys.executable, "-m", "pytest", *options, tmp_path),
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert ("MUST RUN, BUT SKIPPED test_it.py::test_it" in done.stdout) is bool(code)
