"""What every WorkflowWork must do, the fake included."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import pytest

from chassis.errors import Conflict, NotFound
from chassis.ids import new_id
from services.workflow.domain.actor import NOBODY
from services.workflow.domain.lead import Lead, LeadState
from services.workflow.domain.register import Product, StaffMember
from services.workflow.domain.sale import Sale
from services.workflow.domain.sale_states import SaleState
from services.workflow.domain.settlement import Contract, Payment
from services.workflow.usecases.ports import WorkflowWork
from tests.workflow.begin import Begin
from tests.workflow.examples import (
    ADA,
    CUSTODY,
    DAY,
    HOUR,
    NOON,
    OPERATIONS,
    TERMS,
    allowed,
    contract,
    new_lead,
    payment,
    phone_call,
    sale_in,
    stale,
)

T = TypeVar("T")


def done(work: Begin, what: Callable[[WorkflowWork], T]) -> T:
    with work() as each:
        result = what(each)
        each.commit()
    return result


def unique_lead(state: LeadState = LeadState.NEW) -> Lead:
    lead = new_lead(state)
    lead.lead_id = new_id()
    return lead


def unique_sale(state: SaleState) -> Sale:
    """Contract and payment numbers belong to one sale only."""
    sale = sale_in(state, new_id())
    if sale.contract:
        sale.contract = Contract(new_id(), sale.contract.disclosures_confirmed, sale.contract.at)
    if sale.payment:
        sale.payment = Payment(new_id(), sale.payment.by, sale.payment.at)
    return sale


def added(work: Begin, state: SaleState) -> Sale:
    """Of a client whom Ada looks after."""
    sale = unique_sale(state)
    done(work, lambda w: w.custody.put(sale.terms.customer_id, CUSTODY, 1))
    done(work, lambda w: w.sales.add(sale))
    return sale


@pytest.mark.parametrize("state", SaleState)
def test_a_committed_sale_is_found_as_it_was(work: Begin, state: SaleState) -> None:
    sale = added(work, state)

    found = done(work, lambda w: w.sales.get(sale.terms.sale_id))

    assert vars(found) == vars(sale)
    assert found.version == 1


def test_a_stale_decision_and_a_rejected_callback_are_found_as_they_were(work: Begin) -> None:
    sale = unique_sale(SaleState.RECORDED)
    sale.lose_decision(stale())
    done(work, lambda w: w.sales.add(sale))

    found = done(work, lambda w: w.sales.get(sale.terms.sale_id))

    assert found.stale == sale.stale


@pytest.mark.parametrize("state", LeadState)
def test_a_committed_lead_is_found_as_it_was(work: Begin, state: LeadState) -> None:
    lead = unique_lead(state)
    lead.contacts = (phone_call(),)
    done(work, lambda w: w.leads.add(lead))

    found = done(work, lambda w: w.leads.get(lead.lead_id))

    assert vars(found) == vars(lead)


def test_what_is_not_committed_is_not_found(work: Begin) -> None:
    sale, lead = unique_sale(SaleState.DRAFTED), unique_lead()
    with work() as first:
        first.sales.add(sale)
        first.leads.add(lead)

    with work() as second:
        with pytest.raises(NotFound):
            second.sales.get(sale.terms.sale_id)
        with pytest.raises(NotFound):
            second.leads.get(lead.lead_id)


def test_a_lead_is_added_once(work: Begin) -> None:
    lead = unique_lead()
    again = new_lead()
    again.lead_id = lead.lead_id
    again.source = "elsewhere"

    assert done(work, lambda w: w.leads.add(lead))
    assert not done(work, lambda w: w.leads.add(again))
    assert done(work, lambda w: w.leads.get(lead.lead_id)).source == "campaign"


def test_of_two_who_read_the_same_sale_only_one_can_save(work: Begin) -> None:
    sale_id = added(work, SaleState.RECORDED).terms.sale_id
    with work() as reader:
        signing, rescinding = reader.sales.get(sale_id), reader.sales.get(sale_id)
    signing.sign(replace(contract(), number=new_id()), by=ADA)
    rescinding.rescind("changed their mind", by=ADA, at=NOON)

    done(work, lambda w: w.sales.save(signing))
    with pytest.raises(Conflict), work() as late:
        late.sales.save(rescinding)

    assert done(work, lambda w: w.sales.get(sale_id)).state is SaleState.SIGNED


def test_of_two_who_read_the_same_lead_only_one_can_save(work: Begin) -> None:
    lead = unique_lead(LeadState.ASSIGNED)
    done(work, lambda w: w.leads.add(lead))
    with work() as reader:
        one, other = reader.leads.get(lead.lead_id), reader.leads.get(lead.lead_id)

    done(work, lambda w: w.leads.save(one))
    with pytest.raises(Conflict), work() as late:
        late.leads.save(other)


def test_only_sales_whose_cooling_off_is_over_are_claimed_oldest_first(work: Begin) -> None:
    long_ago = NOON - 300 * DAY
    ids = [cooling_off(work, long_ago + hours * HOUR) for hours in (2, 0, 1, 25)]
    added(work, SaleState.CALLBACK)

    over = done(work, lambda w: w.sales.claim_cooled_off(long_ago + 26 * HOUR, 10))
    some = done(work, lambda w: w.sales.claim_cooled_off(long_ago + 26 * HOUR, 2))

    assert [sale.terms.sale_id for sale in over] == [ids[1], ids[2], ids[0]]
    assert [sale.terms.sale_id for sale in some] == [ids[1], ids[2]]
    done(work, lambda w: end_all(over, w))


def end_all(over: Sequence[Sale], work: WorkflowWork) -> None:
    for sale in over:
        sale.end_cooling_off(at=NOON)
        work.sales.save(sale)


def cooling_off(work: Begin, paid_at: datetime) -> str:
    sale = unique_sale(SaleState.SIGNED)
    sale.pay(TERMS.amount, replace(payment(), reference=new_id(), at=paid_at), by=OPERATIONS)
    done(work, lambda w: w.sales.add(sale))
    return sale.terms.sale_id


def test_a_message_is_new_only_once_it_was_committed(work: Begin) -> None:
    message_id = new_id()
    with work() as failed:
        assert not failed.already_handled(message_id)

    assert not done(work, lambda w: w.already_handled(message_id))
    assert done(work, lambda w: w.already_handled(message_id))


def test_an_older_copy_never_overwrites_a_newer_one(work: Begin) -> None:
    staff_id, product_id = new_id(), new_id()

    def tell(each: WorkflowWork, sequence: int, team_id: str, state: str) -> None:
        roles = frozenset({"adviser", "team_leader"})
        member = StaffMember(
            staff_id=staff_id, roles=roles, team_id=team_id, branch_id="b-1", active=True
        )
        each.register.put_staff_member(member, sequence)
        each.register.put_product(Product(product_id, state), sequence)

    done(work, lambda w: tell(w, 5, "t-5", "suspended"))
    done(work, lambda w: tell(w, 4, "t-4", "listed"))

    found = done(work, lambda w: w.register.staff_member(staff_id))
    assert found is not None
    assert (found.team_id, found.roles) == ("t-5", frozenset({"adviser", "team_leader"}))
    assert done(work, lambda w: w.register.product(product_id)) == Product(product_id, "suspended")


def test_nobody_and_nothing_is_known_before_it_was_told(work: Begin) -> None:
    customer_id = new_id()
    with work() as empty:
        assert empty.register.staff_member(customer_id) is None
        assert empty.register.product(customer_id) is None
        assert empty.register.served_by(customer_id) is None

    for _ in range(2):
        done(work, lambda w: w.register.put_customer(customer_id, 1))
    assert done(work, lambda w: w.register.served_by(customer_id)) == NOBODY


def test_the_newest_word_on_a_kyc_counts(work: Begin) -> None:
    customer_id, day = new_id(), NOON.date()
    assert done(work, lambda w: w.register.kyc_expires_on(customer_id)) is None

    done(work, lambda w: w.register.put_kyc(customer_id, day, 5))
    done(work, lambda w: w.register.put_kyc(customer_id, None, 4))
    assert done(work, lambda w: w.register.kyc_expires_on(customer_id)) == day

    done(work, lambda w: w.register.put_kyc(customer_id, None, 6))
    assert done(work, lambda w: w.register.kyc_expires_on(customer_id)) is None


def test_a_claimed_sale_is_saved_like_any_other(work: Begin) -> None:
    sale_id = added(work, SaleState.DRAFTED).terms.sale_id

    def decide(each: WorkflowWork) -> None:
        sale = each.sales.claim(sale_id)
        sale.take_decision(allowed(), at=NOON)
        each.sales.save(sale)

    done(work, decide)

    found = done(work, lambda w: w.sales.get(sale_id))
    assert (found.state, found.version) == (SaleState.DECIDED, 2)
