"""Transactions of one customer were recorded in their book."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.analytics.domain.figures import Figure, moved
from services.analytics.domain.transaction import Transaction, news
from services.analytics.usecases.ports import AnalyticsWork


@dataclass(frozen=True, kw_only=True)
class RecordTransactions:
    transactions: Sequence[Transaction]
    at: datetime


def record_transactions(command: RecordTransactions, work: AnalyticsWork) -> None:
    work.freshness.note(command.at)
    count(command.transactions, work)


def count(told: Sequence[Transaction], work: AnalyticsWork) -> None:
    known = work.transactions.known([transaction.transaction_id for transaction in told])
    fresh = news(told, known)
    replaced = [known[each.transaction_id] for each in fresh if each.transaction_id in known]
    work.figures.move(moved(figures(replaced), figures(fresh)))
    work.transactions.keep(fresh)


def figures(transactions: Sequence[Transaction]) -> Iterator[Figure]:
    for transaction in transactions:
        yield from transaction.figures()
