"""The new text of HTML replies, and of a text beside an HTML."""

import pytest

from services.mail_gateway.reply import extract_reply

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
        ("Approved", "<p>Reject</p>", "Reject\n\nApproved"),
        ("Approved", "<img src=x>", "Approved"),
    ],
    ids=["same", "stub", "leak", "contradiction", "picture"],
)
def test_text_and_html_are_reconciled(text: str, markup: str, expected: str) -> None:
    """The shorter of two that agree is right; two that don't are both returned."""
    assert extract_reply(text, html=markup) == expected


def test_block_quote_of_the_writer_stays() -> None:
    """A quotation that the writer put in, and answers, is kept with its mark."""
    markup = "<blockquote>Which colour?</blockquote><p>Blue.</p>"
    assert extract_reply("", html=markup) == "> Which colour?\n\nBlue."
