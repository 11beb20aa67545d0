"""Announcements of other services become what suitability keeps."""

from datetime import date, timedelta

import pytest

from chassis.dependencies import injected
from chassis.envelope import Meta
from chassis.errors import Invalid
from chassis.moments import stamp
from chassis.runner import Runner
from chassis.scope import Custody
from liheng.customer.v1.events_pb2 import (
    AccessEnded,
    AccessGranted,
    AdviserChanged,
    CustomerFacts,
    CustomerOnboarded,
    FactsChanged,
)
from liheng.product.v1.events_pb2 import InsuranceTerms, ProductListed, RatingChanged
from services.suitability.adapters.announcements import to_message
from services.suitability.entrypoints.events import SuitabilityEvents
from services.suitability.usecases.ports import SuitabilityWork
from tests.suitability.samples import INSTITUTION, NOON, assess, ready, sell
from tests.suitability.unit.fakes import FakeWork, fake_begin

FACTS = CustomerFacts(
    born_on="1980-05-01",
    financial_assets="800000",
    investing_years="3",
    information_refused="false",
)


class Listener:
    def __init__(self) -> None:
        self._begin = fake_begin()
        run: Runner[SuitabilityWork] = Runner(self._begin)
        self.on = injected(SuitabilityEvents, run=run, now=lambda: NOON, institution=INSTITUTION)

    @property
    def work(self) -> FakeWork:
        with self._begin() as work:
            return work

    def customer(self) -> dict[str, object]:
        known = self.work.customers.find("c-1")
        return dict(known.facts) if known else {}

    def product(self) -> dict[str, object]:
        known = self.work.products.find("P1")
        return dict(known.facts) if known else {}


@pytest.fixture
def listener() -> Listener:
    return Listener()


def meta(sequence: int) -> Meta:
    return Meta(f"e-{sequence}", "c-1", sequence, NOON, "test")


def onboarded(risk_level: str = "", assessed_on: str = "") -> CustomerOnboarded:
    return CustomerOnboarded(
        customer_id="c-1",
        kind="person",
        facts=FACTS,
        risk_level=risk_level,
        assessed_on=assessed_on,
    )


def listed() -> ProductListed:
    return ProductListed(
        product_id="P1",
        kind="public_fund",
        placement="public",
        issuer_level="R3",
        seller_level="R2",
        cooling_off_hours="48",
        state="listed",
    )


def test_a_new_customer_is_known_with_typed_facts(listener: Listener) -> None:
    listener.on.customer_onboarded(onboarded(), meta(1))

    assert listener.customer() == {
        "kind": "person",
        "born_on": "1980-05-01",
        "financial_assets": "800000",
        "investing_years": 3,
        "information_refused": False,
    }
    assert listener.work.profiles.find("c-1") is None


def test_where_facts_come_from_and_what_day_they_speak_of_is_kept(listener: Listener) -> None:
    told = CustomerFacts(kind="person", source="client", as_of="2026-10-31")

    listener.on.facts_changed(FactsChanged(customer_id="c-1", facts=told), meta(1))

    assert listener.customer() == {
        "kind": "person",
        "facts_source": "client",
        "facts_as_of": "2026-10-31",
    }


def test_an_imported_customer_brings_a_level(listener: Listener) -> None:
    event = onboarded(risk_level="C4", assessed_on="2026-03-01")

    listener.on.customer_onboarded(event, meta(1))

    profile = listener.work.profiles.find("c-1")
    assert profile is not None
    assert profile.current is not None
    assert profile.current.assessed_on == date(2026, 3, 1)


def test_changed_facts_replace_what_was_known(listener: Listener) -> None:
    listener.on.customer_onboarded(onboarded(), meta(1))
    richer = CustomerFacts(kind="person", financial_assets="6000000")

    listener.on.facts_changed(FactsChanged(customer_id="c-1", facts=richer), meta(2))

    assert listener.customer() == {"kind": "person", "financial_assets": "6000000"}


def test_the_same_event_twice_changes_nothing(listener: Listener) -> None:
    event = onboarded(risk_level="C4", assessed_on="2026-03-01")

    listener.on.customer_onboarded(event, meta(1))
    listener.on.customer_onboarded(event, meta(1))

    profile = listener.work.profiles.find("c-1")
    assert profile is not None
    assert len(profile.assessments) == 1


def test_a_late_event_changes_nothing(listener: Listener) -> None:
    listener.on.customer_onboarded(onboarded(), meta(5))

    listener.on.facts_changed(FactsChanged(customer_id="c-1"), meta(4))

    assert listener.customer()["financial_assets"] == "800000"


def test_a_product_is_known_with_its_terms(listener: Listener) -> None:
    listener.on.product_listed(listed(), meta(1))

    assert listener.product() == {
        "kind": "public_fund",
        "placement": "public",
        "issuer_level": "R3",
        "seller_level": "R2",
        "cooling_off_hours": 48,
        "state": "listed",
    }


def test_an_insurance_product_is_known_with_its_policy(listener: Listener) -> None:
    policy = InsuranceTerms(line="life", design="universal", term_years=20, pay_years=5)
    event = ProductListed(product_id="P1", kind="insurance", insurance=policy)

    listener.on.product_listed(event, meta(1))

    assert listener.product()["insurance"] == {
        "line": "life",
        "design": "universal",
        "term_years": 20,
        "pay_years": 5,
    }


def test_who_looks_after_a_client_is_what_was_said_last(listener: Listener) -> None:
    moved = AdviserChanged(customer_id="c-1", adviser_id="s-2", team_id="t-2", branch_id="b-1")

    listener.on.adviser_changed(moved, meta(2))
    listener.on.customer_onboarded(onboarded(), meta(1))

    assert listener.work.custody.get("c-1") == Custody("s-2", "t-2", "b-1")


def test_a_grant_lasts_until_its_end_or_until_it_is_taken_back(listener: Listener) -> None:
    granted = AccessGranted(
        grant_id="g-1",
        staff_id="s-2",
        adviser_id="s-1",
        purpose="leave_cover",
        valid_from=stamp(NOON),
        valid_until=stamp(NOON + timedelta(days=7)),
    )

    listener.on.access_granted(granted, meta(1))
    share, _ = listener.work.custody.shares["g-1"]
    listener.on.access_ended(AccessEnded(grant_id="g-1", at=stamp(NOON)), meta(2))
    ended, _ = listener.work.custody.shares["g-1"]

    assert (share.staff_id, share.owner_id) == ("s-2", "s-1")
    assert share.valid_until == NOON + timedelta(days=7)
    assert ended.valid_until == NOON


def test_a_changed_rating_leaves_the_other_terms(listener: Listener) -> None:
    listener.on.product_listed(listed(), meta(1))
    event = RatingChanged(product_id="P1", issuer_level="R3", seller_level="R4")

    listener.on.rating_changed(event, meta(2))

    assert listener.product()["seller_level"] == "R4"
    assert listener.product()["kind"] == "public_fund"


def test_facts_that_cannot_be_read_are_refused(listener: Listener) -> None:
    with pytest.raises(Invalid):
        listener.on.facts_changed(
            FactsChanged(customer_id="c-1", facts=CustomerFacts(investing_years="many")), meta(1)
        )
    with pytest.raises(Invalid):
        listener.on.facts_changed(
            FactsChanged(customer_id="c-1", facts=CustomerFacts(capacity="some")), meta(2)
        )


def test_everything_that_is_announced_has_its_message() -> None:
    work = FakeWork()
    ready(work)
    sell(work)
    assess(work, wish="lowest", name="a-2")

    names = [to_message(event).DESCRIPTOR.name for event in work.announced]

    assert names == ["ProfileAssessed", "DecisionMade", "ProfileAssessed", "DecisionStale"]


def test_what_is_not_announced_has_no_message() -> None:
    with pytest.raises(TypeError):
        to_message(object())
