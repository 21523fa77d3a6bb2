"""Letters: what the parts of a mail say to a person."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from services.mail_gateway.reply import extract_reply
from services.mail_gateway.verdict import read_verdict
from services.worker.compose import compose
from services.worker.letters import MAX_HTML_OCTETS
from signoff.domain.choices import APPROVE, DEFAULT_CHOICES, REJECT, Choice
from signoff.domain.keys import Purpose
from signoff.domain.message import Message
from signoff.domain.request import MAX_REQUEST_OCTETS
from signoff.domain.request_json import choice_to_json
from signoff.domain.wording import REPLY_MARKER
from tests.worker.messages import (
    ANSWER,
    INVITATION,
    KEYS,
    REQUEST,
    SENDER,
    SUMMARY,
    confirmation,
    flat,
    invitation,
    make_message,
    notice,
    part,
)

LINK = f"https://signoff.example.com/desk/respond/{KEYS.mint(Purpose.LINK, INVITATION)}"
REPLY_TO = f"approve+{KEYS.mint(Purpose.REPLY, INVITATION)}@reply.example.com"
SEND_BACK = Choice("send_back", "Return to the author", positive=False)


def _hrefs(html: str) -> list[str]:
    return [
        found.replace("&amp;", "&") for found in re.findall(r'href="([^"]*)"', html)
    ]


def test_the_text_begins_with_the_reply_marker() -> None:
    """What stands above it in a reply is new."""
    assert part(invitation(), "plain").splitlines()[0] == REPLY_MARKER


def test_the_text_says_the_important_things_first() -> None:
    """Who asks what, the words, the link; then the body, deadline and the rest."""
    text = part(invitation(), "plain")
    order = [
        "Ada Lovelace <ada@example.com> asks",
        "Roll out release 4.2",
        "APPROVE",
        "REJECT",
        LINK,
        "We would like to roll out **release 4.2**",
        "Deadline:",
        "Mon 30 Nov 2026, 21:10:05 UTC",
        "Requested by: Ada",
        "hitl-001",
        "1a2b 3c4d 5e6f",
    ]
    places = [text.index(each) for each in order[:7]] + [
        text.rindex(each) for each in order[7:]
    ]
    assert places == sorted(places)


def test_the_text_says_what_the_deadline_means() -> None:
    """An approver knows what happens when nobody answers."""
    text = flat(part(invitation(), "plain"))
    assert "After that the answer no longer counts; the request expires." in text


def test_the_html_has_link_and_words_before_the_body() -> None:
    """On a small screen nothing has to be scrolled to."""
    html = part(invitation(), "html")
    hrefs = _hrefs(html)
    assert hrefs[0] == LINK
    assert html.index("REJECT</a>") < html.index("<strong>release 4.2</strong>")


def test_each_choice_has_an_answer_that_one_tap_prepares() -> None:
    """RFC 6068: address, subject and the word as the body."""
    message = make_message(
        "invitation", {"request": REQUEST, "subject": "R&D: 50% off?"}
    )
    prepared = [
        urlsplit(href) for href in _hrefs(part(message, "html")) if "mailto" in href
    ]
    assert [each.path for each in prepared] == [REPLY_TO, REPLY_TO]
    assert [parse_qs(each.query) for each in prepared] == [
        {"subject": ["Re: R&D: 50% off?"], "body": [word]}
        for word in ("APPROVE", "REJECT")
    ]


def test_an_own_choice_is_explained() -> None:
    """The word to write is the choice's id; its label says what it means."""
    choices = [choice_to_json(SEND_BACK)]
    message = make_message("invitation", {"request": REQUEST, "choices": choices})
    assert "SEND BACK  -  Return to the author\n" in part(message, "plain")
    assert "<b>SEND BACK</b>: Return to the author" in part(message, "html")


@pytest.mark.parametrize(
    "href", ["src=", "http://", "<script", "@import", "url(", "<img"], ids=str
)
def test_the_html_loads_nothing_from_afar(href: str) -> None:
    """No tracking: opening the mail tells nobody."""
    body = "![x](https://t.example/p.png) <img src=https://t.example/p.png>"
    html = part(invitation(body=body), "html").replace("&lt;img src=https", "")
    assert href not in html


def test_the_subject_is_no_markup() -> None:
    """HTML in a subject is shown as it was written."""
    facts = dict(invitation().facts) | {"subject": "<b>x</b> {{ 7*7 }}"}
    message = make_message("invitation", facts)
    assert "&lt;b&gt;x&lt;/b&gt; {{ 7*7 }}" in part(message, "html")
    assert "<b>x</b> {{ 7*7 }}" in part(message, "plain")


@pytest.mark.parametrize(
    "body",
    [
        "word " * 6500,
        "<" * 32000,
        "|a|b|c|\n|-|-|-|\n" + "|1|2|3|\n" * 3500,
        "|a" * 50 + "\n" + "|-" * 50 + "\n" + "|\n" * 15000,
        "- x\n" * 8000,
        "*a*_b_" * 5000,
        "x\n\n" * 10000,
    ],
    ids=["words", "escapes", "table", "wide table", "list", "emphasis", "paragraphs"],
)
def test_a_long_body_is_cut_and_the_page_has_the_rest(body: str) -> None:
    """Gmail clips at 102 kB; we stay under 90 kB, as encoded too."""
    message = invitation(body=body[:MAX_REQUEST_OCTETS])
    html = part(message, "html")
    assert len(html.encode()) <= MAX_HTML_OCTETS
    assert "ead the rest on the page" in html
    assert "Read the rest on the page" in part(message, "plain")
    assert len(compose(message, SENDER).content.partition(b"text/html")[2]) < 90_000


def test_a_short_body_is_whole() -> None:
    """Nothing is said of a rest that there is not."""
    assert "rest on the page" not in part(invitation(), "plain")


def test_direction_marks_and_controls_are_left_out() -> None:
    """What stands in a body can't turn our own words round."""
    text = part(invitation(body="a\x1b[2J\u202eb\ud800c"), "plain")
    assert "a[2Jbc" in text


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [("any", "One who agrees is enough."), ("all", "Each of them has to agree.")],
)
def test_several_approvers_are_told_of_each_other(policy: str, sentence: str) -> None:
    """They know how many are asked, and how many have to agree."""
    approvers = [{"address": "a@example.com"}, {"address": "b@example.com"}]
    message = invitation(approvers=approvers, policy=policy)
    assert f"2 people. {sentence}" in part(message, "plain")
    assert f"2 people. {sentence}" in part(message, "html")


@pytest.mark.parametrize(
    ("message", "sentences"),
    [
        (
            confirmation(),
            [
                "recorded: Approve",
                "by mail on Mon 23 Nov 2026, 22:00:00 UTC",
                "Fine with me.",
            ],
        ),
        (confirmation(channel="link"), ["You answered on the page"]),
        (
            confirmation(counted=False),
            ["after the decision: Approve", "does not change"],
        ),
        (
            notice("unclear", reason="empty"),
            ["nothing is decided", "no text", "APPROVE"],
        ),
        (
            notice("late", summary=SUMMARY),
            [
                "decided: Reject",
                "Mon 23 Nov 2026, 23:00:00 UTC",
                "bob@example.com (Reject)",
            ],
        ),
        (notice("late", answer=ANSWER), ["answered: Approve", "That answer stands."]),
        (
            notice("late", summary=SUMMARY | {"outcome": "expired", "answers": []}),
            ["has expired", "Mon 23 Nov 2026, 23:00:00 UTC"],
        ),
        (notice("late", summary=SUMMARY | {"outcome": "withdrawn"}), ["was withdrawn"]),
        (
            notice("late", summary=SUMMARY | {"outcome": "undeliverable"}),
            ["nobody who was asked could be reached"],
        ),
        (notice("late"), ["The deadline has passed", "Mon 30 Nov 2026, 21:10:05 UTC"]),
        (
            notice("not_approver"),
            ["Somebody else replied", "nothing is decided", "from grace@example.com"],
        ),
        (notice("confirm"), ["Please confirm", "could not be verified"]),
    ],
    ids=lambda value: (
        value.facts.get("why", value.kind) if isinstance(value, Message) else ""
    ),
)
def test_both_parts_tell_what_became_of_an_answer(
    message: Message, sentences: list[str]
) -> None:
    """What an approver needs to know stands in text and HTML alike."""
    text, html = flat(part(message, "plain")), flat(part(message, "html"))
    for sentence in [*sentences, LINK]:
        assert sentence in text
        assert sentence in html


REASONS = {
    "no_match": "does not begin with",
    "negated": "negation",
    "condition": "condition",
    "question": "question",
    "two_answers": "more than one answer",
    "bad_field": "cannot be read",
    "empty": "no text",
    "unheard of": "does not begin with",
}


@pytest.mark.parametrize(("reason", "words"), REASONS.items(), ids=REASONS)
def test_an_unclear_reply_is_told_why(reason: str, words: str) -> None:
    """Each reason of the reader has words of its own."""
    assert words in flat(part(notice("unclear", reason=reason), "plain"))


def test_a_comment_is_quoted_and_cut() -> None:
    """A long comment does not make a long confirmation; markup in it is text."""
    message = confirmation(comment="<i>a</i>\n" + "word " * 2000)
    assert "&lt;i&gt;a&lt;/i&gt;" in part(message, "html")
    assert "word […]" in flat(part(message, "plain"))
    assert len(part(message, "plain")) < 4000


@pytest.mark.parametrize(
    "message", [invitation(), notice("unclear")], ids=["ask", "unclear"]
)
def test_a_reply_above_our_words_is_read_as_it_was_written(message: Message) -> None:
    """The reader finds the marker, whatever a mail program put before the lines."""
    quoted = "".join(f"> {line}\n" for line in part(message, "plain").splitlines())
    reply = f"APPROVE\n\nFine.\n\nOn Mon, 23 Nov 2026 Signoff wrote:\n{quoted}"
    assert extract_reply(reply).split() == ["APPROVE", "Fine."]


@pytest.mark.parametrize(
    "choices",
    [
        DEFAULT_CHOICES,
        (APPROVE, SEND_BACK, REJECT),
        (
            Choice("go_live", "Yes, publish it", positive=True),
            Choice("no", "Not now", positive=False),
            Choice("plan_2", "Plan two", positive=False),
        ),
    ],
    ids=["default", "one more", "own"],
)
def test_every_word_that_is_offered_decides(choices: tuple[Choice, ...]) -> None:
    """What a tap prepares is what the reader takes for that choice."""
    facts = {"request": REQUEST, "choices": list(map(choice_to_json, choices))}
    html = part(make_message("invitation", facts), "html")
    words = [
        parse_qs(urlsplit(href).query)["body"][0]
        for href in _hrefs(html)
        if href.startswith("mailto")
    ]
    read = [read_verdict(word, choices).choice for word in words]
    assert read == [choice.id for choice in choices]
