"""A sale was confirmed: its units are a lot of the customer's portfolio."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.customer.domain.events import HoldingsChanged, TransactionsRecorded
from services.customer.domain.portfolio import Lot, Transaction, TransactionKind
from services.customer.usecases.ports import CustomerWork


@dataclass(frozen=True, kw_only=True)
class SettleSale:
    sale_id: str
    customer_id: str
    product_id: str
    amount: Decimal  # CNY
    units: Decimal
    confirmed_on: date
    at: datetime


def settle_sale(command: SettleSale, work: CustomerWork) -> None:
    customer = work.customers.get(command.customer_id)
    portfolio = work.portfolios.of([command.customer_id])[command.customer_id]
    portfolio.put([_lot(command)])
    work.portfolios.save([portfolio])
    holdings = portfolio.changed_holdings()
    recorded = work.transactions.record([_transaction(command)])
    to, at = customer.assignment, command.at
    if holdings:
        work.announce(HoldingsChanged(customer.customer_id, to, holdings, at))
    if recorded:
        work.announce(TransactionsRecorded(customer.customer_id, to, recorded, at))


def _lot(command: SettleSale) -> Lot:
    source = f"sale:{command.sale_id}"
    return Lot(source, command.product_id, command.units, command.amount, command.confirmed_on)


def _transaction(command: SettleSale) -> Transaction:
    return Transaction(
        transaction_id=command.sale_id,
        customer_id=command.customer_id,
        product_id=command.product_id,
        kind=TransactionKind.SUBSCRIBE,
        amount=command.amount,
        traded_on=command.confirmed_on,
    )
