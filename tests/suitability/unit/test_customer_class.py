"""A client becomes professional by application, and ordinary by right."""

from datetime import date, timedelta

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, RuleBroken
from chassis.scope import EVERYTHING, Custody, Reach, Scope
from services.suitability.domain.customer_class import (
    EVIDENCE,
    ApplicationState,
    CustomerClass,
    CustomerClassChanged,
    RefusalReason,
)
from services.suitability.domain.match import DecisionMade, DecisionStale
from services.suitability.usecases.apply_for_class import ApplyForClass, apply_for_class
from services.suitability.usecases.decide_class import DecideClass, decide_class
from services.suitability.usecases.known import customer_facts
from tests.suitability.samples import CLIENT, INSTITUTION, NOON, know_customer, know_fund, sell
from tests.suitability.samples import assess as assess_client
from tests.suitability.unit.fakes import FakeWork

ADVISER = frozenset({"adviser"})
TODAY = date(2026, 11, 23)
ALL = dict.fromkeys(EVIDENCE, TODAY)
WRITTEN = {"applied_on": TODAY}
PROFESSIONAL, ORDINARY = CustomerClass.PROFESSIONAL, CustomerClass.ORDINARY
DAY = timedelta(days=1)


@pytest.fixture
def work() -> FakeWork:
    """A C3 client with the means to convert, and a fund too risky for them."""
    work = FakeWork()
    know_customer(work, financial_assets="3000000")
    know_fund(work, issuer_level="R4", seller_level="R4")
    assess_client(work)
    return work


def apply(
    work: FakeWork,
    wanted: CustomerClass = PROFESSIONAL,
    evidence: dict[str, date] | None = None,
    name: str = "ca-1",
    by: str = "s-1",
    roles: frozenset[str] = ADVISER,
    scope: Scope = EVERYTHING,
    customer_id: str = "c-1",
) -> None:
    command = ApplyForClass(
        application_id=name,
        customer_id=customer_id,
        wanted=wanted,
        evidence=evidence or (ALL if wanted is PROFESSIONAL else WRITTEN),
        by=by,
        roles=roles,
        scope=scope,
        at=NOON,
        institution=INSTITUTION,
    )
    apply_for_class(command, work)


def decide(
    work: FakeWork,
    refusal: RefusalReason | None = None,
    by: str = "s-co",
    scope: Scope = EVERYTHING,
    name: str = "ca-1",
) -> None:
    command = DecideClass(
        application_id=name,
        refusal=refusal,
        by=by,
        scope=scope,
        at=NOON + DAY,
        institution=INSTITUTION,
    )
    decide_class(command, work)


def state(work: FakeWork, name: str = "ca-1") -> ApplicationState:
    found = work.class_applications.find(name)
    assert found is not None
    return found.state


def elected(work: FakeWork) -> object:
    return (customer_facts("c-1", work) or {}).get("elected_class")


def class_decided(work: FakeWork) -> object:
    """As the rules find it in a sale of today."""
    sell(work)
    made = [event.match for event in work.announced if isinstance(event, DecisionMade)]
    return made[-1].receipt["customer_class"]


def changes(work: FakeWork) -> list[tuple[CustomerClass | None, CustomerClass]]:
    told = (event for event in work.announced if isinstance(event, CustomerClassChanged))
    return [(one.previous, one.customer_class) for one in told]


def test_an_application_changes_nothing_until_somebody_else_accepts_it(work: FakeWork) -> None:
    apply(work)
    before = class_decided(work)

    decide(work)

    assert (before, class_decided(work)) == ("ordinary", "professional")
    assert changes(work) == [(None, PROFESSIONAL)]
    assert state(work) is ApplicationState.ACCEPTED


def test_the_rules_still_ask_for_the_means_of_who_is_accepted(work: FakeWork) -> None:
    apply(work)
    decide(work)

    know_customer(work, sequence=2, financial_assets="2999999.99", average_income_3y="0")

    assert elected(work) == "professional"
    assert class_decided(work) == "ordinary"


def test_who_entered_it_neither_accepts_nor_refuses_it(work: FakeWork) -> None:
    apply(work, by="s-co")

    for refusal in (None, RefusalReason.TEST_NOT_PASSED):
        with pytest.raises(Forbidden) as said:
            decide(work, refusal, by="s-co")
        assert (said.value.code, said.value.rule) == ("own_application", "CUS-07")
    assert state(work) is ApplicationState.OPEN


def test_a_refusal_keeps_its_reason_and_the_client_may_apply_again(work: FakeWork) -> None:
    apply(work)
    decide(work, RefusalReason.TEST_NOT_PASSED)
    apply(work, name="ca-2")

    refused = work.class_applications.find("ca-1")
    assert refused is not None
    assert (refused.reason, refused.decided_by) == (RefusalReason.TEST_NOT_PASSED, "s-co")
    assert (elected(work), changes(work)) == (None, [])
    assert state(work, "ca-2") is ApplicationState.OPEN


def test_what_is_decided_is_not_decided_again(work: FakeWork) -> None:
    apply(work)
    decide(work)

    with pytest.raises(Conflict) as said:
        decide(work, RefusalReason.MEANS_NOT_SHOWN)
    assert said.value.code == "application_closed"
    assert elected(work) == "professional"


@pytest.mark.parametrize("missing", EVIDENCE)
def test_every_material_is_asked_for_by_name(work: FakeWork, missing: str) -> None:
    given = {name: day for name, day in ALL.items() if name != missing}

    with pytest.raises(Invalid) as said:
        apply(work, evidence=given)
    assert (said.value.code, said.value.field) == ("evidence_missing", missing)
    assert work.class_applications.rows == {}


def test_material_is_of_today_at_the_latest(work: FakeWork) -> None:
    with pytest.raises(Invalid) as said:
        apply(work, evidence={**ALL, "tested_on": TODAY + DAY})
    assert (said.value.code, said.value.field) == ("evidence_of_the_future", "tested_on")


def test_only_one_application_waits(work: FakeWork) -> None:
    apply(work)

    with pytest.raises(Conflict) as said:
        apply(work, name="ca-2")
    assert said.value.code == "application_waits"


def test_to_be_ordinary_holds_at_once_and_is_nobodys_to_refuse(work: FakeWork) -> None:
    know_customer(work, sequence=2, financial_assets="5000000")
    before = class_decided(work)

    apply(work, ORDINARY, by="client-app", roles=CLIENT)

    assert (before, class_decided(work)) == ("professional", "ordinary")
    assert changes(work) == [(None, ORDINARY)]
    with pytest.raises(Conflict):
        decide(work, RefusalReason.NOT_IN_CLIENTS_INTEREST)


def test_to_be_ordinary_ends_a_conversion_at_any_time(work: FakeWork) -> None:
    apply(work)
    decide(work)
    apply(work, ORDINARY, name="ca-2")

    assert elected(work) == "ordinary"
    assert changes(work) == [(None, PROFESSIONAL), (PROFESSIONAL, ORDINARY)]


def test_to_be_ordinary_withdraws_what_waits(work: FakeWork) -> None:
    apply(work)
    apply(work, ORDINARY, name="ca-2")

    assert (state(work), state(work, "ca-2")) == (
        ApplicationState.WITHDRAWN,
        ApplicationState.ACCEPTED,
    )
    with pytest.raises(Conflict):
        decide(work)
    assert elected(work) == "ordinary"


def test_to_be_ordinary_takes_the_clients_word_in_writing_and_no_more(work: FakeWork) -> None:
    with pytest.raises(Invalid) as said:
        apply(work, ORDINARY, evidence=ALL)
    assert said.value.code == "evidence_not_asked"


@pytest.mark.parametrize("wanted", CustomerClass)
def test_what_a_client_has_chosen_is_not_asked_again(work: FakeWork, wanted: CustomerClass) -> None:
    apply(work, wanted)
    if wanted is PROFESSIONAL:
        decide(work)

    with pytest.raises(Conflict) as said:
        apply(work, wanted, name="ca-2")
    assert said.value.code == "class_held"


@pytest.mark.parametrize(
    "kind", ["financial_institution", "financial_product", "pension_or_charity", "qfii"]
)
def test_the_class_of_an_institution_follows_from_its_kind(work: FakeWork, kind: str) -> None:
    know_customer(work, sequence=2, kind=kind)

    for wanted in CustomerClass:
        with pytest.raises(RuleBroken) as said:
            apply(work, wanted)
        assert said.value.rule == "CUS-03"


def test_an_allowed_sale_goes_stale_when_the_client_becomes_ordinary(work: FakeWork) -> None:
    apply(work)
    decide(work)
    sell(work)
    told = sum(isinstance(event, DecisionStale) for event in work.announced)

    apply(work, ORDINARY, name="ca-2")

    stale = [event.reason_en for event in work.announced if isinstance(event, DecisionStale)]
    assert (told, stale) == (0, ["the client's class changed"])


def test_who_asked_is_told_from_whose_roles(work: FakeWork) -> None:
    apply(work, by="client-app", roles=CLIENT)
    apply(work, ORDINARY, name="ca-2", roles=CLIENT | ADVISER)

    assert work.class_applications.rows["ca-1"].by_client
    assert not work.class_applications.rows["ca-2"].by_client


def test_who_does_not_serve_the_client_hears_of_nothing(work: FakeWork) -> None:
    work.custody.put("c-1", Custody("s-1", "t-1", "b-1"), 1)
    apply(work)
    stranger = Scope(reach=Reach.OWN, staff_id="s-far")

    with pytest.raises(NotFound) as applying:
        apply(work, name="ca-2", scope=stranger)
    with pytest.raises(NotFound) as unknown_client:
        apply(work, name="ca-3", customer_id="c-unknown")
    with pytest.raises(NotFound) as deciding:
        decide(work, scope=stranger)
    with pytest.raises(NotFound) as unknown:
        decide(work, name="ca-unknown")

    assert applying.value.code == unknown_client.value.code
    assert deciding.value.code == unknown.value.code
    assert state(work) is ApplicationState.OPEN
