"""An import: a client book that was received, and what came of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from services.customer.domain.book.book import Book
from services.customer.domain.book.problems import Note, Problem, Severity
from services.customer.domain.events import BookApplied, BookReceived, BookRefused


class ImportState(StrEnum):
    RECEIVED = "received"
    APPLIED = "applied"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class ImportResult:
    customer_rows: int
    customers: int
    customers_created: int
    customers_updated: int
    customers_unchanged: int
    duplicate_rows: int
    rejected_rows: int
    products: int
    holdings: int
    transactions: int
    family_links: int
    aum: Decimal  # CNY
    warnings: int
    skipped_holdings: int
    skipped_transactions: int

    @classmethod
    def of(cls, book: Book, notes: Sequence[Note], *, created: int, updated: int) -> "ImportResult":
        return cls(
            customer_rows=book.customer_rows,
            customers=len(book.customers),
            customers_created=created,
            customers_updated=updated,
            customers_unchanged=len(book.customers) - created - updated,
            duplicate_rows=book.duplicate_rows,
            rejected_rows=book.rejected_rows,
            products=len(book.products),
            holdings=book.holdings.rows,
            transactions=len(book.transactions.accepted),
            family_links=len(book.family),
            aum=book.aum,
            warnings=sum(1 for note in notes if note.severity is Severity.WARNING),
            skipped_holdings=book.holdings.skipped,
            skipped_transactions=book.transactions.skipped,
        )

    def plain(self) -> dict[str, int | str]:
        """As stored and shown: numbers, and the amount as text."""
        return {**asdict(self), "aum": str(self.aum)}


@dataclass(eq=False, kw_only=True)
class Import:
    import_id: str
    file_name: str
    digest: str  # SHA-256 of the file
    received_by: str
    received_at: datetime
    state: ImportState = ImportState.RECEIVED
    finished_at: datetime | None = None
    reason: Problem | None = None
    result: ImportResult | None = None

    def received(self) -> BookReceived:
        return BookReceived(self.import_id, self.received_by, self.received_at)

    def apply(self, result: ImportResult, at: datetime) -> BookApplied:
        self.state, self.result, self.finished_at = ImportState.APPLIED, result, at
        return BookApplied(
            import_id=self.import_id,
            customers_created=result.customers_created,
            customers_updated=result.customers_updated,
            customers_unchanged=result.customers_unchanged,
            duplicate_rows=result.duplicate_rows,
            rejected_rows=result.rejected_rows,
            aum=result.aum,
            at=at,
        )

    def refuse(self, reason: Problem, at: datetime) -> BookRefused:
        self.state, self.reason, self.finished_at = ImportState.REFUSED, reason, at
        return BookRefused(self.import_id, reason.code, at)
