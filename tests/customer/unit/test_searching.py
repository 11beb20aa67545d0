"""However somebody writes it: who is on file is found, and nobody else."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customer.domain.searching import (
    SEARCHABLE,
    searchable_identity,
    searchable_name,
    searchable_phone,
)
from tests.customer.unit.books import identity

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
SPACES = st.sampled_from(["", " ", "  ", "\u3000", "\t", "\u200b", "\ufeff"])
CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1)
LATIN = st.text(st.characters(min_codepoint=0x61, max_codepoint=0x7A), min_size=1)
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


def spelt(draw: st.DrawFn, text: str, between: st.SearchStrategy[str]) -> str:
    """With something between, in either case and width."""
    written = "".join(
        draw(st.sampled_from([each.lower(), each.upper()])) + draw(between) for each in text
    )
    return written.translate(WIDE) if draw(st.booleans()) else written


@given(st.data(), CHINESE)
def test_a_chinese_name_is_one_however_it_is_spaced(data: st.DataObject, name: str) -> None:
    written = data.draw(st.composite(spelt)(name, SPACES))

    assert searchable_name(written) == searchable_name(name)


@given(st.data(), st.lists(LATIN, min_size=1, max_size=3))
def test_a_foreign_name_is_one_in_any_case_and_width(data: st.DataObject, words: list[str]) -> None:
    name = " ".join(words)
    written = data.draw(st.composite(spelt)(name, st.just("")))

    assert searchable_name(f" {written.replace(' ', '   ')} ") == searchable_name(name)


@pytest.mark.parametrize("dot", "·•‧∙・･")
def test_the_dot_in_a_name_is_one_dot(dot: str) -> None:
    assert searchable_name(f"买买提 {dot} 吐尔逊") == searchable_name("买买提·吐尔逊")


@given(st.data(), MOBILES, st.sampled_from(["", "+86", "86", "0086", "+86 ", "(+86)", "＋８６"]))
def test_a_phone_is_one_with_country_code_and_dashes(
    data: st.DataObject, phone: str, country: str
) -> None:
    dashed = data.draw(st.composite(spelt)(phone, st.sampled_from(["", "-", " ", "—", "\u3000"])))

    assert searchable_phone(country + dashed) == phone


@given(st.data(), st.integers(min_value=1, max_value=900))
def test_an_identity_number_is_one_with_any_x(data: st.DataObject, serial: int) -> None:
    number = identity(serial)
    written = data.draw(st.composite(spelt)(number, st.sampled_from(["", " ", "-"])))

    assert searchable_identity(written) == number


def test_an_old_identity_number_finds_the_new_one() -> None:
    assert searchable_identity("110105491231002") == "11010519491231002X"


@given(st.sampled_from(sorted(SEARCHABLE)), st.text())
def test_the_searchable_form_of_a_searchable_form_is_itself(kind: str, written: str) -> None:
    once = SEARCHABLE[kind](written)

    assert SEARCHABLE[kind](once) == once


@given(CHINESE, CHINESE)
def test_other_names_stay_other(one: str, another: str) -> None:
    same = unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", another)

    assert (searchable_name(one) == searchable_name(another)) is same
