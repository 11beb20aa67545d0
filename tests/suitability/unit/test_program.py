"""A pack that became a function says what the plain reading of it says, to the letter."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.suitability.domain.catalogue import GIVEN, KINDS
from services.suitability.domain.decision import decide
from services.suitability.domain.expression import Vocabulary, compile_condition
from services.suitability.domain.judge import Finding
from services.suitability.domain.pack import Definition, Rule
from services.suitability.domain.program import LABELS, program
from services.suitability.domain.receipt import receipt
from services.suitability.domain.sale import DEFAULTS, Sale, read_sale
from services.suitability.domain.truth import Missing
from services.suitability.domain.values import Kind, Level
from tests.suitability.cases import PACK, ZONE, Case, Document, all_cases
from tests.suitability.reference import Said, said_of

SALES = [read_sale(case.sale) for case in all_cases()]
ALL_ON = PACK.switch_on(rule.id for rule in PACK.rules)
VALUES = {
    name: sorted({sale.given[name] for sale in SALES if name in sale.given}, key=str)
    for name in GIVEN
}
PARAMETERS = {"limit": 5, "levels": ("C2", "C4"), "on": True}


def as_said(finding: Finding) -> Said:
    return Said(
        finding.rule,
        finding.verdict,
        finding.facts,
        finding.zh,
        finding.en,
        finding.requires,
        finding.obligations,
    )


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: f"{case.rule}: {case.why}")
def test_a_case_is_decided_as_the_reference_decides_it(case: Case) -> None:
    sale, pack = read_sale(case.sale), PACK.switch_on(case.switched_on)

    findings = decide(sale, pack, ZONE).findings

    assert [as_said(finding) for finding in findings] == said_of(sale, pack, ZONE)


@st.composite
def sales(draw: st.DrawFn) -> Sale:
    """A case with facts taken away, and others as other cases have them."""
    sale = draw(st.sampled_from(SALES))
    known = [name for name in GIVEN if VALUES[name]]
    gone = draw(st.sets(st.sampled_from(known), max_size=12))
    other = draw(st.lists(st.sampled_from(known), max_size=12, unique=True))
    values = {name: draw(st.sampled_from(VALUES[name])) for name in other}
    given = {name: value for name, value in sale.given.items() if name not in gone}
    return Sale(sale.at, given | values)


@settings(deadline=None, max_examples=300)
@given(sales())
def test_any_sale_is_decided_as_the_reference_decides_it(sale: Sale) -> None:
    findings = decide(sale, ALL_ON, ZONE).findings

    assert [as_said(finding) for finding in findings] == said_of(sale, ALL_ON, ZONE)


def comparisons(name: str, kind: Kind) -> list[str]:
    found = [f"{name} is None", f"{name} is not None"]
    if kind.name == "flag":
        return [*found, name, f"{name} == parameter.on"]
    if kind.name in ("amount", "number"):
        return [*found, f"{name} >= 2", f"{name} * 2 + parameter.limit < 9", f"3 > {name}"]
    if kind.name == "level" and "C3" in kind.choices:
        return [*found, f"{name} > 'C3'", f"{name} in parameter.levels"]
    if kind.name == "choice":
        return [*found, f"{name} == '{kind.choices[0]}'", f"{name} not in {[*kind.choices[1:3]]}"]
    return found


NAMES = [
    "customer.age",
    "customer.kind",
    "customer.risk_level",
    "customer.previous_risk_level",
    "customer.lowest_category",
    "customer.certified",
    "request.amount",
    "request.recording_consent",
    "sale.regime",
]
ATOMS = [
    *(text for name in NAMES for text in comparisons(name, KINDS[name])),
    "customer.age == customer.investing_years",
    "customer.age + customer.investing_years > request.amount",
    "(customer.age > 1) == customer.lowest_category",
    "(not customer.certified) is None",
    "True",
    "parameter.on",
]
CONDITIONS = st.recursive(
    st.sampled_from(ATOMS),
    lambda parts: st.one_of(
        parts.map(lambda part: f"(not {part})"),
        st.lists(parts, min_size=2, max_size=4).map(lambda some: f"({' or '.join(some)})"),
        st.lists(parts, min_size=2, max_size=4).map(lambda some: f"({' and '.join(some)})"),
    ),
    max_leaves=12,
)
CHOSEN: dict[str, list[object]] = {
    "customer.age": [0, 1, 2, 3],
    "customer.investing_years": [0, 1, 2],
    "customer.kind": ["person", "company"],
    "customer.risk_level": [Level("C2"), Level("C3"), Level("C4")],
    "customer.previous_risk_level": [Level("C3"), Level("C5")],
    "customer.lowest_category": [True, False],
    "request.amount": [1, 2, 3],
    "request.recording_consent": [True, False],
    "sale.regime": ["NFRA", "CSRC"],
}
OPTIONS: dict[str, st.SearchStrategy[object]] = {
    name: st.sampled_from([*values, Missing.of("a", name)]) for name, values in CHOSEN.items()
}
CERTIFIED: dict[str, st.SearchStrategy[object]] = {"customer.certified": st.booleans()}
FACTS = st.fixed_dictionaries(CERTIFIED, optional=OPTIONS)


@settings(deadline=None, max_examples=400)
@given(CONDITIONS, CONDITIONS, FACTS)
def test_any_condition_is_as_true_as_the_reference_finds_it(
    defined: str, text: str, facts: Mapping[str, object]
) -> None:
    vocabulary = Vocabulary(KINDS, LABELS, PARAMETERS)
    definition = Definition("sale.defined", compile_condition(defined, vocabulary))
    kinds = {**KINDS, "sale.defined": KINDS["customer.certified"]}
    scope = compile_condition(f"not sale.defined or {text}", replace(vocabulary, kinds=kinds))
    rule = replace(PACK.rules[0], scope=scope, clauses=(), concludes=None)
    known = {**DEFAULTS, "sale.on": date(2026, 11, 1), **facts}

    found, _ = program([definition, rule], PARAMETERS).work_out(known, [True])

    expected = scope.evaluate({**known, "sale.defined": definition.condition.evaluate(known)})
    assert found == ([] if expected is False else [((0, expected), None)])


def test_a_conclusion_is_shown_as_it_was_when_the_rule_read_it() -> None:
    regime = next(rule for rule in PACK.rules if rule.id == "REG-01")
    early = next(rule for rule in PACK.rules if "sale.regime" in rule.reads)
    always = compile_condition("True", Vocabulary({}, {}, {}))
    before = replace(early, id="EARLY", scope=always, concludes=None, clauses=())
    steps: tuple[Rule, ...] = (before, regime, replace(before, id="LATE"))
    pack = replace(PACK, steps=steps)
    sale = next(sale for sale in SALES if sale.given.get("seller.licence") == "bank")

    findings = decide(sale, pack, ZONE).findings

    assert [as_said(finding) for finding in findings] == said_of(sale, pack, ZONE)
    shown = {finding.rule.id: finding.facts.get("sale.regime") for finding in findings}
    assert (shown["EARLY"], shown["LATE"]) == (None, "NFRA")


def test_nothing_that_a_pack_says_gets_into_the_source() -> None:
    vocabulary = Vocabulary(KINDS, LABELS, {"word": "'); import os; ('"})
    text = "seller.channel is None or parameter.word == 'x\"); import os #'"
    definition = Definition("sale.d = 1\nimport os #", compile_condition(text, vocabulary))

    source = program([definition], vocabulary.parameters).source

    assert "import" not in source


@settings(deadline=None)
@given(sales())
def test_a_receipt_has_the_digests_of_what_it_says(sale: Sale) -> None:
    document = receipt(decide(sale, ALL_ON, ZONE))

    said = plain_digests(document)

    assert document["digests"] == said | {"rule_pack": ALL_ON.digest}


def plain_digests(document: Document) -> Document:
    """Worked out on the whole document at once."""
    body = {name: value for name, value in document.items() if name != "digests"}
    given, links = document["input"], document["digests"]
    return {
        "facts": plain_digest(given["customer"]),
        "product": plain_digest(given["product"]),
        "request": plain_digest([given["at"], given["seller"], given["request"]]),
        "decision": plain_digest([{k: v for k, v in links.items() if k != "decision"}, body]),
    }


def plain_digest(document: object) -> str:
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
