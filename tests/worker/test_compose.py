"""Composing: headers, envelope and keys of what goes out."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from email.headerregistry import Address
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.worker.compose import compose
from signoff.domain.keys import Keyring, Purpose
from signoff.domain.message import Message
from signoff.domain.request import Approver
from signoff.errors import UnknownSecretError
from tests.worker.messages import (
    ANSWER,
    INVITATION,
    KEYS,
    NOTICE,
    SENDER,
    confirmation,
    invitation,
    make_message,
    notice,
    read_back,
)

ALL = {
    "invitation": invitation(),
    "confirmation": confirmation(),
    "unclear": notice("unclear", reason="negated"),
    "late": notice("late", answer=ANSWER),
    "not_approver": notice("not_approver"),
    "confirm": notice("confirm"),
}
each_message = pytest.mark.parametrize("message", ALL.values(), ids=ALL)

_ROOT = Path(__file__).parents[2]
_COMPOSE_ALL = """
import hashlib
from services.worker.compose import compose
from tests.worker.messages import SENDER
from tests.worker.test_compose import ALL
digest = hashlib.sha256()
for message in ALL.values():
    digest.update(compose(message, SENDER).content)
print(digest.hexdigest())
"""


def _header(message: Message, name: str) -> str | None:
    return read_back(compose(message, SENDER))[name]


@pytest.mark.parametrize("seed", ["1", "2"])
def test_every_process_makes_the_same_bytes(seed: str) -> None:
    """A repeat after a crash is the same mail, whatever the hash seed."""
    done = subprocess.run(  # noqa: S603 (our own interpreter and code)
        [sys.executable, "-c", _COMPOSE_ALL],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(_ROOT)},
        capture_output=True,
        check=True,
        text=True,
    )
    here = b"".join(compose(message, SENDER).content for message in ALL.values())
    assert done.stdout.strip() == hashlib.sha256(here).hexdigest()


@each_message
def test_a_mail_is_seven_bit_clean_with_short_lines(message: Message) -> None:
    """Nothing on the way has to change it: ASCII, CRLF, no line over 998."""
    content = compose(message, SENDER).content
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 100


@each_message
def test_a_mail_is_text_first_then_html(message: Message) -> None:
    """RFC 2046: the plainest alternative comes first."""
    mail = read_back(compose(message, SENDER))
    kinds = [part.get_content_type() for part in mail.iter_parts()]
    assert mail.get_content_type() == "multipart/alternative"
    assert kinds == ["text/plain", "text/html"]
    assert not mail.defects


@each_message
def test_no_mail_can_be_mistaken_for_a_mailing_list(message: Message) -> None:
    """No List-* header: unsubscribing would remove an approver."""
    names = [name.lower() for name in read_back(compose(message, SENDER))]
    assert not [name for name in names if name.startswith(("list-", "precedence"))]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("From", "Signoff <signoff@example.com>"),
        ("To", "Grace Hopper <grace@example.com>"),
        ("Subject", "Roll out release 4.2"),
        ("Date", "Mon, 23 Nov 2026 21:10:05 +0000"),
        (
            "Message-ID",
            f"<{KEYS.mint(Purpose.MESSAGE_ID, INVITATION)}@reply.example.com>",
        ),
        (
            "Reply-To",
            f"approve+{KEYS.mint(Purpose.REPLY, INVITATION)}@reply.example.com",
        ),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("X-Signoff-Message", "invitation"),
        ("In-Reply-To", None),
    ],
    ids=lambda value: value if isinstance(value, str) and value.istitle() else "",
)
def test_an_invitation_has_these_headers(name: str, value: str | None) -> None:
    """Static From, keyed Reply-To, an own Message-ID, and no thread before it."""
    assert _header(invitation(), name) == value


@pytest.mark.parametrize("name", ["confirmation", "unclear", "late"])
def test_an_answer_of_ours_stands_in_the_thread_of_the_invitation(name: str) -> None:
    """Mail programs show it below the invitation that it is about."""
    first = _header(invitation(), "Message-ID")
    assert _header(ALL[name], "In-Reply-To") == first
    assert _header(ALL[name], "References") == first
    assert _header(ALL[name], "Message-ID") != first
    assert _header(ALL[name], "Auto-Submitted") == "auto-replied"
    assert _header(ALL[name], "Subject") == "Re: Roll out release 4.2"


@each_message
def test_only_what_a_reply_can_answer_has_a_reply_address(message: Message) -> None:
    """A reply to a confirmation reaches the static From and decides nothing."""
    answerable = message.kind == "invitation" or message.facts.get("why") == "unclear"
    assert (_header(message, "Reply-To") is not None) == answerable


def test_bounces_of_an_invitation_name_the_invitation() -> None:
    """The envelope sender's key is for bounces alone."""
    sender = compose(invitation(), SENDER).envelope_from
    key = sender.removeprefix("bounce+").removesuffix("@reply.example.com")
    assert KEYS.open(Purpose.BOUNCE, key) == INVITATION


def test_bounces_of_a_notice_name_the_notice() -> None:
    """A notice that bounces says nothing of the invitation."""
    sender = compose(notice("confirm"), SENDER).envelope_from
    key = sender.removeprefix("bounce+").removesuffix("@reply.example.com")
    assert KEYS.open(Purpose.VERDICT, key) == NOTICE


def test_a_message_keeps_the_secret_it_was_drawn_with() -> None:
    """After a rotation a repeat is still the same mail."""
    both = Keyring(
        {"a": KEYS.secrets["a"], "b": b"another secret, newer"}, "b", KEYS.domain
    )
    rotated = replace(SENDER, keyring=both)
    assert compose(invitation(), rotated) == compose(invitation(), SENDER)


def test_a_secret_that_is_gone_is_an_error_with_its_name() -> None:
    """Nothing goes out whose keys nobody can verify."""
    with pytest.raises(UnknownSecretError) as caught:
        compose(make_message("invitation", {}, secret_id="z"), SENDER)
    assert caught.value.secret_id == "z"


@pytest.mark.parametrize(
    ("address", "recipient", "smtputf8"),
    [
        ("ada@example.com", "ada@example.com", False),
        ("ada@bücher.example", "ada@xn--bcher-kva.example", False),
        ("jörg@bücher.example", "jörg@xn--bcher-kva.example", True),
        ("Approver@localhost", "Approver@localhost", False),
    ],
    ids=["ascii", "domain", "local part", "localhost"],
)
def test_only_a_local_part_beyond_ascii_takes_smtputf8(
    address: str, recipient: str, smtputf8: bool
) -> None:
    """A domain always has an ASCII form."""
    mail = compose(
        make_message("notice", dict(ALL["late"].facts), to=Approver(address)), SENDER
    )
    assert (mail.recipient, mail.smtputf8) == (recipient, smtputf8)
    assert f"To: {recipient}\r\n".encode() in mail.content


HOSTILE = [
    "a\r\nBcc: eve@example.com",
    "a\n\nbody",
    "=?utf-8?q?a=0D=0ABcc:_eve=40example.com?=",
    "=?utf-8?b?DQpCY2M6IGV2ZQ==?= " * 6,
    'a" <eve@example.com>, "b',
    "a\\",
    "x" * 200,
    "word " * 40,
    "Freigabe für die Auslieferung " * 6,
    "承認をお願いします" * 20,
    "\u202egnp.exe",
    "\ud800",
    "(comment) a, b; c: d <e@f.example>",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_make_no_header(text: str) -> None:
    """What outsiders write stays a value of the one field it stands in."""
    approver = Approver("grace@example.com", text)
    facts = dict(invitation().facts) | {"subject": text}
    plain = read_back(compose(invitation(), SENDER))
    mail = read_back(compose(make_message("invitation", facts, to=approver), SENDER))
    assert mail.keys() == plain.keys()
    assert not mail.defects
    assert [each.addr_spec for each in mail["To"].addresses] == ["grace@example.com"]


_LINES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp"]),
    max_size=200,
).map(lambda text: " ".join(text.split()))


@settings(max_examples=60, deadline=None)
@given(_LINES.filter(bool), _LINES)
def test_subject_and_name_survive_the_round_trip(subject: str, name: str) -> None:
    """What a mail program shows is what was written."""
    facts = dict(invitation().facts) | {"subject": subject}
    message = make_message("invitation", facts, to=Approver("grace@example.com", name))
    mail = read_back(compose(message, SENDER))
    (to,) = mail["To"].addresses
    assert str(mail["Subject"]) == subject
    # The standard library adds a space between encoded words of a name (only).
    assert to.display_name.replace(" ", "") == name.replace(" ", "")
    assert to.addr_spec == "grace@example.com"


def test_the_from_field_takes_any_name() -> None:
    """A name with a comma is quoted, not two addresses."""
    sender = replace(SENDER, mail_from=("Desk, Dr. Röntgen", "desk@example.com"))
    mail = read_back(compose(invitation(), sender))
    assert mail["From"].addresses == (
        Address("Desk, Dr. Röntgen", addr_spec="desk@example.com"),
    )
