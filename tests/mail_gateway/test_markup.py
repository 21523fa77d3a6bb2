"""The new text of HTML replies, and of a text beside an HTML."""

import pytest

from services.mail_gateway.reply import extract_reply
from services.mail_gateway.verdict import read_verdict

ASKED = "Nora asks: may we order forty chairs?"
INTRO = "On Mon, 23 Nov 2026 at 21:17, Sig &lt;s@x.org&gt; wrote:"
CLIENTS = {
    "gmail": f'<div dir="ltr">Approved</div><br><div class="gmail_quote">'
    f'<div class="gmail_attr">{INTRO}<br></div>'
    f'<blockquote class="gmail_quote">{ASKED}</blockquote></div>',
    "gmail-below": f'<div class="gmail_quote"><div class="gmail_attr">{INTRO}</div>'
    f'<blockquote class="gmail_quote">{ASKED}</blockquote><div>Approved</div></div>',
    "outlook-web": "<div>Approved</div><div id='appendonsend'></div><hr>"
    f"<div id='divRplyFwdMsg'><b>Qqq:</b> Sig</div><div>{ASKED}</div>",
    "outlook": "<div><p class=MsoNormal>Approved</p><div style='border:none;"
    "border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm'><p>Zzz: Sig</p></div>"
    f"<p>{ASKED}</p></div>",
    "apple": f"<div>Approved</div><blockquote type='cite'><div>{INTRO}</div><br>"
    f"<div>{ASKED}</div></blockquote>",
    "yahoo": f"<div>Approved</div><div id='yahoo_quoted_1' class='yahoo_quoted'>"
    f"<div>{INTRO}</div><div>{ASKED}</div></div>",
    "thunderbird": f"<p>Approved</p><div class='moz-cite-prefix'>Qx Sig:</div>"
    f"<blockquote type='cite'>{ASKED}</blockquote>",
    "proton": f"<div>Approved</div><div class='protonmail_signature_block'>Paula</div>"
    f"<div class='protonmail_quote'>{INTRO}<blockquote>{ASKED}</blockquote></div>",
    "zimbra": f"<div>Approved<br><hr id='zwchr'><b>From: </b>s@x.org<br>{ASKED}</div>",
    "signature": "<div>Approved</div><div class='gmail_signature'>Paula</div>",
    "hidden": f"<p style='display: none'>reject</p><p>Approved</p>{'<i></i>' * 3}",
    "struck": "<p><s>Reject</s> Approved</p>",
    "comment": "<!-- reject --><style>p{}</style><p>Approved</p><script>x</script>",
}


@pytest.mark.parametrize("markup", CLIENTS.values(), ids=CLIENTS)
def test_html_of_a_client_is_read(markup: str) -> None:
    """Each client's quotation elements are no new text."""
    assert extract_reply("", html=markup) == "Approved"


@pytest.mark.parametrize(
    ("text", "markup", "expected"),
    [
        ("Approved\n", "<p>Approved</p>", "Approved"),
        ("Please view this in an HTML mail client.", "<p>Approved</p>", "Approved"),
        (f"Approved\n{ASKED}", CLIENTS["gmail"], "Approved"),
        (f"Approved\n{ASKED}", "<p>Approved</p>", f"Approved\n\f\nApproved\n{ASKED}"),
        ("Approved", "<p>Reject</p>", "Reject\n\f\nApproved"),
        ("Approved", "<img src=x>", "\n\f\nApproved"),
    ],
    ids=["same", "stub", "leak", "more-than-the-html", "contradiction", "picture"],
)
def test_text_and_html_are_reconciled(text: str, markup: str, expected: str) -> None:
    """A leaked quotation is dropped; of two that don't agree both are returned."""
    assert extract_reply(text, html=markup) == expected


def test_block_quote_of_the_writer_stays() -> None:
    """A quotation that the writer put in, and answers, is kept with its mark."""
    markup = "<blockquote>Which colour?</blockquote><p>Blue.</p>"
    assert extract_reply("", html=markup) == "> Which colour?\n\nBlue."


@pytest.mark.parametrize("turned", [False, True], ids=["as-is", "reversed"])
@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("I do not approve this at all", "Approve"),
        ("Disapprove", "Approve"),
        ("I would approve if the date changes", "Approve"),
        ("Approve?", "Approve"),
        ("Approve\nI do not approve of that at all", "Approve"),
        ("APPROVE", "<img src=x>"),
        ("This is HTML mail; view this in a mail client. I reject.", "Approve"),
    ],
)
def test_contradicting_bodies_decide_nothing(
    text: str, markup: str, turned: bool
) -> None:
    """A mail whose two bodies say different things is unclear."""
    plain, html = (markup, text) if turned else (text, markup)
    assert read_verdict(extract_reply(plain, html=html)).choice is None


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "visibility: hidden",
        "opacity:0",
        "opacity: 0.0",
        "font-size:0.0em",
        "font-size:0px",
        "font-size: 0 !important",
        "text-decoration:line-through",
        "text-decoration: underline line-through",
        "dis/**/play:none",
        "d\\69splay:none",
    ],
)
def test_hidden_text_does_not_decide(style: str) -> None:
    """What an element's style or a sheet hides or strikes is no answer."""
    sheet = f"<style>i, div > p.x:hover {{color:red;{style}}}</style>"
    hidden = extract_reply("", html=f"<p style='{style}'>Approve</p>")
    by_sheet = extract_reply("", html=f"{sheet}<p class=X>Approve</p>")
    beside = extract_reply("Approve", html=f"{sheet}<p class=X>Approve</p>")
    assert hidden == ""
    assert read_verdict(by_sheet).choice is None
    assert read_verdict(beside).choice is None


@pytest.mark.parametrize("tag", ["s", "del", "strike"])
def test_struck_text_does_not_decide(tag: str) -> None:
    """What is struck out is no answer."""
    assert extract_reply("", html=f"<p><{tag}>Approve</{tag}></p>") == ""


@pytest.mark.parametrize(
    "style", ["opacity:0.5", "font-size:0.9em", "font:10px serif", "display:block"]
)
def test_visible_text_decides(style: str) -> None:
    """A style that hides nothing changes nothing."""
    sheet = f"<style>@keyframes k{{0%{{opacity:0}}}} .x{{{style}}}</style>"
    html = f"{sheet}<p class=x style='{style}'>Approve</p>"
    assert read_verdict(extract_reply("", html=html)).choice == "approve"
