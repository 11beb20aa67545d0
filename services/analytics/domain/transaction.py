"""Money that came in or went out, counted once however often it is told."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.analytics.domain.figures import NET_SUBSCRIPTIONS, Cell, Figure
from services.analytics.domain.month import Month


class TransactionKind(StrEnum):
    SUBSCRIBE = "subscribe"
    REDEEM = "redeem"
    DIVIDEND = "dividend"


SIGNS = {TransactionKind.SUBSCRIBE: 1, TransactionKind.REDEEM: -1, TransactionKind.DIVIDEND: 0}


@dataclass(frozen=True, kw_only=True)
class Transaction:
    """A confirmed sale is a subscription whose id is the sale's.

    The customer's book tells it too, later and under the same id; the sale's own word counts,
    as it names the team that sold.
    """

    transaction_id: str
    month: Month
    team_id: str
    adviser_id: str
    kind: TransactionKind
    amount: Decimal  # CNY
    told_by_sale: bool
    sequence: int

    def supersedes(self, known: "Transaction") -> bool:
        return (self.told_by_sale, self.sequence) > (known.told_by_sale, known.sequence)

    def figures(self) -> Iterator[Figure]:
        cell = Cell(self.month, NET_SUBSCRIPTIONS, self.team_id, self.adviser_id)
        yield cell, SIGNS[self.kind] * self.amount


def news(told: Iterable[Transaction], known: Mapping[str, Transaction]) -> list[Transaction]:
    """Those of *told* that are not known yet, or not as well."""
    return [
        transaction
        for transaction in {each.transaction_id: each for each in told}.values()
        if transaction.transaction_id not in known
        or transaction.supersedes(known[transaction.transaction_id])
    ]
