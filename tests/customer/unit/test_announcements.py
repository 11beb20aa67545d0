"""Every domain event has its words in the contract."""

from datetime import date
from decimal import Decimal
from typing import get_args

import pytest

from chassis.envelope import subject_of
from liheng.customer.v1 import events_pb2 as pb
from services.customer.adapters.announcements import to_message
from services.customer.domain import events
from services.customer.domain.book.products import BookProduct, ProductKind
from services.customer.domain.facts import Capacity, Facts, FactsSource, LegalKind
from services.customer.domain.portfolio import Holding, Transaction, TransactionKind
from services.customer.domain.staff import StaffChanged
from services.customer.usecases.ports import Announcement
from tests.customer.unit.people import NOON, TODAY, WANG, WITH_WANG

FACTS = Facts(
    born_on=date(1961, 7, 30),
    kind=LegalKind.PERSON,
    financial_assets=Decimal("5000000.00"),
    investing_years=8,
    capacity=Capacity.FULL,
    information_refused=False,
    source=FactsSource.KYC,
)
HOLDING = Holding("P1", Decimal("95238.09"), Decimal("100000.00"), TODAY)
TRADE = Transaction("t-1", "c-1", "P1", TransactionKind.REDEEM, Decimal("5.00"), TODAY)
PRODUCT = BookProduct(
    product_id="P1",
    name="Fund",
    kind=ProductKind.PUBLIC_FUND,
    level="R2",
    minimum_amount=Decimal("1000.00"),
    nav=None,
    matures_on=TODAY,
)
ONBOARDED = events.CustomerOnboarded(
    customer_id="c-1",
    customer_no="K1",
    kind="person",
    assignment=WITH_WANG,
    born_on=date(1961, 7, 30),
    facts=FACTS,
    risk_level="C2",
    assessed_on=TODAY,
    source="import",
    at=NOON,
)
APPLIED = events.BookApplied(
    import_id="i-1",
    customers_created=1,
    customers_updated=2,
    customers_unchanged=3,
    duplicate_rows=4,
    rejected_rows=5,
    aum=Decimal("6.00"),
    at=NOON,
)
GRANTED = events.AccessGranted(
    grant_id="g-1",
    staff_id="s-li",
    customer_id="c-1",
    adviser_id="",
    purpose="leave_cover",
    valid_from=NOON,
    valid_until=NOON,
    granted_by="s-leader",
    at=NOON,
)
STARTED = events.HandoverStarted(
    handover_id="h-1",
    from_adviser_id="s-wang",
    to_adviser_id="s-li",
    reason="leaves",
    customers=1000,
    started_by="s-leader",
    at=NOON,
)
ALL: list[Announcement] = [
    events.ProspectRegistered("c-1", "l-1", "campaign", "autumn", "s-wang", NOON),
    ONBOARDED,
    events.FactsChanged("c-1", FACTS, "s-wang", NOON),
    events.KycSubmitted("c-1", "s-wang", NOON),
    events.KycApproved("c-1", "s-review", date(2027, 11, 23), NOON),
    events.KycRejected("c-1", "s-review", NOON),
    events.AdviserChanged("c-1", WITH_WANG, "s-li", NOON),
    events.HoldingsChanged("c-1", WITH_WANG, [HOLDING], NOON),
    events.TransactionsRecorded("c-1", WITH_WANG, [TRADE], NOON),
    StaffChanged(WANG, NOON),
    events.BookReceived("i-1", "s-ops", NOON),
    APPLIED,
    events.BookRefused("i-1", "not_a_workbook", NOON),
    events.CatalogueImported("i-1", [PRODUCT], NOON),
    GRANTED,
    events.AccessEnded("g-1", "s-li", "s-leader", NOON),
    STARTED,
    events.HandoverAdvanced("h-1", 500, 1, NOON),
    events.HandoverFinished("h-1", 999, 1, NOON),
]


@pytest.mark.parametrize("event", ALL, ids=lambda event: type(event).__name__)
def test_an_event_keeps_its_name_its_subject_and_its_moment(event: Announcement) -> None:
    message = to_message(event)

    assert message.DESCRIPTOR.name == type(event).__name__
    assert subject_of(message) in ("c-1", "i-1", "s-wang", "g-1", "h-1")
    assert message.HasField("at")


def test_every_announcement_has_a_message() -> None:
    assert {type(event) for event in ALL} == set(get_args(Announcement))
    with pytest.raises(TypeError, match="not announced"):
        to_message("gossip")


def test_an_onboarded_customer_is_told_without_personal_data_beyond_need() -> None:
    message = to_message(ONBOARDED)

    assert isinstance(message, pb.CustomerOnboarded)
    assert (message.adviser_id, message.team_id, message.branch_id) == (
        "s-wang",
        "t-hangzhou",
        "b-hangzhou",
    )
    assert (message.born_on, message.risk_level, message.assessed_on) == (
        "1961-07-30",
        "C2",
        "2026-11-23",
    )
    assert message.facts == pb.CustomerFacts(
        born_on="1961-07-30",
        kind="person",
        financial_assets="5000000.00",
        investing_years="8",
        capacity="full",
        information_refused="false",
        source="kyc",
    )


def test_amounts_and_days_are_told_as_text() -> None:
    holdings = to_message(events.HoldingsChanged("c-1", WITH_WANG, [HOLDING], NOON))
    catalogue = to_message(events.CatalogueImported("i-1", [PRODUCT], NOON))

    assert isinstance(holdings, pb.HoldingsChanged)
    assert isinstance(catalogue, pb.CatalogueImported)
    assert (holdings.holdings[0].units, holdings.holdings[0].market_value) == (
        "95238.09",
        "100000.00",
    )
    assert catalogue.products[0] == pb.BookProduct(
        product_id="P1",
        name="Fund",
        kind="public_fund",
        level="R2",
        minimum_amount="1000.00",
        matures_on="2026-11-23",
    )
