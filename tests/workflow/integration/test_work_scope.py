"""What a WorkflowWork finds for callers of every scope, the fake included."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.scope import EVERYTHING, Custody, Reach, Scope
from services.workflow.domain.actor import NOBODY, Adviser
from services.workflow.domain.lead import Lead, LeadState
from services.workflow.usecases.ports import WorkflowWork
from tests.workflow.begin import Begin
from tests.workflow.examples import ADVISER, CUSTODY, TERMS, drafted, new_lead

Find = Callable[[WorkflowWork], object]


def scope(reach: Reach, staff_id: str, team_id: str = "", branch_id: str = "") -> Scope:
    return Scope(reach=reach, staff_id=staff_id, team_id=team_id, branch_id=branch_id)


SCOPES = [
    EVERYTHING,
    Scope(),
    scope(Reach.NONE, "s-ada", "t-1", "b-1"),
    scope(Reach.OWN, "s-ada"),
    scope(Reach.OWN, "s-bo", "t-1", "b-1"),
    scope(Reach.TEAM, "s-leader", "t-1"),
    scope(Reach.TEAM, "s-other", "t-2", "b-1"),
    scope(Reach.TEAM, "s-ada", "t-2"),
    scope(Reach.BRANCH, "s-manager", "", "b-1"),
    scope(Reach.BRANCH, "s-far", "t-1", "b-2"),
    scope(Reach.INSTITUTION, "s-audit"),
    Scope(reach=Reach.OWN, staff_id="s-bo", shared_owners=frozenset({"s-ada"})),
    Scope(reach=Reach.NONE, staff_id="s-bo", shared_owners=frozenset({"s-cai"})),
]


def found(work: Begin, seen_by: Scope, find: Find) -> bool:
    with work(seen_by) as each:
        try:
            find(each)
        except NotFound:
            return False
    return True


def keep(work: Begin, put: Find) -> None:
    with work() as each:
        put(each)
        each.commit()


def know(work: Begin, customer_id: str, kept: Custody | None = CUSTODY) -> None:
    keep(work, lambda w: w.register.put_customer(customer_id, 1))
    if kept is not None:
        keep(work, lambda w: w.custody.put(customer_id, kept, 1))


@pytest.mark.parametrize("seer", SCOPES, ids=str)
@pytest.mark.parametrize("kept", [CUSTODY, Custody(), None], ids=["ada", "nobody", "untold"])
def test_sales_and_customers_are_there_as_far_as_custody_of_the_client_is_covered(
    work: Begin, seer: Scope, kept: Custody | None
) -> None:
    customer_id, sale_id = new_id(), new_id()
    sale = drafted(replace(TERMS, customer_id=customer_id, sale_id=sale_id))
    keep(work, lambda w: w.sales.add(sale))
    know(work, customer_id, kept)
    covered = seer.reach is Reach.INSTITUTION or (
        kept is not None and seer.covers(kept, customer_id)
    )

    assert found(work, seer, lambda w: w.sales.get(sale_id)) is covered
    assert found(work, seer, lambda w: w.sales.claim(sale_id)) is covered
    with work(seer) as each:
        served_by = each.register.served_by(customer_id)
    assert served_by == (adviser(kept) if covered else None)


def adviser(kept: Custody | None) -> Adviser:
    return Adviser(kept.owner_id, kept.team_id, kept.branch_id) if kept else NOBODY


def test_a_shared_client_is_there_and_no_other(work: Begin) -> None:
    ids = [new_id(), new_id()]
    for customer_id in ids:
        know(work, customer_id)
    seer = Scope(reach=Reach.OWN, staff_id="s-bo", shared_subjects=frozenset(ids[:1]))

    with work(seer) as each:
        assert [each.register.served_by(customer_id) for customer_id in ids] == [ADVISER, None]


def add(work: Begin, lead: Lead) -> None:
    keep(work, lambda w: w.leads.add(lead))


@pytest.mark.parametrize("seer", SCOPES, ids=str)
@pytest.mark.parametrize("state", [LeadState.NEW, LeadState.ASSIGNED])
@pytest.mark.parametrize("registered_by", ["s-bo", "s-desk"])
def test_leads_are_there_by_their_own_adviser_or_for_who_registered_them(
    work: Begin, seer: Scope, state: LeadState, registered_by: str
) -> None:
    lead = new_lead(state)
    lead.lead_id, lead.registered_by = new_id(), registered_by
    add(work, lead)

    kept = CUSTODY if state is LeadState.ASSIGNED else Custody()
    registrant = state is LeadState.NEW and seer.staff_id == registered_by
    covered = registrant or seer.covers(kept, lead.customer_id)

    assert found(work, seer, lambda w: w.leads.get(lead.lead_id)) is covered


def test_all_leads_of_a_client_are_claimed(work: Begin) -> None:
    customer_id, ids = new_id(), sorted(new_id() for _ in range(3))
    for lead_id, state in zip(
        ids, (LeadState.NEW, LeadState.ASSIGNED, LeadState.DROPPED), strict=True
    ):
        lead = new_lead(state)
        lead.lead_id, lead.customer_id = lead_id, customer_id
        add(work, lead)

    with work() as each:
        claimed = each.leads.claim_of_customer(customer_id)
        others = each.leads.claim_of_customer(new_id())

    assert [lead.lead_id for lead in claimed] == ids
    assert others == []
