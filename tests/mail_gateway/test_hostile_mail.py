"""Mail that is made to harm: it costs little time and never raises."""

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.mail_gateway.costly_octets import MAX_PARAMETERS
from services.mail_gateway.inbound import read_message
from services.mail_gateway.mail import read_mail
from services.mail_gateway.reply import extract_reply
from services.mail_gateway.sentences import sentences
from services.mail_gateway.verdict import read_verdict

#: Seconds for one hostile text; generous, as a test machine may be slow.
TEXT_LIMIT = 2.0
#: Seconds for one hostile message; what is quadratic takes many times that.
MESSAGE_LIMIT = 15.0
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
    "above hashes": "above\r\n" + "#" * 100_000,
    "above spaces": "above\r\n" + "-" + " " * 100_000,
    "above dashes": "above\r\n" + "-" * 100_000 + "x",
    "above typing": "above\r\n" + "-- " + "type " * 30_000,
    "dots": "." * 16_000 + "x",
    "lower lines": "a\n" * 100_000,
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


def multipart(*parts: bytes) -> bytes:
    """Return a message of several parts."""
    inside = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + inside


OPEN_QUOTE = b'x="' + b";" * 2_000_000
FLOWED = b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \r\n" * 250_000
PUNYCODE = b"Content-Type: text/plain; charset=punycode\r\n\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: text/plain; " + OPEN_QUOTE[:250_000] + b"\r\n\r\nx",
        multipart(b"Content-Type: text/plain; " + OPEN_QUOTE + b"\r\n\r\nx"),
        multipart(b"Content-Type: multipart/mixed; " + OPEN_QUOTE + b"\r\n\r\nx"),
        multipart(
            b'A: b\rCONTENT-TYPE: text/plain; x="' + b"\r\n ;" * 300_000 + b"\r\n\r\nx"
        ),
        multipart(
            *[b"Content-Type: text/plain; " + OPEN_QUOTE[:20_000] + b"\r\n\r\nx"] * 99
        ),
        PUNYCODE + b"\xff" + b"a" * 300_000 + b"-" + b"b" * 700_000,
        b"From: MAILER-DAEMON\r\n" + PUNYCODE + b"\xff" + b"a-" + b"b" * 250_000,
        multipart(*[FLOWED] * 6),
    ],
    ids=[
        "parameters",
        "in-part",
        "in-container",
        "folded",
        "many",
        "punycode",
        "punycode-daemon",
        "flowed",
    ],
)
def test_reading_a_hostile_mail_costs_little(raw: bytes) -> None:
    """What SMTP hands over is cut before the standard library sees it."""
    start = time.process_time()
    read_mail(raw)
    assert time.process_time() - start < MESSAGE_LIMIT


@pytest.mark.parametrize("charset", ["punycode", "utf-7", "idna", "unicode_escape"])
def test_no_charset_is_used_but_those_of_mail(charset: str) -> None:
    """ASCII is what it looks like, whatever a label says."""
    text = b"+AGEAcABwAHIAbwB2AGU- \\x61 a-b9999"
    raw = f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + text
    assert read_mail(raw).message.reply_text == text.decode()


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b"a\n" * 5_000_000,
        b"Content-Type: text/html\r\n\r\n" + b"\r" * 10_000_000,
        b"From: a@b.c\r\n" + b"X-A: b\r\n" * 1_200_000,
    ],
    ids=["base64", "line-ends", "header"],
)
def test_a_mail_of_line_ends_takes_little_memory(raw: bytes) -> None:
    """The standard library takes a hundred octets for each line."""
    tracemalloc.start()
    try:
        read_mail(raw)
        assert tracemalloc.get_traced_memory()[1] < 15 * len(raw)
    finally:
        tracemalloc.stop()


def test_a_cut_field_does_not_end_its_header() -> None:
    """What follows a long field is still read."""
    filler = b"\r\n".join([b"x" * 62] * (MAX_PARAMETERS // 32)).replace(b"\n", b"\n ")
    raw = b"Content-Type: text/plain; " + filler + b"\r\nSubject: seen\r\n\r\napprove"
    message = read_mail(raw).message
    assert (message.subject, message.reply_text) == ("seen", "approve")


@given(st.text(alphabet='.!?。؟ ax\n")é字', max_size=30))
@settings(max_examples=150, deadline=None)
def test_no_character_is_lost_between_sentences(text: str) -> None:
    """Sentences are the whole text, but for spaces."""
    joined = "".join(sentence.text for sentence in sentences(text.split("\n")))
    assert "".join(joined.split()) == "".join(text.split())


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
