"""What other services' events say, in the words of analytics."""

from collections.abc import Sequence
from decimal import Decimal

from chassis.inputs import choice, day, decimal
from liheng.customer.v1 import events_pb2 as customer
from liheng.product.v1 import events_pb2 as product
from liheng.workflow.v1 import events_pb2 as workflow
from services.analytics.domain.book import Assignment
from services.analytics.domain.journey import Particulars, Stage
from services.analytics.domain.month import Month
from services.analytics.domain.names import ListedProduct, StaffMember, Team
from services.analytics.domain.transaction import Transaction, TransactionKind

BookEvent = customer.CustomerOnboarded | customer.AdviserChanged | customer.HoldingsChanged
LeadEvent = (
    workflow.LeadCreated | workflow.LeadAssigned | workflow.LeadContacted | workflow.LeadQualified
)
SaleEvent = (
    workflow.SaleDrafted
    | workflow.SaleMoved
    | workflow.SaleSigned
    | workflow.SalePaid
    | workflow.SaleConfirmed
    | workflow.SaleRescinded
    | workflow.SaleRefused
)

# Cooling-off and callback are waits, not stages of the funnel.
MOVED_TO = {"decided": Stage.SALE_DECIDED, "recorded": Stage.SALE_RECORDED}


def assignment(event: BookEvent, sequence: int) -> Assignment:
    return Assignment(event.adviser_id, event.team_id, sequence)


def values(event: customer.HoldingsChanged) -> dict[str, Decimal]:
    return {
        holding.product_id: decimal(holding.market_value, "market_value")
        for holding in event.holdings
    }


def transactions(event: customer.TransactionsRecorded, sequence: int) -> Sequence[Transaction]:
    return [
        Transaction(
            transaction_id=told.transaction_id,
            month=Month.of(day(told.traded_on, "traded_on")),
            team_id=event.team_id,
            adviser_id=event.adviser_id,
            kind=choice(TransactionKind, told.kind, "kind"),
            amount=decimal(told.amount, "amount"),
            told_by_sale=False,
            sequence=sequence,
        )
        for told in event.transactions
    ]


def member(event: customer.StaffChanged, sequence: int) -> StaffMember:
    return StaffMember(
        staff_id=event.staff_id,
        name=event.name,
        team_id=event.team_id,
        advises=event.active and "adviser" in event.roles,
        sequence=sequence,
    )


def team(event: customer.StaffChanged, sequence: int) -> Team | None:
    if not event.team_id:
        return None
    return Team(
        team_id=event.team_id,
        name=event.team_name,
        branch_id=event.branch_id,
        sequence=sequence,
    )


def listed_product(event: product.ProductListed, sequence: int) -> ListedProduct:
    return ListedProduct(
        product_id=event.product_id, name=event.name, kind=event.kind, sequence=sequence
    )


def lead(event: LeadEvent, sequence: int) -> Particulars:
    """A lead that was just created is nobody's yet."""
    if isinstance(event, workflow.LeadCreated):
        return Particulars(sequence=sequence)
    return Particulars(adviser_id=event.adviser_id, team_id=event.team_id, sequence=sequence)


def sale(event: SaleEvent, sequence: int) -> Particulars:
    return Particulars(
        adviser_id=event.adviser_id,
        team_id=event.team_id,
        product_id=event.product_id,
        amount=decimal(event.amount, "amount"),
        sequence=sequence,
    )
