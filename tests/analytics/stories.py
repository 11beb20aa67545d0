"""Anything that may happen to a few customers, leads and sales of an institution."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from chassis.moments import stamp
from liheng.customer.v1 import events_pb2 as customer
from liheng.product.v1 import events_pb2 as product
from liheng.workflow.v1 import events_pb2 as workflow
from tests.analytics.bus import Told

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(-60, 60).map(lambda days: NEW_YEAR + timedelta(days=days))
DAYS = MOMENTS.map(lambda at: at.date().isoformat())
AMOUNTS = st.integers(0, 300_00).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
CUSTOMERS = st.sampled_from(["c-1", "c-2"])
PRODUCTS = st.sampled_from(["P1", "P2"])
ADVISERS = st.sampled_from(["", "s-1", "s-2"])
TEAMS = st.sampled_from(["", "t-1", "t-2"])
STAMPS = MOMENTS.map(stamp)

OWNED = {"adviser_id": ADVISERS, "team_id": TEAMS, "at": STAMPS}
LEAD = {"lead_id": st.sampled_from(["l-1", "l-2"]), "customer_id": CUSTOMERS}
SALE = {
    "sale_id": st.sampled_from(["d-1", "d-2"]),
    "customer_id": CUSTOMERS,
    "product_id": PRODUCTS,
    "amount": AMOUNTS,
    **OWNED,
}

holdings = st.lists(
    st.builds(customer.HoldingState, product_id=PRODUCTS, market_value=AMOUNTS), max_size=3
)
transactions = st.lists(
    st.builds(
        customer.TransactionState,
        transaction_id=st.sampled_from(["x-1", "x-2", "d-1", "d-2"]),
        kind=st.sampled_from(["subscribe", "redeem", "dividend"]),
        amount=AMOUNTS,
        traded_on=DAYS,
    ),
    max_size=3,
    unique_by=lambda told: told.transaction_id,
)


def event(
    message: Callable[..., Any], /, **fields: st.SearchStrategy[Any]
) -> st.SearchStrategy[Any]:
    return st.builds(message, **fields)


about_customers = st.one_of(
    event(customer.CustomerOnboarded, customer_id=CUSTOMERS, **OWNED),
    event(customer.AdviserChanged, customer_id=CUSTOMERS, **OWNED),
    event(customer.HoldingsChanged, customer_id=CUSTOMERS, holdings=holdings, **OWNED),
    event(customer.TransactionsRecorded, customer_id=CUSTOMERS, transactions=transactions, **OWNED),
)
about_staff = event(
    customer.StaffChanged,
    staff_id=st.sampled_from(["s-1", "s-2"]),
    name=st.sampled_from(["Ann", "Ben"]),
    roles=st.sampled_from([["adviser"], ["compliance"]]),
    team_id=TEAMS,
    team_name=st.sampled_from(["North", "South"]),
    active=st.booleans(),
    at=STAMPS,
)
about_products = event(
    product.ProductListed,
    product_id=PRODUCTS,
    name=st.sampled_from(["One", "Two"]),
    kind=st.just("private_fund"),
    at=STAMPS,
)
about_leads = st.one_of(
    event(workflow.LeadCreated, at=STAMPS, **LEAD),
    *(
        event(kind, **LEAD, **OWNED)
        for kind in (workflow.LeadAssigned, workflow.LeadContacted, workflow.LeadQualified)
    ),
)
about_sales = st.one_of(
    event(workflow.SaleMoved, state=st.sampled_from(["decided", "recorded", "callback"]), **SALE),
    event(workflow.SaleConfirmed, confirmed_on=DAYS, **SALE),
    *(
        event(kind, **SALE)
        for kind in (
            workflow.SaleDrafted,
            workflow.SaleSigned,
            workflow.SalePaid,
            workflow.SaleRescinded,
            workflow.SaleRefused,
        )
    ),
)


def numbered(events: list[Any]) -> list[Told]:
    """As announced: each service counts its own events."""
    return [Told(each, sequence) for sequence, each in enumerate(events, start=1)]


stories = st.lists(
    st.one_of(about_customers, about_staff, about_products, about_leads, about_sales), max_size=20
).map(numbered)


@st.composite
def retellings(draw: st.DrawFn) -> tuple[list[Told], list[Told]]:
    """A story, and the same one in any other order, some of it told again."""
    story = draw(stories)
    again = draw(st.lists(st.sampled_from(story), max_size=5)) if story else []
    return story, draw(st.permutations(story + again))
