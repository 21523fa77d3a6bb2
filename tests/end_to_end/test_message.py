"""The message as it goes over the wire."""

import re
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime

import pytest

from signoff.domain.keys import Purpose
from tests.end_to_end.case import Case
from tests.end_to_end.http_calls import Form, call
from tests.end_to_end.mails import Mail

#: What the mail must stay under: Gmail clips at 102 kB.
_MAX_HTML = 90_000
_LONG_BODY = "\n\n".join(f"{n}. A line of the *change log*." for n in range(800))


@pytest.fixture
def mail(case: Case) -> Mail:
    """The message of an ordinary request."""
    return case.ask(
        subject="Déployer 4.2 ?",
        body="See **the log** first.\n\n<script>alert(1)</script>",
        requester="grace@example.com",
    )


def test_its_header_fields(mail: Mail) -> None:
    """They say what it is, and ask machines not to answer."""
    message = mail.message
    assert message["To"] == mail.recipient
    assert message["From"] == "Signoff <signoff@localhost>"
    assert message["Subject"] == "Déployer 4.2 ?"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert parsedate_to_datetime(message["Date"]).tzinfo is not None
    assert not [name for name in message if name.lower().startswith("list-")]


def test_its_addresses_hold_keys_of_their_own(case: Case, mail: Mail) -> None:
    """The link, the reply address and the envelope sender name one invitation."""
    keyring = case.installation.keyring
    keys = {
        Purpose.LINK: mail.link.rpartition("/")[2],
        Purpose.REPLY: _key(mail.reply_to, "approve+"),
        Purpose.BOUNCE: _key(mail.envelope_from, "bounce+"),
    }
    assert len({keyring.open(purpose, key) for purpose, key in keys.items()}) == 1
    assert len(set(keys.values())) == len(keys)


def test_its_parts_say_the_same(mail: Mail) -> None:
    """Text and HTML have the question, the link and the words."""
    assert mail.message.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in mail.message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    for part in (mail.text, mail.html):
        words = (
            "Déployer 4.2 ?",
            mail.link,
            "APPROVE",
            "REJECT",
            "grace@example.com",
        )
        assert [word for word in words if word not in part] == []
    assert "<strong>the log</strong>" in mail.html
    assert "<script" not in mail.html


def test_link_and_words_come_first(mail: Mail) -> None:
    """Whoever reads three lines knows what to do."""
    for part in (mail.text, mail.html):
        body = part.index("the log")
        assert max(part.index(mail.link), part.index("APPROVE")) < body


def test_a_tap_writes_the_reply(mail: Mail) -> None:
    """One-tap answers are replies, ready to be sent."""
    taps = [href for href in mail.hrefs if href.startswith("mailto:")]
    assert all(tap.startswith(f"mailto:{mail.reply_to}?subject=Re%3A") for tap in taps)
    words = [re.search(r"&body=(\w+)$", tap) for tap in taps]
    assert [word and word[1] for word in words] == ["APPROVE", "REJECT"]


def test_nothing_in_it_calls_home(mail: Mail) -> None:
    """No image, no style from elsewhere, and one address to click."""
    assert not re.search(r"<(img|link|iframe|object)\b|url\(|@import", mail.html)
    assert {href for href in mail.hrefs if not href.startswith("mailto:")} == {
        mail.link
    }


def test_a_long_request_is_cut(case: Case) -> None:
    """No mail program clips it, and the page has all of it."""
    mail = case.ask(body=_LONG_BODY)
    assert len(mail.html.encode()) < _MAX_HTML
    assert "Read the rest on the page" in mail.html
    assert "799. A line" not in mail.text
    assert "A line" in mail.text
    assert case.open(mail).text.count("A line of the") == 800


def test_a_scanner_decides_nothing(case: Case, mail: Mail) -> None:
    """Whatever fetches every address in the mail, as often as it likes."""
    urls = set(re.findall(r"https?://[^\s\"'<>]+", mail.text + mail.html))
    assert mail.link in urls
    calls = [(method, url) for url in urls for method in ("HEAD", "GET")] * 10
    with ThreadPoolExecutor(8) as scanners:
        answers = list(scanners.map(lambda each: call(*each), calls))
    assert {answer.status for answer in answers} == {200}
    assert case.document()["state"] == "pending"
    assert Form(case.open(mail).text).choices == ["approve", "reject"]


def _key(address: str, prefix: str) -> str:
    local, _, domain = address.rpartition("@")
    assert domain == "localhost"
    assert local.startswith(prefix)
    return local.removeprefix(prefix)
