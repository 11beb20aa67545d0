"""What a customer holds, and what they bought, sold and received."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class TransactionKind(StrEnum):
    SUBSCRIBE = "subscribe"
    REDEEM = "redeem"
    DIVIDEND = "dividend"


@dataclass(frozen=True)
class Transaction:
    transaction_id: str
    customer_id: str
    product_id: str
    kind: TransactionKind
    amount: Decimal  # CNY
    traded_on: date


@dataclass(frozen=True)
class Lot:
    """Units of one product from one source, such as "book:K700002" or "sale:<id>"."""

    source: str
    product_id: str
    units: Decimal
    market_value: Decimal  # CNY
    valued_on: date

    def same_position(self, other: "Lot | None") -> bool:
        """Equal but for the day it was valued on."""
        return other is not None and (self.units, self.market_value) == (
            other.units,
            other.market_value,
        )

    def emptied(self, on: date) -> "Lot":
        return Lot(self.source, self.product_id, Decimal(0), Decimal(0), on)


@dataclass(frozen=True)
class Holding:
    """A product as it is held now, all sources added up."""

    product_id: str
    units: Decimal
    market_value: Decimal  # CNY
    valued_on: date


@dataclass(eq=False)
class Portfolio:
    """All lots of one customer; a source overwrites its own lots and no other's."""

    customer_id: str
    lots: dict[tuple[str, str], Lot] = field(default_factory=dict)  # by source and product
    changed: list[Lot] = field(default_factory=list)  # since it was read

    def put(self, lots: Iterable[Lot]) -> None:
        """Take over what a source says; what is as it was stays untouched."""
        for lot in lots:
            key = (lot.source, lot.product_id)
            if not lot.same_position(self.lots.get(key)):
                self.lots[key] = lot
                self.changed.append(lot)

    def of_source(self, source: str) -> Sequence[Lot]:
        return [lot for lot in self.lots.values() if lot.source == source]

    def changed_holdings(self) -> Sequence[Holding]:
        """The holdings a change touched, each as it is now."""
        touched = dict.fromkeys(lot.product_id for lot in self.changed)
        return [self._holding(product_id) for product_id in touched]

    @property
    def aum(self) -> Decimal:
        """CNY."""
        return sum((lot.market_value for lot in self.lots.values()), Decimal(0))

    def _holding(self, product_id: str) -> Holding:
        lots = [lot for lot in self.lots.values() if lot.product_id == product_id]
        return Holding(
            product_id,
            sum((lot.units for lot in lots), Decimal(0)),
            sum((lot.market_value for lot in lots), Decimal(0)),
            max(lot.valued_on for lot in lots),
        )


def by_owner(transactions: Iterable[Transaction]) -> dict[str, list[Transaction]]:
    owned: defaultdict[str, list[Transaction]] = defaultdict(list)
    for transaction in transactions:
        owned[transaction.customer_id].append(transaction)
    return dict(owned)
