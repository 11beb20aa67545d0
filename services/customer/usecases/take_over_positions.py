"""Holdings and transactions of a client book join those on file."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID, uuid5

from services.customer.domain.book.positions import BookTransaction
from services.customer.domain.customer import Customer
from services.customer.domain.events import HoldingsChanged, TransactionsRecorded
from services.customer.domain.portfolio import Lot, Portfolio, Transaction, by_owner
from services.customer.usecases.ports import CustomerWork
from services.customer.usecases.take_over_customers import TakeOver

# Equal rows of a book, read again, get equal ids.
TRANSACTIONS = UUID("0193573a-7c00-7000-8000-6c6968656e67")


def take_over_holdings(taken: TakeOver, work: CustomerWork) -> None:
    """A book is the whole truth about the lots it brought: those it no longer names are empty."""
    owners = {customer.customer_id: customer for customer in taken.customers.values()}
    portfolios = work.portfolios.of(owners)
    lots = _lots(taken)
    for number, customer in taken.customers.items():
        portfolio = portfolios[customer.customer_id]
        portfolio.put(lots[number])
        portfolio.put(_gone(portfolio, number, lots[number], taken))
    changed = [portfolio for portfolio in portfolios.values() if portfolio.changed]
    work.portfolios.save(changed)
    for portfolio in changed:
        _note(owners[portfolio.customer_id], portfolio, taken)


def _lots(taken: TakeOver) -> defaultdict[str, list[Lot]]:
    """By customer number."""
    lots: defaultdict[str, list[Lot]] = defaultdict(list)
    for holding in taken.book.holdings.accepted:
        lots[holding.customer_no].append(
            Lot(
                source_of(holding.customer_no),
                holding.product_id,
                holding.units,
                holding.market_value,
                taken.today,
            )
        )
    return lots


def _gone(
    portfolio: Portfolio, number: str, named: Sequence[Lot], taken: TakeOver
) -> Iterable[Lot]:
    """Lots of this number that the book does not name; one it names illegibly stays."""
    products = {lot.product_id for lot in named}
    for lot in portfolio.of_source(source_of(number)):
        key = (number, lot.product_id)
        if lot.product_id not in products and key not in taken.book.holdings.unreadable:
            yield lot.emptied(taken.today)


def _note(owner: Customer, portfolio: Portfolio, taken: TakeOver) -> None:
    taken.updated.add(owner.customer_id)
    taken.events.append(
        HoldingsChanged(owner.customer_id, owner.assignment, portfolio.changed_holdings(), taken.at)
    )


def take_over_transactions(taken: TakeOver, work: CustomerWork) -> None:
    told = [_transaction(row, taken) for row in taken.book.transactions.accepted]
    owners = {customer.customer_id: customer for customer in taken.customers.values()}
    for customer_id, recorded in by_owner(work.transactions.record(told)).items():
        taken.updated.add(customer_id)
        to = owners[customer_id].assignment
        taken.events.append(TransactionsRecorded(customer_id, to, recorded, taken.at))


def _transaction(row: BookTransaction, taken: TakeOver) -> Transaction:
    return Transaction(
        transaction_id=transaction_id(row),
        customer_id=taken.owner(row.customer_no).customer_id,
        product_id=row.product_id,
        kind=row.kind,
        amount=row.amount,
        traded_on=row.traded_on,
    )


def source_of(customer_no: str) -> str:
    return f"book:{customer_no}"


def transaction_id(row: BookTransaction) -> str:
    """The same for the same row of any book."""
    said = (row.customer_no, row.product_id, row.kind, row.amount, row.traded_on, row.occurrence)
    return str(uuid5(TRANSACTIONS, "|".join(map(str, said))))
