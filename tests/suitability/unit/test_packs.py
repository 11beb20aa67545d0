"""Rule packs: conditions that cannot be meant are refused when the pack is loaded."""

from datetime import date

import pytest

from chassis.errors import Invalid
from services.suitability.adapters.packs import released_packs
from services.suitability.domain.calendar import age_on, months_begun, months_later
from services.suitability.domain.catalogue import KINDS
from services.suitability.domain.expression import PackError, Vocabulary, compile_condition
from services.suitability.domain.truth import Missing

VOCABULARY = Vocabulary(KINDS, {}, {"limit": 5})


def value(text: str, **facts: object) -> object:
    named = {name.replace("__", "."): fact for name, fact in facts.items()}
    return compile_condition(text, VOCABULARY).evaluate(named)


@pytest.mark.parametrize(
    "text",
    [
        "customer.wealth > 1",
        "customer.kind == 'persona'",
        "customer.risk_level > 'R3'",
        "parameter.unknown > 1",
        "customer.age",
        "not customer.age",
        "__import__('os')",
        "customer.age > (lambda: 1)()",
        "customer.age - 1 > 2",
        "1 < customer.age < 3",
        "customer.age is 3",
        "customer.age >",
        "'C3' in [customer.risk_level for x in y]",
    ],
)
def test_a_condition_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(PackError):
        compile_condition(text, VOCABULARY)


def test_what_is_missing_is_named() -> None:
    assert value("customer.age > 3") == Missing.of("customer.age")


def test_a_known_part_can_settle_what_is_partly_missing() -> None:
    assert value("customer.age > 3 or seller.channel == 'phone'", seller__channel="phone") is True
    assert (
        value("customer.age > 3 and seller.channel == 'phone'", seller__channel="branch") is False
    )


def test_what_both_parts_miss_is_named_together() -> None:
    assert value("customer.age > 3 and not customer.lowest_category") == Missing.of(
        "customer.age", "customer.lowest_category"
    )


def test_an_absent_fact_can_be_asked_for() -> None:
    assert value("customer.age is None") is True
    assert value("customer.age is not None", customer__age=0) is True


@pytest.mark.parametrize(
    ("born_on", "on", "age"),
    [
        (date(1961, 11, 1), date(2026, 10, 31), 64),
        (date(1961, 11, 1), date(2026, 11, 1), 65),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_an_age_is_reached_on_the_birthday(born_on: date, on: date, age: int) -> None:
    assert age_on(born_on, on) == age


@pytest.mark.parametrize(
    ("since", "on", "months"),
    [
        (date(2025, 11, 1), date(2026, 11, 1), 12),
        (date(2025, 11, 1), date(2026, 11, 2), 13),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2024, 2, 29), date(2025, 3, 1), 13),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 11, 1), date(2026, 11, 1), 0),
    ],
)
def test_a_period_of_months_ends_on_the_corresponding_day(
    since: date, on: date, months: int
) -> None:
    assert months_begun(since, on) == months
    assert months_later(since, months) >= on


def test_a_pack_is_in_force_from_its_day_on() -> None:
    packs = released_packs()

    assert packs.in_force(date(2026, 2, 1)).version == "cn-2026-02"
    with pytest.raises(Invalid):
        packs.in_force(date(2026, 1, 31))


def test_a_pack_with_rules_switched_on_is_known_by_its_name() -> None:
    packs = released_packs(["CUS-11", "ASM-05"])

    name = packs.in_force(date(2026, 11, 1)).name

    assert name == "cn-2026-02+ASM-05+CUS-11"
    assert released_packs().named(name).name == name


def test_drafts_and_unverified_rules_are_shipped_off() -> None:
    pack = released_packs().in_force(date(2026, 11, 1))

    off = {rule.id for rule in pack.rules if not rule.enabled}

    assert off == {"ASM-05", "ASM-12", "CUS-11", "INS-09.online", "PF-09", "QI-05"}


def test_only_rules_of_the_pack_can_be_switched_on() -> None:
    with pytest.raises(KeyError):
        released_packs(["CUS-99"])
