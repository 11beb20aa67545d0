"""What must hold for every sale, not only for the cases."""

import copy
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services.suitability.domain.digest import canonical
from tests.suitability.cases import PACK, Document, all_cases, decided
from tests.suitability.matched import differing, drawn
from tests.suitability.random_sales import Chance

WEIGHT = {"ALLOW": 0, "REQUIRE": 1, "BLOCK": 2}
SALES = [case.sale for case in all_cases() if not case.switched_on]
OPTIONAL = {
    "customer.previous_risk_level",
    "customer.elected_class",
    "customer.information_refused",
    "customer.capacity",
    "product.distribution_contract",
    "product.head_office_listed",
    "product.rating_information_complete",
    "product.invests_in_private_funds",
    "product.investor_count",
    "product.state",
    "product.placement",
    "product.minimum_amount",
    "product.insurance.budget",
    "product.insurance.grade",
    "product.insurance.single_premium",
    "product.insurance.annual_premium",
    "seller.grade",
    "request.nominee",
    "request.split",
    "request.borrowed_money",
    "request.bundled",
    "request.premium_handled_by_seller",
    "request.fits_objective",
    "request.insurance_suitable",
}


def paths(document: Document, prefix: str = "") -> list[str]:
    found = []
    for key, value in document.items():
        path = f"{prefix}{key}"
        if path != "at":
            found += paths(value, f"{path}.") if isinstance(value, dict) else [path]
    return found


def without(sale: Document, path: str) -> Document:
    less = copy.deepcopy(sale)
    *parents, last = path.split(".")
    section: Any = less
    for parent in parents:
        section = section[parent]
    del section[last]
    return less


def shuffled(document: Any, draw: st.DataObject) -> Any:
    if not isinstance(document, dict):
        return document
    keys = draw.draw(st.permutations(list(document)))
    return {key: shuffled(document[key], draw) for key in keys}


sales = st.sampled_from(SALES)
with_time = settings(deadline=None)


@with_time
@given(sales, st.data())
def test_a_fact_that_goes_missing_never_makes_a_sale_easier(
    sale: Document, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from([path for path in paths(sale) if path not in OPTIONAL]))

    before, after = decided(sale), decided(without(sale, path))

    if before["outcome"] != "ALLOW":
        assert after["outcome"] != "ALLOW"


@with_time
@given(sales)
def test_the_outcome_is_the_strongest_verdict_of_all_rules(sale: Document) -> None:
    decision = decided(sale)

    verdicts = [rule["verdict"] for rule in decision["rules"]]
    assert decision["outcome"] == max(verdicts, key=WEIGHT.__getitem__)


@with_time
@given(sales)
def test_a_blocked_sale_stays_blocked_whatever_else_is_fulfilled(sale: Document) -> None:
    decision = decided(sale)
    done = {"special_care_done": True, "insurance_statement_signed": True}

    again = decided({**sale, "request": {**sale["request"], **done}})

    if decision["outcome"] == "BLOCK":
        assert again["outcome"] == "BLOCK"


@with_time
@given(sales)
def test_what_is_required_is_named(sale: Document) -> None:
    decision = decided(sale)

    named = {name for rule in decision["rules"] for name in rule["requires"]}
    assert set(decision["requires"]) == named
    if decision["outcome"] == "REQUIRE":
        assert named


@with_time
@given(sales, st.data())
def test_equal_facts_have_equal_digests_in_whatever_order_they_come(
    sale: Document, data: st.DataObject
) -> None:
    other = shuffled(copy.deepcopy(sale), data)
    other["request"]["amount"] = sale["request"].get("amount", "1") + ".00"
    same = copy.deepcopy(sale)
    same["request"].setdefault("amount", "1")

    if "." not in same["request"]["amount"]:
        assert canonical(decided(other)) == canonical(decided(same))


@with_time
@given(sales, st.integers(min_value=1, max_value=10**9))
def test_another_amount_has_another_digest(sale: Document, amount: int) -> None:
    other = {**sale, "request": {**sale["request"], "amount": f"{amount}.01"}}

    one, two = decided(sale)["digests"], decided(other)["digests"]

    assert one["facts"] == two["facts"]
    assert one["product"] == two["product"]
    if sale["request"].get("amount") != f"{amount}.01":
        assert one["decision"] != two["decision"]


@settings(deadline=None, phases=[Phase.generate], max_examples=7)
@given(st.integers(0, 2**32))
def test_the_shipped_pack_allows_by_masks_what_it_allows_by_decision(seed: int) -> None:
    """On 120 clients and 120 products each time: more than 100,000 pairs."""
    chance, pack = Chance(seed), PACK.switch_on(rule.id for rule in PACK.rules)
    clients = drawn(chance, "customer", count=120)
    products = drawn(chance, "seller", "product", "request", count=120)

    assert next(differing(pack, clients, products), None) is None
