"""What the tests of the worker share."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.worlds import World, open_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World]:
    """An engine with one worker, in this process."""
    async with open_world(tmp_path) as opened:
        yield opened
