"""What an address alone says its mail is for."""

import pytest

from services.mail_gateway.routing import (
    Bounce,
    NoticeBounce,
    Postmaster,
    Refused,
    Reply,
    read_recipient,
)
from signoff.domain.keys import Keyring, Purpose

from .stage import BOUNCE_TO, INVITATION, KEYRING, REPLY_TO, VERDICT_TO, address

ID = INVITATION.id
KEY = KEYRING.mint(Purpose.REPLY, ID)
ELSEWHERE = Keyring(KEYRING.secrets, "a", "other.example.com").mint(Purpose.REPLY, ID)


def route(recipient: str, keyring: Keyring = KEYRING) -> object:
    """Read a recipient with the default prefixes."""
    return read_recipient(
        recipient, keyring, reply_prefix="approve+", bounce_prefix="bounce+"
    )


@pytest.mark.parametrize(
    ("recipient", "expected"),
    [
        pytest.param(REPLY_TO, Reply(ID), id="reply"),
        pytest.param(REPLY_TO.upper(), Reply(ID), id="reply-in-capitals"),
        pytest.param(BOUNCE_TO, Bounce(ID), id="bounce"),
        pytest.param(VERDICT_TO, NoticeBounce(ID), id="bounce-of-a-notice"),
        pytest.param("postmaster@reply.example.com", Postmaster(), id="postmaster"),
        pytest.param("Abuse@Reply.Example.Com", Postmaster(), id="abuse"),
        pytest.param("Postmaster", Postmaster(), id="bare-postmaster"),
        pytest.param("abuse", Refused.UNKNOWN, id="bare-abuse"),
        pytest.param("ada@reply.example.com", Refused.UNKNOWN, id="nobody"),
        pytest.param("approve+@reply.example.com", Refused.UNKNOWN, id="no-key"),
        pytest.param(f"approve+{KEY}x@reply.example.com", Refused.UNKNOWN, id="longer"),
        pytest.param(f"{KEY}@reply.example.com", Refused.UNKNOWN, id="no-prefix"),
        pytest.param(
            f"approve+{KEY[:-1]}{'a' if KEY[-1] != 'a' else 'b'}@reply.example.com",
            Refused.UNKNOWN,
            id="forged",
        ),
        pytest.param(
            f"approve+{ELSEWHERE}@reply.example.com",
            Refused.UNKNOWN,
            id="key-for-another-domain",
        ),
        pytest.param(
            REPLY_TO.replace("approve+", "bounce+"), Refused.UNKNOWN, id="other-purpose"
        ),
        pytest.param(
            REPLY_TO.replace("+a", "+b"), Refused.UNDECIDED, id="unknown-secret"
        ),
        pytest.param(
            REPLY_TO.replace("reply.", "mail."), Refused.FOREIGN, id="other-domain"
        ),
        pytest.param("postmaster@example.net", Refused.FOREIGN, id="other-postmaster"),
        pytest.param("\udcff@\udcff", Refused.FOREIGN, id="no-characters"),
        pytest.param("@", Refused.FOREIGN, id="nothing"),
    ],
)
def test_an_address_says_what_it_is_for(recipient: str, expected: object) -> None:
    """Each address leads to one route or to one refusal."""
    assert route(recipient) == expected


def test_a_domain_beyond_ascii_is_the_same_in_both_forms() -> None:
    """A sender may write the reply domain in Unicode."""
    keyring = Keyring(KEYRING.secrets, "a", "xn--prfung-4ya.example.com")
    key = keyring.mint(Purpose.REPLY, ID)
    assert route(f"approve+{key}@Prüfung.example.com", keyring) == Reply(ID)


@pytest.mark.parametrize("purpose", [Purpose.LINK, Purpose.MESSAGE_ID])
def test_keys_for_other_things_are_no_addresses(purpose: Purpose) -> None:
    """What stands in a link or a Message-ID opens no address."""
    local = address(purpose).replace("bounce+", "approve+")
    assert route(local) is Refused.UNKNOWN


def test_one_prefix_can_serve_all_purposes() -> None:
    """The purpose in the MAC tells them apart where the prefixes do not."""
    recipient = BOUNCE_TO.replace("bounce+", "x-")
    routed = read_recipient(recipient, KEYRING, reply_prefix="x", bounce_prefix="x-")
    assert routed == Bounce(ID)
