import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.recording.domain.calendar import end_of, months_after
from services.recording.domain.institution import Institution
from services.recording.domain.known import Insurance, Product
from services.recording.domain.regime import Licence, ProductKind, Regime, regime_of
from services.recording.domain.retention import RULES, Facts, retention
from services.recording.entrypoints.facts import read_facts

CASES = Path(__file__).parents[1] / "cases" / "retention.jsonl"
SHANGHAI = ZoneInfo("Asia/Shanghai")

DAYS = st.dates(date(1990, 1, 1), date(2200, 1, 1))
FACTS = st.builds(
    Facts,
    regime=st.sampled_from(Regime),
    product_kind=st.sampled_from(ProductKind),
    sold_by=st.sampled_from(Licence),
    contract_ended_on=st.none() | DAYS,
    insurance_term_years=st.none() | st.decimals("0.1", 100, places=1),
    relationship_ended_on=st.none() | DAYS,
    dispute_ended_on=st.none() | DAYS,
    open_dispute=st.booleans(),
)


def cases() -> list[dict[str, Any]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [json.loads(line, parse_float=Decimal) for line in lines]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_a_case_is_kept_as_long_as_it_says(case: dict[str, Any]) -> None:
    kept = retention(read_facts(case))

    until = kept.retain_until.isoformat() if kept.retain_until else None
    assert {"retain_until": until, "rules": list(kept.rule_ids)} == case["expect"]


@given(FACTS)
def test_nothing_is_let_go_before_any_single_rule_allows(facts: Facts) -> None:
    applying = [rule for rule in RULES if rule.applies(facts)]

    until = retention(facts).retain_until

    for rule in applying:
        own = rule.until(facts)
        assert until is None if own is None else until is None or until >= own


@given(FACTS, DAYS)
def test_no_recording_has_a_last_day_while_a_dispute_is_open(facts: Facts, day: date) -> None:
    disputed = replace(facts, contract_ended_on=day, relationship_ended_on=day, open_dispute=True)

    assert retention(disputed).retain_until is None


@given(FACTS, DAYS)
def test_a_dispute_never_shortens(facts: Facts, day: date) -> None:
    calm = replace(
        facts,
        contract_ended_on=day,
        relationship_ended_on=day,
        dispute_ended_on=None,
        open_dispute=False,
    )
    without, with_dispute = retention(calm), retention(replace(calm, dispute_ended_on=day))

    assert without.retain_until is not None
    assert with_dispute.retain_until is not None
    assert with_dispute.retain_until >= max(without.retain_until, day)


@given(st.sampled_from(Licence), st.sampled_from(ProductKind), DAYS, st.integers(0, 5000))
def test_a_seal_never_locks_longer_than_what_will_be_asked(
    licence: Licence, kind: ProductKind, day: date, later: int
) -> None:
    at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    product = Product(product_id="P1", kind=kind)
    least = Institution(licence, SHANGHAI).least_retention(product, at).retain_until
    ended = date.fromordinal(day.toordinal() + later)

    facts = Facts(
        regime=regime_of(licence, kind),
        product_kind=kind,
        sold_by=licence,
        contract_ended_on=ended,
        relationship_ended_on=ended,
    )
    asked = retention(facts).retain_until

    assert least is not None
    assert asked is not None
    assert least <= asked


@pytest.mark.parametrize(
    ("licence", "kind", "years"),
    [
        (Licence.FUND_DISTRIBUTOR, ProductKind.PUBLIC_FUND, 20),
        (Licence.BANK, ProductKind.PUBLIC_FUND, 20),
        (Licence.BANK, ProductKind.BANK_WEALTH, 10),
        (Licence.SECURITIES_FIRM, ProductKind.COLLECTIVE_TRUST, 20),
        (Licence.FUND_DISTRIBUTOR, ProductKind.INSURANCE, 10),
    ],
)
def test_the_least_a_seal_locks(licence: Licence, kind: ProductKind, years: int) -> None:
    noon = datetime(2026, 11, 23, 4, tzinfo=UTC)
    product = Product(product_id="P1", kind=kind, insurance=Insurance("life", "traditional", 1))

    least = Institution(licence, SHANGHAI).least_retention(product, noon)

    assert least.retain_until == date(2026 + years, 11, 23)


def test_the_day_of_a_seal_is_that_of_the_institutions_zone() -> None:
    evening = datetime(2026, 11, 23, 20, tzinfo=UTC)

    assert Institution(Licence.BANK, SHANGHAI).day(evening) == date(2026, 11, 24)


def test_a_day_ends_at_midnight_of_its_zone() -> None:
    assert end_of(date(2026, 11, 23), SHANGHAI) == datetime(2026, 11, 23, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-01-30", 0, "2026-01-30"),
    ],
)
def test_a_period_ends_on_the_corresponding_day(day: str, months: int, end: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(end)


@given(DAYS, st.integers(0, 600), st.integers(0, 600))
def test_a_longer_period_never_ends_earlier(day: date, one: int, other: int) -> None:
    shorter, longer = sorted((one, other))

    assert months_after(day, shorter) <= months_after(day, longer)
