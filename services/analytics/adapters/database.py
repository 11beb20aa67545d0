"""The read models in PostgreSQL, changed in one transaction per event."""

from sqlalchemy.orm import Session

from chassis.database import SqlWork
from services.analytics.adapters import tables
from services.analytics.adapters.announcements import to_message
from services.analytics.adapters.books import SqlBooks, SqlTransactions
from services.analytics.adapters.journeys import SqlJourneys
from services.analytics.adapters.names import SqlNames
from services.analytics.adapters.sums import SqlClosedMonths, SqlFigures, SqlFreshness
from services.analytics.usecases.ports import Announcement


class SqlAnalyticsWork(SqlWork[Announcement]):
    def __init__(self, session: Session) -> None:
        super().__init__(session, tables.mailbox, to_message, "analytics")
        self.freshness = SqlFreshness(session)
        self.figures = SqlFigures(session)
        self.books = SqlBooks(session)
        self.transactions = SqlTransactions(session)
        self.journeys = SqlJourneys(session)
        self.names = SqlNames(session)
        self.closed_months = SqlClosedMonths(session)
