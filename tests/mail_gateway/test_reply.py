"""The new text of plain-text replies."""

from pathlib import Path

import pytest

from services.mail_gateway.reply import extract_reply

from .quoted_mail import ATTRIBUTIONS, HEADER_LABELS, PHONE_LINES

MAILS = Path(__file__).parent / "mails"
QUOTED = "> Nora asks: may we order forty chairs?\n> Reply APPROVE or REJECT."
BARE = QUOTED.replace("> ", "")
EXPECTED = {
    "gmail_top": "Approved.\n\nPlease order the blue ones.",
    "outlook_top": "Rejected, the offer is too old.",
    "bottom_post": "Genehmigt",
    "inline_post": "Approved\n\nThat is fine.",
    "wrapped_marker": "approve",
    "unknown_intro": "Approved",
    "phone": "Approve",
    "one_line": "approved",
    "rewrapped": "Reject",
    "own_quote": "> may we order forty chairs?\n\nYes, but only blue ones.",
    "disclaimer": "Approved",
}


@pytest.mark.parametrize(("name", "expected"), EXPECTED.items(), ids=EXPECTED)
def test_mail_of_a_client_is_read(name: str, expected: str) -> None:
    """The new text of each client's mail is what its author typed."""
    text = (MAILS / f"{name}.txt").read_text(encoding="utf-8")
    assert extract_reply(text) == expected


def test_text_without_a_quotation_stays_whole() -> None:
    """Lists, arrows, times and a desk are no quotation and no signature."""
    text = (MAILS / "only_text.txt").read_text(encoding="utf-8")
    assert extract_reply(text) == text.strip()


@pytest.mark.parametrize("quoted", [QUOTED, BARE], ids=["marked", "bare"])
@pytest.mark.parametrize("line", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
def test_attribution_is_cut(line: str, quoted: str) -> None:
    """An attribution and what it introduces are no new text, in any language."""
    assert extract_reply(f"Approved.\n\n{line}\n{quoted}") == "Approved."


@pytest.mark.parametrize("width", [25, 40, 55])
@pytest.mark.parametrize("line", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
def test_wrapped_attribution_is_cut(line: str, width: int) -> None:
    """An attribution may be wrapped anywhere after a word."""
    at = line.find(" ", width)
    wrapped = f"{line[:at]}\n{line[at + 1 :]}" if at > 0 else line
    assert extract_reply(f"Approved.\n\n{wrapped}\n{QUOTED}") == "Approved."


@pytest.mark.parametrize("line", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
def test_text_below_a_marked_quotation_is_new(line: str) -> None:
    """Who answers below the original is read as well."""
    assert extract_reply(f"{line}\n{QUOTED}\n\nApproved.\n") == "Approved."


@pytest.mark.parametrize("rule", ["", "_" * 32 + "\n", "-" * 20 + "\n"])
@pytest.mark.parametrize("labels", HEADER_LABELS.values(), ids=HEADER_LABELS)
def test_header_block_is_cut(labels: tuple[str, str, str, str], rule: str) -> None:
    """Outlook's header block and all below it are no new text, in any language."""
    values = ("Sig <s@x.org>", "23.11.2026 21:17", "Paula <p@x.org>", "Chairs")
    pairs = zip(labels, values, strict=True)
    block = "\n".join(f"{label}: {value}" for label, value in pairs)
    assert extract_reply(f"Approved.\n\n{rule}{block}\n\n{BARE}") == "Approved."


@pytest.mark.parametrize("line", PHONE_LINES.values(), ids=PHONE_LINES)
def test_phone_line_is_cut(line: str) -> None:
    """What a phone adds is no comment."""
    assert extract_reply(f"Approved.\n\n{line}\n") == "Approved."


@pytest.mark.parametrize(
    "rule",
    [
        "-----Original Message-----",
        "-------- Ursprüngliche Nachricht --------",
        "----- Message d'origine -----",
        "---------- Forwarded message ---------",
        "-----Исходное сообщение-----",
        "-----邮件原件-----",
    ],
)
def test_message_rule_is_cut(rule: str) -> None:
    """The rule that names a message ends the new text."""
    assert extract_reply(f"Approved.\n\n{rule}\n{BARE}") == "Approved."


@pytest.mark.parametrize(
    "marker",
    [
        "##- Please type your reply above this line -##",
        "> ##- Please type your reply above this line -##",
        "##-\u00a0Please type\u00a0your reply above this line\u00a0-##",
        "> > ##- Please type\n> > your reply above\n> > this line -##",
        "*##- PLEASE TYPE YOUR REPLY ABOVE THIS LINE -##*",
        "| ##- Please type your reply above this line -##",
    ],
    ids=["plain", "quoted", "nbsp", "wrapped", "bold", "barred"],
)
def test_marker_is_found_whatever_a_client_did_to_it(marker: str) -> None:
    """Our own line ends the new text though no attribution is known."""
    assert extract_reply(f"Approved.\n\n{marker}\n{BARE}") == "Approved."


@pytest.mark.parametrize(
    "text",
    [
        "Meet me there:\nDate: Monday\nTime: 10:00\nAddress: 4 High Street",
        "From: me",
        "On second thought:\nbuy them",
        "Something wrote:\nall of it",
        "Ends:\n2026-11-23 14:30:25\n23.11.2026 14:30\nJan 15, 2024 at 14:30\nso",
        "```\n--\nls -l\n```\nfine",
    ],
    ids=["appointment", "from", "on", "wrote", "dates", "fence"],
)
def test_text_that_resembles_an_opening_stays(text: str) -> None:
    """A line is no opening because it has a colon, a date or a dash."""
    assert extract_reply(text) == text


@pytest.mark.parametrize(
    "last", ["only if legal agrees", "But not today", "Unless legal objects"]
)
def test_limit_below_a_closing_stays(last: str) -> None:
    """What might take the answer back is not cut as a signature."""
    assert extract_reply(f"Approved\n\nThanks\n{last}").endswith(last)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Approved\n\n-- \nPaula\nBuying", "Approved"),
        ("Approved\n\nMit freundlichen Grüßen\nPaula", "Approved"),
        ("Approved\n\nBest regards,\nPaula\n+49 123", "Approved"),
        ("-- \nPaula", "-- \nPaula"),
        ("Sent from my iPhone", ""),
    ],
    ids=["delimiter", "german", "english", "only", "phone-only"],
)
def test_signature_is_cut(text: str, expected: str) -> None:
    """A signature is no comment; one alone is all there is."""
    assert extract_reply(text) == expected
