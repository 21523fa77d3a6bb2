"""The pages in a real browser: what their policy lets through, and who they are."""

from pathlib import Path

import pytest

from tests.http_gateway.browser import CHROMIUM, browser
from tests.http_gateway.conftest import Scene
from tests.http_gateway.serve import served
from tests.http_gateway.test_inbox import NAME, keep

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is not installed (Debian: apt install chromium)"
)


async def test_a_person_decides(scene: Scene, tmp_path: Path) -> None:
    """Opening the page settles nothing; choosing and sending does."""
    with served(scene) as server:
        async with browser(tmp_path / "profile") as tab:
            await tab.visit(f"http://127.0.0.1:{server.port}{scene.path}")
            assert await tab.evaluate("getComputedStyle(document.body).margin") == "0px"
            assert scene.answer() is None
            await tab.evaluate("document.querySelector('[value=reject]').click()")
            await tab.evaluate("document.querySelector('button').click()")
            await tab.wait_for("document.body.innerText.includes('Recorded: Reject')")
    assert scene.answer()["choice"] == "reject"
    assert tab.complaints == []


async def test_sending_without_a_choice_stays_on_the_page(
    scene: Scene, tmp_path: Path
) -> None:
    """The browser itself asks for a choice, so that no comment is lost."""
    with served(scene) as server:
        async with browser(tmp_path / "profile") as tab:
            await tab.visit(f"http://127.0.0.1:{server.port}{scene.path}")
            await tab.evaluate("document.querySelector('button').click()")
            assert await tab.evaluate("!!document.querySelector(':invalid')")
    assert scene.answer() is None


async def test_the_inbox_lets_its_own_page_reply(
    scene: Scene, inbox: Path, tmp_path: Path
) -> None:
    """The frame is shown, and the browser says that the form is ours."""
    keep(inbox)
    with served(scene) as server:
        async with browser(tmp_path / "profile") as tab:
            await tab.visit(f"http://127.0.0.1:{server.port}/inbox/{NAME}")
            await tab.evaluate("document.querySelector('[value=APPROVE]').click()")
            await tab.wait_for("!!document.querySelector('[role=status]')")
            said = await tab.evaluate(
                "document.querySelector('[role=status]').innerText"
            )
    assert "The mail gateway said:" in said
    assert [each for each in tab.complaints if "Content Security" in each] == []
