"""Masks over many clients say what the explained decision says of each."""

from dataclasses import replace
from datetime import date

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services.suitability.adapters.matching.columns import SOURCES
from services.suitability.adapters.matching.outcomes import Matching
from services.suitability.domain.catalogue import DERIVED
from services.suitability.domain.circuit import Circuit
from services.suitability.domain.decision import decide
from services.suitability.domain.mask import Masks
from services.suitability.domain.mask_atoms import CLIENT
from services.suitability.domain.pack import Verdict
from services.suitability.domain.sale import Sale
from tests.suitability.cases import PACK, ZONE
from tests.suitability.matched import columns_of, differing, drawn
from tests.suitability.random_sales import ON, Chance

ALL_ON = PACK.switch_on(rule.id for rule in PACK.rules)
SEEDS = st.integers(0, 2**32)


@settings(deadline=None, phases=[Phase.generate], max_examples=20)
@given(SEEDS)
def test_any_pack_allows_by_masks_what_it_allows_by_decision(seed: int) -> None:
    chance = Chance(seed)
    pack = chance.pack()
    clients = drawn(chance, "customer", count=60)
    products = drawn(chance, "seller", "product", "request", count=6)

    assert next(differing(pack, clients, products), None) is None


@settings(deadline=None, phases=[Phase.generate], max_examples=6)
@given(SEEDS)
def test_each_rule_says_by_masks_what_it_says_by_decision(seed: int) -> None:
    chance = Chance(seed)
    clients = drawn(chance, "customer", count=64)
    (product,) = drawn(chance, "seller", "product", "request", count=1)
    columns = columns_of(clients)

    found = Matching(Masks(ALL_ON, ON), [product]).rules(0, columns, 0, columns.size)

    for row, client in enumerate(clients):
        sale = Sale(product.at, {**product.given, **client.given})
        said = {
            one.rule.id: Verdict.BLOCK if one.block[0] >> row & 1 else Verdict.REQUIRE
            for one in found
            if (one.block[0] | one.require[0]) >> row & 1
        }
        findings = decide(sale, ALL_ON, ZONE).findings
        stopping = [one for one in findings if one.verdict is not Verdict.ALLOW]
        assert said == {one.rule.id: one.verdict for one in stopping}


def test_a_mask_that_reads_and_for_or_is_caught() -> None:
    class Confused(Circuit):
        def either(self, one: int, other: int) -> int:
            return self.both(one, other)

    chance, masks = Chance(1), Masks(ALL_ON, ON)
    masks.circuit = Confused()
    clients = drawn(chance, "customer", count=120)
    products = drawn(chance, "seller", "product", "request", count=20)

    assert next(differing(ALL_ON, clients, products, masks), None) is not None


def test_a_mask_that_is_a_day_late_is_caught() -> None:
    chance, late = Chance(2), Masks(ALL_ON, date(2026, 11, 24))
    clients = drawn(chance, "customer", count=120)
    products = drawn(chance, "seller", "product", "request", count=120)

    assert next(differing(ALL_ON, clients, products, late), None) is not None


def test_products_with_the_same_facts_share_their_gates() -> None:
    (product,) = drawn(Chance(3), "seller", "product", "request", count=1)

    matching = Matching(Masks(PACK, ON), [product, replace(product)])

    assert matching.of[0] == matching.of[1]


def test_every_derived_fact_of_a_client_has_a_source() -> None:
    assert SOURCES.keys() == {name for name in DERIVED if name in CLIENT}
