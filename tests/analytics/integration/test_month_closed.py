"""Months that ended are announced."""

from datetime import UTC, datetime

import sqlalchemy as sa

from services.analytics.adapters.tables import mailbox
from tests.analytics.bus import Listener
from tests.analytics.examples import ANN, holdings


def test_a_month_that_ended_is_announced_in_the_outbox_once(
    listener: Listener, database: sa.Engine
) -> None:
    listener.hear(holdings("c-1", ANN, datetime(2026, 10, 10, tzinfo=UTC), P1="12.30"))

    listener.tick()
    listener.tick()

    with database.connect() as connection:
        told = connection.execute(sa.select(mailbox.outbox)).all()
    assert [(row.type, row.subject) for row in told] == [
        ("liheng.analytics.v1.MonthClosed", "2026-10")
    ]
    assert '"aum":"12.30"' in told[0].body.replace(" ", "")
