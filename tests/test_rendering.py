"""Rendering: Markdown, instants, and what no template may let through."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signoff.rendering import (
    clean_line,
    clean_text,
    markdown_html,
    render_mail,
    render_words,
    spell_fingerprint,
    spell_instant,
)

ANSWER = {"label": "Approve", "channel": "link", "at": "now"}


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**bold**", "<p><strong>bold</strong></p>"),
        ("a\nb", "<p>a<br />\nb</p>"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        ("<b onclick=x>y</b>", "<p>&lt;b onclick=x&gt;y&lt;/b&gt;</p>"),
        (
            "[a](https://x.example/?a=1&b)",
            '<a href="https://x.example/?a=1&amp;b">a</a>',
        ),
        ("[a](mailto:ada@example.com)", '<a href="mailto:ada@example.com">a</a>'),
        ("<https://x.example>", '<a href="https://x.example">https://x.example</a>'),
        ("![a<b](https://x.example/p.png)", "<p>[image: a&lt;b]</p>"),
        ("[![a](https://p.example)](https://x.example)", '">[image: a]</a>'),
        ("~~gone~~", "<s>gone</s>"),
        ("|a|\n|-|\n|1|", "<td>1</td>"),
        ("{{ 7*7 }} {% x %}", "<p>{{ 7*7 }} {% x %}</p>"),
    ],
    ids=[
        *("bold", "break", "script", "tag", "link", "mailto", "bare", "image"),
        *("linked image", "strike", "table", "template"),
    ],
)
def test_markdown_becomes_html(markdown: str, html: str) -> None:
    """What people write in it works; what would be markup of theirs is text."""
    assert html in markdown_html(markdown)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#x0A;script:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "/respond/key",
        "#top",
        "https:",
    ],
)
def test_other_links_are_text(url: str) -> None:
    """Only the web and mailboxes can be reached, and only by a whole address."""
    assert "href" not in markdown_html(
        f"[a]({url}) [a](<{url}>) <{url}>\n\n[b]\n\n[b]: {url}"
    )


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="<>\"'&[]()!`*_|-#\\ \n:/abijmstphr=", max_size=60))
def test_no_markdown_makes_markup_of_its_own(text: str) -> None:
    """Every tag is one that Markdown makes, every attribute a checked link."""
    html = str(markdown_html(f"{text} <img src=x onerror=y> {text}"))
    assert "<img" not in html
    assert "<script" not in html


@pytest.mark.parametrize(
    "bomb",
    [
        "|a" * 50 + "\n" + "|-" * 50 + "\n" + "|\n" * 15000,
        "> " * 16000,
        "-" * 32000 + "x",
        "- " * 16000,
    ],
    ids=["table", "quotes", "rule", "lists"],
)
def test_markdown_does_not_swell(bomb: str) -> None:
    """A few characters never make a page of many."""
    assert len(markdown_html(bomb)) < 10 * len(bomb)


def test_text_loses_only_what_cannot_be_shown() -> None:
    """Line breaks of all kinds are kept as one kind."""
    assert clean_text("a\r\nb\x0bc \x00\x1b[1m\u202e\ud800d\te\n") == "a\nb\nc [1md\te"


def test_a_line_stays_one() -> None:
    """Nothing of it can begin another line."""
    assert clean_line(" a\r\nBcc:\u2028 b\x00\u2066 ") == "a Bcc: b"


@pytest.mark.parametrize(
    ("instant", "spelled"),
    [
        (
            datetime(2026, 11, 23, 21, 10, 5, tzinfo=UTC),
            "Mon 23 Nov 2026, 21:10:05 UTC",
        ),
        (datetime(2027, 1, 3, tzinfo=UTC), "Sun 3 Jan 2027, 00:00:00 UTC"),
        (
            datetime(2027, 1, 1, 1, tzinfo=timezone(timedelta(hours=2))),
            "Thu 31 Dec 2026, 23:00:00 UTC",
        ),
    ],
    ids=["two digits", "one digit", "other zone"],
)
def test_an_instant_is_spelled_in_utc(instant: datetime, spelled: str) -> None:
    """Whoever reads it anywhere means the same instant."""
    assert spell_instant(instant) == spelled


def test_an_instant_without_zone_is_refused() -> None:
    """It could mean any of a day of instants."""
    with pytest.raises(ValueError, match="time zone"):
        spell_instant(datetime(2026, 11, 23))  # noqa: DTZ001 (what the test is about)


def test_a_fingerprint_can_be_compared_by_voice() -> None:
    """Twelve digits in groups of four."""
    assert spell_fingerprint("1a2b3c4d5e6f7788") == "1a2b 3c4d 5e6f"


def test_words_have_a_heading_and_paragraphs() -> None:
    """One line each, however the template is broken."""
    heading, paragraphs = render_words("counted", answer=ANSWER)
    assert heading == "Your answer is recorded: Approve"
    assert len(paragraphs) == 2
    assert not any("\n" in each for each in paragraphs)


def test_a_value_that_is_missing_is_an_error() -> None:
    """A mail with a hole in it never goes out."""
    with pytest.raises(Exception, match="is undefined"):
        render_mail("invitation")


def test_only_mail_pays_for_css_inline() -> None:
    """The HTTP gateway imports rendering and renders no mail."""
    code = "import sys, signoff.rendering; print('css_inline' in sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 (constant arguments)
    assert done.stdout.strip() == "False"
