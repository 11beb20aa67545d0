from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from chassis.errors import Forbidden, NotFound, RuleBroken
from services.workflow.domain.actor import Actor
from services.workflow.domain.register import Product, StaffMember
from services.workflow.domain.sale_states import Channel, Initiator, SaleState
from services.workflow.usecases.assign_lead import AssignLead, assign_lead
from services.workflow.usecases.draft_sale import DraftSale, draft_sale
from services.workflow.usecases.pay_sale import PaySale, pay_sale
from services.workflow.usecases.sign_sale import SignSale, sign_sale
from tests.workflow.examples import (
    ADA,
    ADVISER,
    CUSTODY,
    DISCLOSED,
    LEADER,
    NOON,
    OPERATIONS,
    TERMS,
    new_lead,
    sale_in,
)
from tests.workflow.unit.fakes import FakeWork

MEMBER = StaffMember(
    staff_id="s-ada",
    roles=frozenset({"adviser"}),
    team_id="t-1",
    branch_id="b-1",
    active=True,
)


@pytest.fixture
def work() -> FakeWork:
    work = FakeWork()
    work.leads.add(new_lead())
    work.register.put_staff_member(MEMBER, 1)
    work.register.put_customer("c-1", 1)
    work.custody.put("c-1", CUSTODY, 1)
    work.register.put_kyc("c-1", NOON.date() + timedelta(days=1), 1)
    work.register.put_product(Product("P1", "listed"), 1)
    return work


def assign(work: FakeWork, adviser_id: str = "s-ada") -> None:
    command = AssignLead(lead_id="l-1", adviser_id=adviser_id, by="s-leader", at=NOON)
    assign_lead(command, work)


def draft(work: FakeWork, by: Actor = ADA) -> None:
    command = DraftSale(
        terms=TERMS, channel=Channel.BRANCH, initiated_by=Initiator.CLIENT, by=by, at=NOON
    )
    draft_sale(command, work)


def sign(work: FakeWork) -> None:
    command = SignSale(
        sale_id="sale-1",
        contract_number="HT-1",
        disclosures_confirmed=DISCLOSED,
        by=ADA,
        today=NOON.date(),
        at=NOON,
    )
    sign_sale(command, work)


def test_team_and_branch_of_a_lead_come_from_the_staff_register(work: FakeWork) -> None:
    assign(work)

    assert work.leads.get("l-1").adviser == ADVISER


def test_an_adviser_whom_the_register_does_not_know_is_refused(work: FakeWork) -> None:
    with pytest.raises(RuleBroken, match="staff register") as caught:
        assign(work, "s-nobody")

    assert (caught.value.code, caught.value.field) == ("unknown_adviser", "adviser_id")


@pytest.mark.parametrize(
    "member", [replace(MEMBER, active=False), replace(MEMBER, roles=frozenset({"operations"}))]
)
def test_only_active_advisers_are_given_leads(work: FakeWork, member: StaffMember) -> None:
    work.register.put_staff_member(member, 2)

    with pytest.raises(RuleBroken) as caught:
        assign(work)

    assert caught.value.code == "not_an_active_adviser"


def test_assigning_twice_announces_once(work: FakeWork) -> None:
    assign(work)
    assign(work)

    assert len(work.announced) == 1
    assert work.leads.get("l-1").version == 2


@pytest.mark.parametrize("by", [ADA, LEADER])
def test_advisers_and_team_leaders_begin_sales(work: FakeWork, by: Actor) -> None:
    draft(work, by)

    assert work.sales.get("sale-1").state is SaleState.DRAFTED
    assert len(work.sales.history["sale-1"]) == 1


def test_nobody_else_begins_a_sale(work: FakeWork) -> None:
    with pytest.raises(Forbidden) as caught:
        draft(work, OPERATIONS)

    assert caught.value.code == "only_advisers_sell"


def test_a_prospect_cannot_buy() -> None:
    work = FakeWork()
    work.register.put_product(Product("P1", "listed"), 1)

    with pytest.raises(RuleBroken) as caught:
        draft(work)

    assert caught.value.code == "not_a_customer"


@pytest.mark.parametrize(
    ("state", "code"), [("suspended", "product_not_on_sale"), ("delisted", "product_not_on_sale")]
)
def test_only_what_is_on_sale_is_sold(work: FakeWork, state: str, code: str) -> None:
    work.sales.add(sale_in(SaleState.RECORDED))
    work.register.put_product(Product("P1", state), 2)

    for attempt in (draft, sign):
        with pytest.raises(RuleBroken) as caught:
            attempt(work)
        assert caught.value.code == code


def test_a_product_that_nobody_listed_is_not_sold() -> None:
    work = FakeWork()
    work.register.put_customer("c-1", 1)

    with pytest.raises(RuleBroken) as caught:
        draft(work)

    assert caught.value.code == "unknown_product"


@pytest.mark.parametrize("expires_on", [None, NOON.date()], ids=["rejected", "expired"])
def test_nobody_signs_who_is_not_identified(work: FakeWork, expires_on: date | None) -> None:
    work.sales.add(sale_in(SaleState.RECORDED))
    work.register.put_kyc("c-1", expires_on, 2)

    with pytest.raises(RuleBroken) as caught:
        sign(work)

    assert (caught.value.code, caught.value.rule) == ("kyc_not_approved", "AML-01")
    assert work.sales.get("sale-1").state is SaleState.RECORDED


def test_a_signed_sale_is_saved_and_announced(work: FakeWork) -> None:
    work.sales.add(sale_in(SaleState.RECORDED))

    sign(work)

    assert work.sales.get("sale-1").state is SaleState.SIGNED
    assert len(work.announced) == 1


def test_paying_again_saves_nothing(work: FakeWork) -> None:
    work.sales.add(sale_in(SaleState.COOLING_OFF))
    version = work.sales.get("sale-1").version
    command = PaySale(
        sale_id="sale-1",
        amount=Decimal("1200000"),
        payment_reference="PAY-1",
        by=OPERATIONS,
        at=NOON,
    )

    pay_sale(command, work)

    assert work.sales.get("sale-1").version == version
    assert work.announced == []


def test_an_unknown_sale_is_not_found(work: FakeWork) -> None:
    with pytest.raises(NotFound):
        sign(work)
