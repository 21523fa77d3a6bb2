"""Mail addresses: what is one, and when two are the same."""

import pytest

from signoff.domain.addresses import (
    canonical,
    mailbox,
    parse_address,
    parse_mailbox,
    same_address,
)


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.com",
        "approver@localhost",
        "a.b+c=d@sub.example.co.uk",
        "jörg@bücher.example",
        "o'brien@example.com",
    ],
)
def test_takes_good_addresses(text: str) -> None:
    """Good addresses come back as they are."""
    assert parse_address(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@example.com",
        "ada@",
        "ada@exa mple.com",
        "ada@-example.com",
        "ada@example..com",
        "a..b@example.com",
        "ada@example.com\nBcc: eve@example.com",
        "ada,eve@example.com",
        "<ada@example.com>",
        f"{'a' * 65}@example.com",
        f"ada@{'a' * 250}.com",
    ],
)
def test_refuses_what_is_no_address(text: str) -> None:
    """What could not be mailed, or would break a header, is refused."""
    with pytest.raises(ValueError, match=r"address|domain"):
        parse_address(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ada@Example.COM", "ada@example.com", True),
        ("jörg@bücher.example", "jörg@xn--bcher-kva.example", True),
        ("ada@example.com", "ada@example.org", False),
        # NFKC and full case folding would make these one; they are two mailboxes.
        ("ﬁona@example.com", "fiona@example.com", False),
        ("straße@example.com", "strasse@example.com", False),
        ("mar\u212a@example.com", "mark@example.com", False),
        ("ada+work@example.com", "ada@example.com", False),
    ],
)
def test_compares_domains_as_a_labels_and_local_parts_in_lower_case(
    one: str, other: str, same: bool
) -> None:
    """Two spellings of one mailbox are the same, and no others."""
    assert same_address(one, other) is same


def test_reads_a_mailbox_with_a_name() -> None:
    """A display name and an address are told apart."""
    expected = ("Ada Lovelace", "ada@example.com")
    assert parse_mailbox("Ada Lovelace <ada@example.com>") == expected


def test_refuses_a_mailbox_that_breaks_lines() -> None:
    """A mailbox cannot smuggle a header in."""
    with pytest.raises(ValueError, match="no mailbox"):
        parse_mailbox("Ada\r\nBcc: eve@example.com <ada@example.com>")


def test_quotes_a_name_for_a_header() -> None:
    """A name with a comma stays one mailbox."""
    assert mailbox("Lovelace, Ada", "ada@x.org") == '"Lovelace, Ada" <ada@x.org>'


def test_canonical_form_of_a_domain_that_has_no_a_label() -> None:
    """A domain that IDNA refuses is compared as it is written."""
    assert canonical("A@-x-.example") == "a@-x-.example"
