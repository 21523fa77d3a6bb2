"""What the tests of the mail gateway share."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from .stage import Stage, set_up


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncGenerator[Stage]:
    """Open a mail gateway that believes the From of a mail."""
    async with set_up(tmp_path) as opened:
        yield opened
