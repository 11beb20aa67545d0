from datetime import UTC, datetime
from decimal import Decimal

from services.analytics.domain.figures import AUM, CUSTOMERS, NET_SUBSCRIPTIONS, Cell
from services.analytics.domain.month import Month, MonthClosed
from services.analytics.usecases.close_months import CloseMonths, close_months
from tests.analytics.unit.fakes import FakeWork

SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (Month(2026, number) for number in (9, 10, 11, 12))
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def close(work: FakeWork, current: Month) -> None:
    close_months(CloseMonths(current=current, at=NOW), work)


def with_assets_since(month: Month) -> FakeWork:
    work = FakeWork()
    work.figures.move({Cell(Month(2020, 1), NET_SUBSCRIPTIONS, "t-1", "s-1"): Decimal(5)})
    work.figures.move({Cell(month, AUM, "t-1", "s-1"): Decimal("10.01")})
    work.figures.move({Cell(month, CUSTOMERS, "t-1", "s-1"): Decimal(1)})
    return work


def test_every_month_that_has_ended_is_announced_once() -> None:
    work = with_assets_since(SEPTEMBER)

    close(work, NOVEMBER)
    close(work, NOVEMBER)

    assert work.announced == [
        MonthClosed(SEPTEMBER, Decimal("10.01"), 1, NOW),
        MonthClosed(OCTOBER, Decimal("10.01"), 1, NOW),
    ]


def test_the_next_month_follows() -> None:
    work = with_assets_since(OCTOBER)
    close(work, NOVEMBER)

    close(work, DECEMBER)

    assert [closed.month for closed in work.announced] == [OCTOBER, NOVEMBER]


def test_a_month_that_has_not_ended_stays_open() -> None:
    work = with_assets_since(NOVEMBER)

    close(work, NOVEMBER)

    assert work.announced == []


def test_without_assets_there_is_nothing_to_close() -> None:
    work = FakeWork()

    close(work, NOVEMBER)

    assert work.announced == []
