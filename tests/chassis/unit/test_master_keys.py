import pytest
from cryptography.exceptions import InvalidTag

from chassis.config import ConfigurationError
from chassis.sealing.data_keys import about, first_key, next_id
from chassis.sealing.master_keys import ConfiguredMasterKeys

AES, SM4 = b"a" * 32, b"s" * 16
ABOUT = about("k1", "aes-256-gcm")


@pytest.mark.parametrize("key", [AES, SM4], ids=["aes", "sm4"])
def test_a_wrapped_key_is_unwrapped_by_the_one_that_wrapped_it(key: bytes) -> None:
    masters = ConfiguredMasterKeys({"m1": key})
    wrapped = masters.wrap(b"data key", ABOUT)

    assert b"data key" not in wrapped
    assert ConfiguredMasterKeys({"m2": AES, "m1": key}).unwrap(wrapped, ABOUT, "m1") == b"data key"


def test_the_first_master_key_is_current() -> None:
    assert ConfiguredMasterKeys({"m2": AES, "m1": SM4}).current == "m2"


def test_a_wrapped_key_passes_for_no_other() -> None:
    masters = ConfiguredMasterKeys({"m1": AES})
    wrapped = masters.wrap(b"data key", ABOUT)

    with pytest.raises(InvalidTag):
        masters.unwrap(wrapped, about("k2", "aes-256-gcm"), "m1")


def test_a_missing_master_key_is_named() -> None:
    masters = ConfiguredMasterKeys({"m2": AES})

    with pytest.raises(ConfigurationError, match="m1"):
        masters.unwrap(b"", ABOUT, "m1")


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 33])
def test_a_master_key_of_another_length_is_refused_by_its_name(key: bytes) -> None:
    with pytest.raises(ConfigurationError, match="m1"):
        ConfiguredMasterKeys({"m1": key})


@pytest.mark.parametrize(("key_id", "key"), [("k1", b"short"), ("k.1", AES), ("", AES)])
def test_an_earlier_key_that_cannot_have_sealed_anything_is_refused(
    key_id: str, key: bytes
) -> None:
    with pytest.raises(ConfigurationError, match="field_key"):
        first_key(key_id, key)


def test_the_first_of_all_keys_is_k1() -> None:
    assert next_id([]) == "k1"
