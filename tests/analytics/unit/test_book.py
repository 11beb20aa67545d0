from decimal import Decimal

from services.analytics.domain.book import Assignment, Book
from services.analytics.domain.figures import AUM, CUSTOMERS, Cell, Movements
from services.analytics.domain.month import Month
from tests.analytics.unit.fakes import FakeBooks, FakeFigures

JANUARY, MARCH, MAY = Month(2026, 1), Month(2026, 3), Month(2026, 5)


class Ledger:
    """One customer's book, told of by events."""

    def __init__(self) -> None:
        self.books = FakeBooks()
        self.figures = FakeFigures()

    def tell(
        self, month: Month, sequence: int, adviser_id: str, team_id: str, **values: int
    ) -> Movements:
        book = self.books.open("c-1", month, values.keys())
        exact = {product_id: Decimal(value) for product_id, value in values.items()}
        movements = book.tell(Assignment(adviser_id, team_id, sequence), exact)
        self.figures.move(movements)
        self.books.save(book)
        return movements

    def team(self, team_id: str) -> list[int]:
        """Its assets at the ends of January to May."""
        return [
            int(
                sum(
                    v
                    for cell, v in self.figures.cells.items()
                    if (cell.measure, cell.team_id) == (AUM, team_id) and cell.month <= month
                )
            )
            for month in JANUARY.until(MAY)
        ]


def test_a_first_holding_makes_a_customer_count() -> None:
    movements = Book("c-1", MARCH).tell(Assignment("s-1", "t-1", 1), {"P1": Decimal(100)})

    assert movements == {
        Cell(MARCH, AUM, "t-1", "s-1"): Decimal(100),
        Cell(MARCH, CUSTOMERS, "t-1", "s-1"): Decimal(1),
    }


def test_a_holding_sold_off_makes_a_customer_not_count() -> None:
    ledger = Ledger()
    ledger.tell(JANUARY, 1, "s-1", "t-1", P1=100)

    movements = ledger.tell(MARCH, 2, "s-1", "t-1", P1=0)

    assert movements[Cell(MARCH, CUSTOMERS, "t-1", "s-1")] == -1
    assert ledger.team("t-1") == [100, 100, 0, 0, 0]


def test_other_holdings_stay_as_they_were() -> None:
    ledger = Ledger()
    ledger.tell(JANUARY, 1, "s-1", "t-1", P1=100, P2=50)
    ledger.tell(MARCH, 2, "s-1", "t-1", P2=70)

    assert ledger.team("t-1") == [150, 150, 170, 170, 170]


def test_a_customer_who_moves_takes_their_assets_along_from_then_on() -> None:
    ledger = Ledger()
    ledger.tell(JANUARY, 1, "s-1", "t-1", P1=100)
    ledger.tell(MARCH, 2, "s-2", "t-2")

    assert ledger.team("t-1") == [100, 100, 0, 0, 0]
    assert ledger.team("t-2") == [0, 0, 100, 100, 100]


def test_an_older_word_does_not_replace_a_newer_one() -> None:
    ledger = Ledger()
    ledger.tell(MARCH, 9, "s-1", "t-1", P1=100)

    assert ledger.tell(MARCH, 4, "s-2", "t-2", P1=30) == {}


def test_a_late_word_changes_only_the_months_it_speaks_of() -> None:
    ledger = Ledger()
    ledger.tell(MAY, 9, "s-2", "t-2", P1=100)
    ledger.tell(JANUARY, 4, "s-1", "t-1", P1=30)

    assert ledger.team("t-1") == [30, 30, 30, 30, 0]
    assert ledger.team("t-2") == [0, 0, 0, 0, 100]


def test_a_late_word_on_another_holding_lasts() -> None:
    ledger = Ledger()
    ledger.tell(MAY, 9, "s-1", "t-1", P1=100)
    ledger.tell(MARCH, 8, "s-1", "t-1", P2=5)

    assert ledger.team("t-1") == [0, 0, 5, 5, 105]
