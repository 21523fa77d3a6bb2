"""The pages in a real browser, as an approver comes to them from the mail."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.end_to_end.case import Case
from tests.end_to_end.installation import Installation
from tests.http_gateway.browser import CHROMIUM, Tab, browser

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is not installed (Debian: apt install chromium)"
)
_TEXT = "document.body.innerText"
_CHECKED = "document.querySelectorAll(':checked').length"
_SCRIPTS = "document.scripts.length"
#: The narrowest phone that is sold: 320 CSS pixels.
_PHONE = {"width": 320, "height": 640, "deviceScaleFactor": 2, "mobile": True}
_LONG_WORD = "registry.example.com/shop/backend@sha256:" + "0123456789abcdef" * 8


@pytest.fixture
def case(inbox: Installation) -> Case:
    """An approval of this test's own."""
    return Case(inbox)


@pytest.fixture
async def tab(tmp_path: Path) -> AsyncGenerator[Tab]:
    """A browser's tab."""
    async with browser(tmp_path / "profile") as tab:
        yield tab


async def test_the_page_asks(case: Case, tab: Tab) -> None:
    """It shows the question and a form with nothing chosen, and runs no script."""
    mail = case.ask(subject="Deploy 4.2?", body="See **the log**.")
    await tab.visit(mail.link)
    text = await tab.evaluate(_TEXT)
    assert [word for word in ("Deploy 4.2?", "See the log.") if word not in text] == []
    assert await tab.evaluate(_CHECKED) == 0
    assert await tab.evaluate(_SCRIPTS) == 0
    assert tab.complaints == []


async def test_a_person_decides(case: Case, tab: Tab) -> None:
    """Choosing, commenting and sending is the decision that the workflow gets."""
    await tab.visit(case.ask().link)
    await tab.evaluate("document.querySelector('[value=reject]').click()")
    await tab.evaluate("document.querySelector('textarea').value = 'Not “now”.'")
    await tab.evaluate("document.querySelector('button').click()")
    await tab.wait_for(f"{_TEXT}.includes('Recorded: Reject')")
    (response,) = case.decision()["responses"]
    assert (response["choice"], response["comment"]) == ("reject", "Not “now”.")


async def test_the_inbox_replies(case: Case, tab: Tab) -> None:
    """From the list to the mail to a real reply, with nothing but clicks."""
    subject = f"Deploy {case.id}?"
    case.ask(subject=subject)
    await tab.visit(f"{case.installation.url}/inbox")
    link = f"[...document.links].find(each => each.innerText.includes('{subject}'))"
    await tab.evaluate(f"{link}.click()")
    await tab.wait_for("!!document.querySelector('[value=APPROVE]')")
    await tab.evaluate("document.querySelector('[value=APPROVE]').click()")
    await tab.wait_for("!!document.querySelector('[role=status]')")
    assert "250" in await tab.evaluate(
        "document.querySelector('[role=status]').innerText"
    )
    assert case.decision()["responses"][0]["channel"] == "reply"


async def test_it_fits_a_phone(case: Case, tab: Tab) -> None:
    """Nothing sticks out, neither of the page nor of the mail, however long a word."""
    name = _LONG_WORD
    mail = case.ask(
        subject=name, body=f"# {name}\n\n`{name}`\n\n| a | b |\n|-|-|\n| {name} | x |"
    )
    await tab._do("Emulation.setDeviceMetricsOverride", **_PHONE)
    await tab.visit(mail.link)
    assert await tab.evaluate("document.documentElement.scrollWidth") <= 320
