"""What other services announce, and what it does to leads and the register."""

from datetime import datetime

import pytest

from chassis.errors import Conflict
from chassis.moments import stamp
from chassis.runner import Runner
from chassis.subscriptions import types_of
from liheng.customer.v1.events_pb2 import CustomerOnboarded, ProspectRegistered, StaffChanged
from liheng.product.v1.events_pb2 import ProductListed
from services.workflow.domain.lead_events import LeadCreated
from services.workflow.domain.register import Product
from services.workflow.entrypoints.events import WorkflowEvents
from services.workflow.usecases.create_lead import CreateLead, create_lead
from tests.workflow.examples import ADVISER, NOON, drafted
from tests.workflow.unit.fakes import FakeWork, fake_begin
from tests.workflow.unit.listener import Listener, meta


@pytest.fixture
def work() -> FakeWork:
    work = FakeWork()
    work.sales.add(drafted())
    work.commit()
    return work


@pytest.fixture
def listener(work: FakeWork) -> Listener:
    return Listener(work)


def test_workflow_listens_to_what_its_readme_says() -> None:
    assert types_of(WorkflowEvents) == {
        "liheng.customer.v1.AccessEnded",
        "liheng.customer.v1.AccessGranted",
        "liheng.customer.v1.AdviserChanged",
        "liheng.customer.v1.CustomerOnboarded",
        "liheng.customer.v1.KycApproved",
        "liheng.customer.v1.KycRejected",
        "liheng.customer.v1.ProspectRegistered",
        "liheng.customer.v1.StaffChanged",
        "liheng.product.v1.ProductListed",
        "liheng.recording.v1.RecordingSealed",
        "liheng.suitability.v1.DecisionMade",
        "liheng.suitability.v1.DecisionStale",
    }


def prospect(customer_id: str = "c-7") -> ProspectRegistered:
    return ProspectRegistered(
        customer_id=customer_id,
        lead_id="l-7",
        source="referral",
        campaign="spring",
        registered_by="s-leader",
        at=stamp(NOON),
    )


def onboarded(customer_id: str) -> CustomerOnboarded:
    return CustomerOnboarded(
        customer_id=customer_id, adviser_id="s-ada", team_id="t-1", branch_id="b-1"
    )


def create(work: FakeWork, at: datetime = NOON) -> None:
    command = CreateLead(
        lead_id="l-7",
        customer_id="c-7",
        source="referral",
        campaign="spring",
        by="s-leader",
        at=at,
    )
    Runner(fake_begin(work))(create_lead, command)


def test_a_prospect_opens_a_lead(listener: Listener, work: FakeWork) -> None:
    listener.events.prospect_registered(prospect(), meta())

    assert work.announced == [LeadCreated("l-7", "c-7", "referral", "spring", NOON)]


@pytest.mark.parametrize("event_first", [True, False])
def test_caller_and_event_open_one_lead_between_them(
    listener: Listener, work: FakeWork, event_first: bool
) -> None:
    if event_first:
        listener.events.prospect_registered(prospect(), meta())
        create(work)
    else:
        create(work)
        listener.events.prospect_registered(prospect(), meta())

    assert len(work.announced) == 1
    assert work.leads.get("l-7").version == 1


def test_a_lead_id_belongs_to_one_prospect(listener: Listener, work: FakeWork) -> None:
    create(work)

    with pytest.raises(Conflict) as caught:
        listener.events.prospect_registered(prospect("c-8"), meta())

    assert caught.value.code == "lead_id_taken"


def test_staff_products_and_customers_are_known_by_their_newest_event(
    listener: Listener, work: FakeWork
) -> None:
    listener.events.staff_changed(
        StaffChanged(staff_id="s-1", roles=["adviser"], team_id="t-2", active=True), meta(8)
    )
    listener.events.staff_changed(
        StaffChanged(staff_id="s-1", roles=["adviser"], team_id="t-1", active=True), meta(7)
    )
    listener.events.product_listed(ProductListed(product_id="P9", state="suspended"), meta(5))
    listener.events.product_listed(ProductListed(product_id="P9", state="listed"), meta(4))
    listener.events.customer_onboarded(onboarded("c-9"), meta(9))

    member = work.register.staff_member("s-1")
    assert member is not None
    assert member.team_id == "t-2"
    assert work.register.product("P9") == Product("P9", "suspended")
    assert work.register.served_by("c-9") == ADVISER
