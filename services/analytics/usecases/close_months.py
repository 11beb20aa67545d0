"""Months that have ended are closed, each once."""

from dataclasses import dataclass
from datetime import datetime

from services.analytics.domain.figures import AUM, CUSTOMERS
from services.analytics.domain.month import Month, MonthClosed
from services.analytics.usecases.ports import AnalyticsWork


@dataclass(frozen=True, kw_only=True)
class CloseMonths:
    current: Month  # the month that has not ended yet
    at: datetime


def close_months(command: CloseMonths, work: AnalyticsWork) -> None:
    """Nothing is closed before the first customer has an asset."""
    last = work.closed_months.last()
    first_open = last.plus(1) if last else work.figures.first_month(AUM)
    if first_open is None:
        return
    for month in first_open.until(command.current.plus(-1)):
        closed = MonthClosed(
            month=month,
            aum=work.figures.total(AUM, until=month),
            customers=int(work.figures.total(CUSTOMERS, until=month)),
            at=command.at,
        )
        work.closed_months.add(closed)
        work.announce(closed)
