"""Keys: minted for one purpose, opened by whoever has the secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.domain.keys import ID_ENTROPY, Keyring, Purpose, encode_id
from signoff.errors import ForgedKeyError, UnknownSecretError

ID = "a" * 26
RING = Keyring({"a": b"one secret of ours", "b": b"another secret"}, "a", "x.org")


@given(st.binary(min_size=ID_ENTROPY, max_size=ID_ENTROPY), st.sampled_from(Purpose))
def test_opens_what_it_minted(entropy: bytes, purpose: Purpose) -> None:
    """A key gives back its id, in any case of letters."""
    id_ = encode_id(entropy)
    assert RING.open(purpose, RING.mint(purpose, id_).upper()) == id_


def test_a_key_fits_an_address() -> None:
    """A key has 43 characters, so that prefix and key fit 64 octets."""
    assert len(RING.mint(Purpose.REPLY, ID)) == 43


@pytest.mark.parametrize("purpose", set(Purpose) - {Purpose.LINK})
def test_a_key_is_good_for_one_purpose(purpose: Purpose) -> None:
    """A link's key is none for anything else."""
    with pytest.raises(ForgedKeyError):
        RING.open(purpose, RING.mint(Purpose.LINK, ID))


def test_a_key_is_good_for_one_domain() -> None:
    """The same secret under another reply domain makes other keys."""
    elsewhere = Keyring(RING.secrets, "a", "y.org")
    with pytest.raises(ForgedKeyError):
        elsewhere.open(Purpose.REPLY, RING.mint(Purpose.REPLY, ID))


@given(st.integers(0, 42), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_one_other_character_is_a_forgery(place: int, other: str) -> None:
    """No single character can be changed."""
    key = RING.mint(Purpose.REPLY, ID)
    forged = key[:place] + other + key[place + 1 :]
    if forged != key:
        with pytest.raises((ForgedKeyError, UnknownSecretError)):
            RING.open(Purpose.REPLY, forged)


@pytest.mark.parametrize("key", ["", "a", "a" * 42, "a" * 44, "1" * 43, "é" * 43])
def test_refuses_what_has_not_the_form(key: str) -> None:
    """What cannot be a key is told from one by its form alone."""
    with pytest.raises(ForgedKeyError):
        RING.open(Purpose.REPLY, key)


def test_an_earlier_secret_still_opens_and_can_mint_again() -> None:
    """Rotating the signing secret strands nothing that is out there."""
    earlier = RING.mint(Purpose.REPLY, ID, secret_id="b")
    assert earlier[0] == "b"
    assert RING.open(Purpose.REPLY, earlier) == ID


def test_names_the_secret_it_does_not_have() -> None:
    """A key of a secret that is not configured here says which."""
    ring = Keyring({"a": b"x"}, "a", "x.org")
    with pytest.raises(UnknownSecretError) as raised:
        ring.open(Purpose.REPLY, RING.mint(Purpose.REPLY, ID, secret_id="b"))
    assert raised.value.secret_id == "b"


def test_secrets_are_not_shown() -> None:
    """A keyring that lands in a log shows no secret."""
    assert "secret of ours" not in repr(RING)


def test_an_id_takes_its_entropy() -> None:
    """Too little randomness is refused, not padded."""
    with pytest.raises(ValueError, match="17 octets"):
        encode_id(b"short")
