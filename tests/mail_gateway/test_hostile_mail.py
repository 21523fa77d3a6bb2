"""Mail that is made to harm: it costs little time and never raises."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.mail_gateway.inbound import read_message
from services.mail_gateway.reply import extract_reply
from services.mail_gateway.verdict import read_verdict

#: Seconds for one hostile text; generous, as a test machine may be slow.
TEXT_LIMIT = 0.5
#: Seconds for one hostile message.
MESSAGE_LIMIT = 4.0
TEXTS = {
    "on on": "On " * 5000,
    "on mon": "On Mon, Bob\n" * 1000,
    "marks": "> > >\n" * 2000,
    "dashes": "-" * 20_000,
    "from": "From: a\n" * 1000,
    "wrote": "a@b.c wrote:\n" * 10_000,
    "colons": ":\n" * 100_000,
    "at": "a@" * 100_000,
    "markers": "##- Please type your " * 10_000 + "above",
    "inline": "On a 1 " * 30_000 + " wrote:",
    "thanks": "Thanks\n" * 30_000,
    "hedges": "not approve if " * 20_000,
    "spaces": " " * 250_000 + "x",
    "nested": "<div>" * 50_000,
    "attribute": "<p " + "a=1 " * 60_000 + ">",
    "class": '<p class="' + "gmail_quote " * 20_000 + '">x',
}
LINES = st.sampled_from(
    [
        "approve",
        "not",
        "if",
        "?",
        "> x",
        "On 1.1.2026 10:00, a@b.c wrote:",
        "From: a@b.c",
        "Sent: 1.1.2026",
        "--",
        "```",
        "##- Please type your reply above this line -##",
        "",
        "👍",
        "<blockquote>",
        "Sent from my iPhone",
        "\x00",
        "\ud800",
    ]
)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_hostile_text_costs_little(text: str) -> None:
    """No text takes more than a moment, as text or as HTML."""
    start = time.process_time()
    read_verdict(extract_reply(text))
    read_verdict(text)
    extract_reply("", html=text)
    assert time.process_time() - start < 3 * TEXT_LIMIT


@pytest.mark.parametrize(
    "raw",
    [
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
            for n in range(5000)
        ),
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 50_000,
        b"Content-Type: message/rfc822\n\n" * 3000,
        b"X-A: b\n" * 200_000,
        b"To: " + b"(" * 100_000,
        b"Subject: " + b"=?utf-8?q?a?= " * 50_000,
        b"Subject: x\n\n" + b"a" * 10_000_000,
        b"From: MAILER-DAEMON\n\nundeliverable\n" + b":\n" * 100_000,
    ],
    ids=["nested", "parts", "inside", "fields", "to", "words", "line", "daemon"],
)
def test_hostile_message_costs_little(raw: bytes) -> None:
    """No message takes more than a few moments."""
    start = time.process_time()
    read_message(raw)
    assert time.process_time() - start < MESSAGE_LIMIT


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_octets_are_a_message(raw: bytes) -> None:
    """Reading octets never raises."""
    assert read_message(raw).kind in {"human", "auto_reply", "bounce", "delayed"}


@given(
    st.sampled_from(
        ["From", "To", "Subject", "Content-Type", "Date", "Return-Path", "References"]
    ),
    st.text(max_size=60),
    st.lists(LINES, max_size=12),
)
@settings(max_examples=150, deadline=None)
def test_any_field_is_read(name: str, value: str, lines: list[str]) -> None:
    """Reading an odd field, or a text of odd lines, never raises."""
    raw = f"{name}: {value}\n\n" + "\n".join(lines)
    message = read_message(raw.encode("utf-8", "surrogatepass"))
    assert len(message.body_digest) == 64


@given(st.lists(LINES, max_size=15).map("\n".join))
@settings(max_examples=200, deadline=None)
def test_any_lines_have_a_verdict(text: str) -> None:
    """A choice is made exactly where the reason is clear."""
    verdict = read_verdict(extract_reply(text, html=text))
    assert (verdict.choice is not None) == (verdict.reason == "clear")
