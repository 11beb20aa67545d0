"""Each event becomes the command it means."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from google.protobuf.message import Message

from chassis.dependencies import injected
from chassis.ids import new_id
from chassis.moments import stamp
from chassis.subscriptions import Meta
from liheng.customer.v1.events_pb2 import BookReceived, HandoverAdvanced, HandoverStarted
from liheng.product.v1.events_pb2 import ProductListed
from liheng.suitability.v1.events_pb2 import ProfileAssessed
from liheng.workflow.v1.events_pb2 import LeadAssigned, LeadQualified, SaleConfirmed
from services.customer.domain.customer import RiskLevel
from services.customer.entrypoints.events import CustomerEvents
from services.customer.usecases.apply_import import ApplyImport, apply_import
from services.customer.usecases.assign_prospect import AssignProspect, assign_prospect
from services.customer.usecases.move_clients import MoveClients, move_clients
from services.customer.usecases.note_level import NoteLevel, note_level
from services.customer.usecases.note_product import NoteProduct, note_product
from services.customer.usecases.onboard_prospect import OnboardProspect, onboard_prospect
from services.customer.usecases.settle_sale import SettleSale, settle_sale
from tests.customer.unit.people import NOON, WITH_WANG

META = Meta("e-1", "subject", 42, NOON, "workflow")
AT = stamp(NOON)
SERVED: Any = {
    "adviser_id": "s-wang",
    "team_id": "t-hangzhou",
    "branch_id": "b-hangzhou",
    "customer_id": "c-1",
    "at": AT,
}

Heard = Callable[[str, Message], tuple[Any, ...]]


@pytest.fixture
def heard() -> Heard:
    """Use case, command and message id that an event leads to."""
    ran: list[tuple[Any, ...]] = []

    def run(usecase: Any, command: Any, *, once: str) -> None:
        ran.append((usecase, command, once))

    listener = injected(
        CustomerEvents, run=run, now=lambda: NOON, zone=ZoneInfo("Pacific/Auckland")
    )

    def hear(method: str, event: Message) -> tuple[Any, ...]:
        getattr(listener, method)(event, META)
        return ran[-1]

    return hear


def test_a_received_book_is_applied_with_the_day_of_the_institution(heard: Heard) -> None:
    ran = heard("book_received", BookReceived(import_id="i-1", at=AT))

    command = ApplyImport(import_id="i-1", new_id=new_id, today=date(2026, 11, 23), at=NOON)
    assert ran == (apply_import, command, "e-1")


@pytest.mark.parametrize(
    ("method", "event"),
    [
        ("handover_started", HandoverStarted(handover_id="h-1", customers=3, at=AT)),
        ("handover_advanced", HandoverAdvanced(handover_id="h-1", moved=2, at=AT)),
    ],
)
def test_a_handover_moves_its_next_clients(heard: Heard, method: str, event: Message) -> None:
    command = MoveClients(handover_id="h-1", new_id=new_id, at=NOON)

    assert heard(method, event) == (move_clients, command, "e-1")


def test_an_assigned_lead_assigns_the_prospect(heard: Heard) -> None:
    ran = heard("lead_assigned", LeadAssigned(lead_id="l-1", **SERVED))

    command = AssignProspect(customer_id="c-1", to=WITH_WANG, sequence=42, at=NOON)
    assert ran == (assign_prospect, command, "e-1")


def test_a_qualified_lead_onboards_the_prospect(heard: Heard) -> None:
    ran = heard("lead_qualified", LeadQualified(lead_id="l-1", **SERVED))

    command = OnboardProspect(customer_id="c-1", to=WITH_WANG, sequence=42, at=NOON)
    assert ran == (onboard_prospect, command, "e-1")


def test_a_confirmed_sale_is_settled(heard: Heard) -> None:
    event = SaleConfirmed(
        sale_id="1",
        customer_id="c-1",
        product_id="P1",
        amount="100000.00",
        units="95238.09",
        confirmed_on="2026-11-23",
        at=AT,
    )

    command = SettleSale(
        sale_id="1",
        customer_id="c-1",
        product_id="P1",
        amount=Decimal("100000.00"),
        units=Decimal("95238.09"),
        confirmed_on=date(2026, 11, 23),
        at=NOON,
    )
    assert heard("sale_confirmed", event) == (settle_sale, command, "e-1")


@pytest.mark.parametrize(("written", "day"), [("2027-11-22", date(2027, 11, 22)), ("", None)])
def test_an_assessed_profile_is_noted(heard: Heard, written: str, day: date | None) -> None:
    event = ProfileAssessed(customer_id="c-1", risk_level="C3", valid_until=written, at=AT)

    command = NoteLevel(customer_id="c-1", risk=RiskLevel("C3", day, 42), at=NOON)
    assert heard("profile_assessed", event) == (note_level, command, "e-1")


def test_a_listed_product_is_noted(heard: Heard) -> None:
    ran = heard("product_listed", ProductListed(product_id="P1", name="Fund", at=AT))

    assert ran == (note_product, NoteProduct(product_id="P1", name="Fund", sequence=42), "e-1")
