from datetime import UTC, datetime
from decimal import Decimal

from services.analytics.domain.figures import Cell
from services.analytics.domain.journey import (
    Arrival,
    Journey,
    Particulars,
    Stage,
    share_of_previous,
)
from services.analytics.domain.month import Month

JANUARY, FEBRUARY = Month(2026, 1), Month(2026, 2)
EARLY = Arrival(datetime(2026, 1, 5, tzinfo=UTC), JANUARY)
LATE = Arrival(datetime(2026, 2, 5, tzinfo=UTC), FEBRUARY)
NOBODY = Particulars(sequence=1)
ANNS = Particulars(adviser_id="s-ann", team_id="t-1", sequence=2)
BENS = Particulars(adviser_id="s-ben", team_id="t-2", sequence=3)


def test_a_lead_counts_for_the_adviser_it_was_given_to() -> None:
    lead = Journey("l-1")
    lead.reach(Stage.LEAD_CREATED, EARLY, NOBODY)

    movements = lead.reach(Stage.LEAD_ASSIGNED, LATE, ANNS)

    assert movements == {
        Cell(JANUARY, "lead_created", "", ""): -1,
        Cell(JANUARY, "lead_created", "t-1", "s-ann"): 1,
        Cell(FEBRUARY, "lead_assigned", "t-1", "s-ann"): 1,
    }


def test_the_first_arrival_at_a_stage_counts() -> None:
    lead = Journey("l-1")
    lead.reach(Stage.LEAD_CONTACTED, LATE, ANNS)

    assert lead.reach(Stage.LEAD_CONTACTED, EARLY, ANNS) == {
        Cell(FEBRUARY, "lead_contacted", "t-1", "s-ann"): -1,
        Cell(JANUARY, "lead_contacted", "t-1", "s-ann"): 1,
    }
    assert lead.reach(Stage.LEAD_CONTACTED, LATE, ANNS) == {}


def test_an_older_word_on_whose_it_is_does_not_count() -> None:
    lead = Journey("l-1")
    lead.reach(Stage.LEAD_ASSIGNED, LATE, BENS)

    lead.reach(Stage.LEAD_ASSIGNED, EARLY, ANNS)

    assert lead.particulars == BENS


def test_the_money_of_a_sale_is_counted_at_each_stage() -> None:
    sale = Particulars(
        adviser_id="s-ann", team_id="t-1", product_id="P1", amount=Decimal("10.01"), sequence=1
    )

    movements = Journey("d-1").reach(Stage.SALE_PAID, EARLY, sale)

    assert movements == {
        Cell(JANUARY, "sale_paid", "t-1", "s-ann", "P1"): 1,
        Cell(JANUARY, "sale_paid_amount", "t-1", "s-ann", "P1"): Decimal("10.01"),
    }


def test_a_share_of_the_stage_before_is_given_where_it_makes_sense() -> None:
    counts = {Stage.LEAD_CREATED: 3, Stage.LEAD_ASSIGNED: 2, Stage.SALE_DRAFTED: 4}

    assert share_of_previous(Stage.LEAD_CREATED, counts) is None
    assert share_of_previous(Stage.LEAD_ASSIGNED, counts) == Decimal("0.6667")
    assert share_of_previous(Stage.LEAD_CONTACTED, counts) == 0
    assert share_of_previous(Stage.LEAD_QUALIFIED, counts) is None
    assert share_of_previous(Stage.SALE_DRAFTED, counts) is None
    assert share_of_previous(Stage.SALE_RESCINDED, counts) is None
