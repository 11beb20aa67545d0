"""What a client could be offered, and why not the rest."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from chassis.errors import NotFound
from chassis.scope import EVERYTHING
from services.suitability.usecases.eligible_products import (
    ANY,
    Eligible,
    EligibleProducts,
    eligible_products,
)
from services.suitability.usecases.keep_customer import KeepCustomer, keep_customer
from services.suitability.usecases.keep_product import KeepProduct, keep_product
from tests.suitability.samples import CUSTOMER, FUND, INSTITUTION, NOON, assess
from tests.suitability.unit.fakes import FakeWork, fake_begin

SHELF: dict[str, dict[str, object]] = {
    "P1": {"issuer_level": "R1", "seller_level": "R1", "minimum_amount": "100"},
    "P2": {"issuer_level": "R5", "seller_level": "R3", "minimum_amount": "100"},
    "P3": {"issuer_level": "R2", "seller_level": "R2"},
    "P4": {"kind": "private_fund", "placement": "private", "minimum_amount": "1000000"},
}


@pytest.fixture
def work() -> FakeWork:
    begin: Callable[[], AbstractContextManager[FakeWork]] = fake_begin()
    with begin() as work:
        command = KeepCustomer(
            customer_id="c-1", facts=CUSTOMER, sequence=1, at=NOON, institution=INSTITUTION
        )
        keep_customer(command, work)
        for product_id, terms in SHELF.items():
            facts = {**FUND, **terms}
            kept = KeepProduct(
                product_id=product_id,
                facts=facts,
                whole=True,
                sequence=1,
                at=NOON,
                institution=INSTITUTION,
            )
            keep_product(kept, work)
        assess(work)
    return work


def asked(work: FakeWork, **changes: Any) -> list[Eligible]:
    said: dict[str, Any] = {
        "customer_id": "c-1",
        "channel": "online",
        "amount": "",
        "outcome": "ALLOW",
        "kind": "",
        "after": "",
        "limit": 50,
        "scope": EVERYTHING,
        "at": NOON,
        "institution": INSTITUTION,
    }
    return eligible_products(EligibleProducts(**(said | changes)), work)


def outcomes(found: list[Eligible]) -> dict[str, str]:
    return {one.product_id: str(one.decision.outcome) for one in found}


def test_only_what_is_allowed_is_offered(work: FakeWork) -> None:
    assert outcomes(asked(work)) == {"P1": "ALLOW"}


def test_all_outcomes_are_told_when_asked(work: FakeWork) -> None:
    found = asked(work, outcome=ANY)

    assert outcomes(found) == {"P1": "ALLOW", "P2": "BLOCK", "P3": "REQUIRE", "P4": "BLOCK"}
    assert found[0].amount == "100"


def test_above_the_level_staff_may_not_offer_whatever_the_client_could_insist_on(
    work: FakeWork,
) -> None:
    (blocked,) = asked(work, outcome="BLOCK", kind="public_fund")

    says = {each.rule.id: str(each.verdict) for each in blocked.decision.findings}
    assert says["MAT-06"] == "BLOCK"


def test_an_amount_that_is_not_known_is_required_by_name(work: FakeWork) -> None:
    (unpriced,) = asked(work, outcome="REQUIRE")

    assert unpriced.decision.requires == ("amount",)
    assert outcomes(asked(work, amount="5000")) == {"P1": "ALLOW", "P3": "ALLOW"}


def test_a_page_goes_on_behind_the_last_one(work: FakeWork) -> None:
    first = asked(work, outcome=ANY, limit=2)

    assert [one.product_id for one in first] == ["P1", "P2", "P3"]  # one more than asked for
    assert outcomes(asked(work, outcome=ANY, after="P2", limit=2)).keys() == {"P3", "P4"}
    assert asked(work, outcome=ANY, after="P4") == []


def test_nothing_is_kept(work: FakeWork) -> None:
    asked(work, outcome=ANY)

    assert work.matches.rows == {}


def test_a_client_that_is_not_known_has_no_list(work: FakeWork) -> None:
    with pytest.raises(NotFound):
        asked(work, customer_id="c-2")
