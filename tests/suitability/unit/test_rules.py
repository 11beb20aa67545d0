"""Every rule of the pack against the cases that lie beside it."""

import json
from pathlib import Path

import pytest

from tests.suitability.cases import PACK, Case, Document, all_cases, decided

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


def test_every_rule_has_a_case_for_each_of_its_verdicts() -> None:
    covered = {(case.rule, case.verdict) for case in CASES}

    missing = [
        (rule.id, str(clause.verdict))
        for rule in PACK.rules
        for clause in rule.clauses
        if (rule.id, str(clause.verdict)) not in covered
    ]
    missing += [(rule.id, "any") for rule in PACK.rules if rule.id not in {r for r, _ in covered}]

    assert missing == []
