"""Let go of all that was counted, and of the memory that it was."""

import psycopg
from psycopg import sql

from chassis.outbox import conninfo
from services.analytics.adapters.tables import (
    arrivals,
    closings,
    figures,
    freshness,
    holdings,
    journeys,
    mailbox,
    products,
    staff,
    teams,
    transactions,
)

# Not closed_months: that a month was closed has been announced, and is not announced again.
COUNTED = (figures, closings, holdings, transactions, journeys, arrivals, staff, teams, products)
FORGOTTEN = (*COUNTED, mailbox.inbox, mailbox.horizon)

START_AGAIN = sql.SQL("UPDATE {} SET events_applied = 0, last_event_at = NULL").format(
    sql.Identifier(freshness.name)
)


def forget_everything(database_url: str) -> None:
    """In one transaction; an event that is being applied is awaited."""
    names = sql.SQL(", ").join(sql.Identifier(table.name) for table in FORGOTTEN)
    with psycopg.connect(conninfo(database_url)) as session:
        session.execute(START_AGAIN)
        session.execute(sql.SQL("TRUNCATE {}").format(names))
