"""Events that tests tell, with what matters to them spelled out."""

from datetime import UTC, datetime
from typing import Any

from chassis.moments import stamp
from liheng.customer.v1 import events_pb2 as customer
from liheng.workflow.v1 import events_pb2 as workflow
from tests.analytics.bus import NOON

NOVEMBER_2025 = datetime(2025, 11, 10, tzinfo=UTC)
FEBRUARY = datetime(2026, 2, 10, tzinfo=UTC)

ANN = {"adviser_id": "s-ann", "team_id": "t-north"}
BEN = {"adviser_id": "s-ben", "team_id": "t-south"}


def holdings(
    customer_id: str, owner: dict[str, str], at: datetime = NOON, **values: str
) -> customer.HoldingsChanged:
    states = [
        customer.HoldingState(product_id=product_id, market_value=value)
        for product_id, value in values.items()
    ]
    return customer.HoldingsChanged(customer_id=customer_id, holdings=states, at=stamp(at), **owner)


def bought(
    transaction_id: str, traded_on: str, amount: str = "5.00", kind: str = "subscribe"
) -> customer.TransactionsRecorded:
    told = customer.TransactionState(
        transaction_id=transaction_id,
        product_id="P1",
        kind=kind,
        amount=amount,
        traded_on=traded_on,
    )
    return customer.TransactionsRecorded(
        customer_id="c-1", transactions=[told], at=stamp(NOON), **ANN
    )


def confirmed(
    sale_id: str, owner: dict[str, str], amount: str, **more: Any
) -> workflow.SaleConfirmed:
    told = {"product_id": "P1", "customer_id": "c-1", "confirmed_on": "2026-11-20"} | more
    return workflow.SaleConfirmed(sale_id=sale_id, amount=amount, at=stamp(NOON), **owner, **told)


def member(staff_id: str, name: str, team_id: str, team_name: str) -> customer.StaffChanged:
    return customer.StaffChanged(
        staff_id=staff_id,
        name=name,
        roles=["adviser"],
        team_id=team_id,
        team_name=team_name,
        active=True,
        at=stamp(NOON),
    )
