import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from chassis.sealing.algorithm import Algorithm
from chassis.sealing.ciphers import NONCE_BYTES, Box, Sm4Gcm, new_key

BOXES = {algorithm: Box(algorithm, new_key(algorithm)) for algorithm in Algorithm}


@given(algorithm=st.sampled_from(Algorithm), text=st.binary(), place=st.binary())
def test_what_was_sealed_opens_in_its_place(
    algorithm: Algorithm, text: bytes, place: bytes
) -> None:
    box = BOXES[algorithm]

    assert box.open(box.seal(text, place), place) == text


@given(algorithm=st.sampled_from(Algorithm), text=st.binary(), at=st.integers(min_value=0))
def test_a_flipped_bit_opens_nothing(algorithm: Algorithm, text: bytes, at: int) -> None:
    box = BOXES[algorithm]
    sealed = bytearray(box.seal(text, b"here"))
    sealed[at % len(sealed)] ^= 1

    with pytest.raises(InvalidTag):
        box.open(bytes(sealed), b"here")


@given(algorithm=st.sampled_from(Algorithm), kept=st.integers(min_value=0, max_value=30))
def test_a_cut_text_opens_nothing(algorithm: Algorithm, kept: int) -> None:
    sealed = BOXES[algorithm].seal(b"abc", b"here")

    with pytest.raises(InvalidTag):
        BOXES[algorithm].open(sealed[:kept], b"here")


def test_sm4_gcm_is_that_of_rfc_8998() -> None:
    """Appendix A.1."""
    cipher = Sm4Gcm(bytes.fromhex("0123456789abcdeffedcba9876543210"))
    nonce = bytes.fromhex("00001234567800000000abcd")
    about = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    text = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )

    sealed = cipher.encrypt(nonce, text, about)

    assert sealed.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert cipher.decrypt(nonce, sealed, about) == text


def test_equal_texts_are_sealed_under_other_nonces() -> None:
    box = BOXES[Algorithm.AES_256_GCM]
    nonces = {box.seal(b"abc", b"here")[:NONCE_BYTES] for _ in range(100)}

    assert len(nonces) == 100


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_key_of_another_length_is_refused(algorithm: Algorithm) -> None:
    with pytest.raises(ValueError, match=f"{algorithm.key_bytes} bytes"):
        Box(algorithm, bytes(24))
