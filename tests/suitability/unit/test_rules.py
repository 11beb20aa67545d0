"""Every rule of the pack against the cases that lie beside it."""

import json
from pathlib import Path

import pytest

from services.suitability.entrypoints.coverage_cli import covered
from tests.suitability.cases import PACK, ZONE, Case, Document, all_cases, decided

PUBLISHED = Path("tests/suitability/cases/published.jsonl")
CASES = all_cases()


def published() -> list[Document]:
    return [json.loads(line) for line in PUBLISHED.read_text().splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.why}")
def test_a_rule_says_what_its_case_expects(case: Case) -> None:
    decision = decided(case.sale, tuple(case.switched_on))

    verdicts = {rule["id"]: rule["verdict"] for rule in decision["rules"]}
    assert verdicts.get(case.rule, "none") == case.verdict
    for key, expected in case.expect.items():
        if isinstance(expected, list):
            assert set(expected) <= set(decision[key])
        else:
            assert decision[key] == expected


@pytest.mark.parametrize("case", published(), ids=lambda case: str(case["id"]))
def test_a_published_case_is_decided_as_published(case: Document) -> None:
    expected = dict(case["expect"])
    rules = set(expected.pop("rules"))

    decision = decided(case)

    assert rules <= {rule["id"] for rule in decision["rules"]}
    for key, value in expected.items():
        if isinstance(value, list):
            assert set(value) <= set(decision[key])
        else:
            assert decision[key] == value


def test_every_rule_clause_and_boundary_has_its_cases() -> None:
    found = covered(PACK, CASES, ZONE)

    assert [(each.rule.id, gap) for each in found for gap in each.gaps] == []
    assert [each.rule.id for each in found if not each.cases] == []


def test_a_boundary_that_no_case_stands_on_is_told() -> None:
    tried = [case for case in CASES if case.rule != "INS-03"]

    gaps = {
        gap.place: gap.missing
        for each in covered(PACK, tried, ZONE)
        if each.rule.id == "INS-03"
        for gap in each.gaps
    }

    assert gaps["the rule"] == ("applies",)
    assert gaps["insurance.pay_years + customer.age >= parameter.pay_years_plus_age"] == ("at",)
