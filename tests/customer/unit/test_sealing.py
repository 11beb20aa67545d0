import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.sealing.keyring import FixedKeyring
from chassis.sealing.sealer import Sealer
from chassis.sealing.unreadable import Unreadable
from services.customer.adapters.masking import (
    mask_address,
    mask_identity,
    mask_name,
    mask_phone,
)
from services.customer.adapters.sealing import index_keys, place_of

INDEX_KEY = b"i" * 32


def sealer(index_key: bytes = INDEX_KEY, current: str = "k1", **more: bytes) -> Sealer:
    return Sealer(FixedKeyring({"k1": bytes(32), **more}, current), index_keys(index_key))


SEALER = sealer()
HERE = place_of("c-1", "phone")


@given(st.text())
def test_a_sealed_text_opens_to_what_it_was(text: str) -> None:
    assert SEALER.open(SEALER.seal(text, HERE), HERE) == text


@given(st.binary())
def test_a_sealed_file_opens_to_what_it_was(content: bytes) -> None:
    assert SEALER.open_file(SEALER.seal_file(content, HERE), HERE) == content


def test_equal_texts_are_sealed_differently_and_name_their_key() -> None:
    first, second = SEALER.seal("13800138000", HERE), SEALER.seal("13800138000", HERE)

    assert first != second
    assert first.startswith("k1.")
    assert "13800138000" not in first


def test_a_sealed_text_opens_nowhere_else() -> None:
    sealed = SEALER.seal("13800138000", HERE)

    with pytest.raises(Unreadable):
        SEALER.open(sealed, place_of("c-2", "phone"))


def test_a_new_key_seals_while_the_old_one_still_opens() -> None:
    old = SEALER.seal("13800138000", HERE)
    both = sealer(current="k2", k2=b"2" * 32)

    assert both.open(old, HERE) == "13800138000"
    assert both.seal("x", HERE).startswith("k2.")


def test_equal_values_of_one_kind_have_one_index() -> None:
    index = SEALER.index("phone", "13800138000")

    assert index == SEALER.index("phone", "13800138000")
    assert index != SEALER.index("name", "13800138000")
    assert index != sealer(b"j" * 32).index("phone", "13800138000")
    assert SEALER.index("phone", "") is None


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sealer(k2=b"short")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("西藏自治区飞市龙潭张路g座 192815", "西藏自治区飞市****"),
        ("浙江省杭州市西湖区文三路1号", "浙江省杭州市****"),
        ("北京市朝阳区建国路1号", "北京市****"),
        ("香港特别行政区佳市合川朱路g座", "香港特别行政区****"),
        ("四川省凉山彝族自治州西昌市", "四川省凉山彝族自治州****"),
        ("somewhere 12", "****"),
        ("", ""),
    ],
)
def test_an_address_shows_province_and_city(address: str, shown: str) -> None:
    assert mask_address(address) == shown


def test_numbers_show_their_ends() -> None:
    assert mask_identity("440305196107305312") == "4****************2"
    assert mask_phone("17486206205") == "174****6205"
    assert [mask_name(name) for name in ("王伟", "欧阳安宁", "")] == ["王**", "欧**", ""]
    assert (mask_identity(""), mask_phone(""), mask_phone("12345")) == ("", "", "")
