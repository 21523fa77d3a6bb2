"""Installations that tests share: a start takes seconds, and each test asks alone."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.case import Case
from tests.end_to_end.installation import MAILPIT, Installation

needs_mailpit = pytest.mark.skipif(MAILPIT is None, reason="mailpit is not on PATH")
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="no /proc to find processes by"
)
_WORKFLOWS = ("--workflows", "examples.deploy_gate")


@contextmanager
def running(installation: Installation) -> Generator[Installation]:
    """Run an installation until the block ends."""
    try:
        installation.start()
        yield installation
    finally:
        installation.close()


@pytest.fixture(scope="session")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Generator[Installation]:
    """One that keeps its mail in the development inbox."""
    folder = tmp_path_factory.mktemp("inbox")
    with running(Installation(folder, *_WORKFLOWS)) as installation:
        yield installation


@pytest.fixture(scope="session")
def mailpit(tmp_path_factory: pytest.TempPathFactory) -> Generator[Installation]:
    """One that sends its mail to Mailpit."""
    folder = tmp_path_factory.mktemp("mailpit")
    arguments = ("--mail", "mailpit", *_WORKFLOWS)
    with running(Installation(folder, *arguments)) as installation:
        yield installation


@pytest.fixture(params=["inbox", pytest.param("mailpit", marks=needs_mailpit)])
def installation(request: pytest.FixtureRequest) -> Installation:
    """Each of them, for tests that must pass on both."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def case(installation: Installation) -> Case:
    """An approval of this test's own."""
    return Case(installation)
