"""Tracking codes can be read aloud and typed back; a mistyped one is known at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals import receipt


def test_codes_are_long_and_do_not_repeat():
    codes = {receipt.new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert all(len(receipt.normalise(code)) == 17 for code in codes)


@given(st.integers(0, 16), st.sampled_from(receipt.ALPHABET))
def test_one_wrong_letter_is_always_noticed(place, letter):
    code = receipt.normalise(receipt.new_code())
    changed = code[:place] + letter + code[place + 1 :]
    assert (receipt.normalise(changed) is None) == (changed != code)


@pytest.mark.parametrize("write", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", "")])
def test_a_code_may_be_typed_in_any_way(write):
    code = receipt.new_code()
    assert receipt.code_hash(write(code), "1") == receipt.code_hash(code, "1")


def test_letters_that_look_like_digits_are_read_as_digits():
    assert receipt.normalise("OIL0-0000-0000-0000-0") == receipt.normalise("0110-0000-0000-0000-0")


@pytest.mark.parametrize("text", ["", "-", "AAAA", "7" * 16, "7" * 18, "ҶҶҶҶ-ҶҶҶҶ-ҶҶҶҶ-ҶҶҶҶ-Ҷ", "\0" * 17])
def test_what_cannot_be_a_code_is_none(text):
    assert receipt.normalise(text) is None


def test_the_digest_covers_the_words_and_every_file():
    digests = {
        receipt.digest({"text": "а"}, [b"1", b"2"]),
        receipt.digest({"text": "б"}, [b"1", b"2"]),
        receipt.digest({"text": "а"}, [b"2", b"1"]),
        receipt.digest({"text": "а"}, [b"12"]),
        receipt.digest({"text": "а"}, []),
    }
    assert len(digests) == 5
