"""The tables of the analytics service."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from chassis.answer_rows import answers_table
from chassis.mailbox import mailbox_tables
from chassis.trail.tables import trail_tables
from services.analytics.domain.month import Month

metadata = sa.MetaData()
mailbox = mailbox_tables(metadata)
answers = answers_table(metadata)
trail_tables(metadata)

MOMENT = sa.DateTime(timezone=True)


class MonthText(sa.TypeDecorator[Month]):
    """A month as 2026-11, which sorts as it should."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Month | None, dialect: Any) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Any) -> Month | None:
        return None if value is None else Month.parse(value)


class Money(sa.TypeDecorator[Decimal]):
    """As exact as it was told; 1.50 and 1.5 are kept as the same, whichever came first."""

    impl = sa.Numeric
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value).normalize()


# Every sum that a dashboard shows, moved by differences; what moved back to zero is gone.
figures = sa.Table(
    "figures",
    metadata,
    sa.Column("measure", sa.Text, primary_key=True),
    sa.Column("month", MonthText, primary_key=True),
    sa.Column("team_id", sa.Text, primary_key=True),
    sa.Column("adviser_id", sa.Text, primary_key=True),
    sa.Column("product_id", sa.Text, primary_key=True),
    sa.Column("value", Money, nullable=False),
)

# A customer's book at the end of each month in which it was spoken of.
closings = sa.Table(
    "closings",
    metadata,
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("month", MonthText, primary_key=True),
    sa.Column("adviser_id", sa.Text, nullable=False),
    sa.Column("team_id", sa.Text, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),  # of the word on adviser and team
    sa.Column("aum", Money, nullable=False),
)

# What was last told of a holding in each month in which it was spoken of.
holdings = sa.Table(
    "holdings",
    metadata,
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("product_id", sa.Text, primary_key=True),
    sa.Column("month", MonthText, primary_key=True),
    sa.Column("value", Money, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

transactions = sa.Table(
    "transactions",
    metadata,
    sa.Column("transaction_id", sa.Text, primary_key=True),
    sa.Column("month", MonthText, nullable=False),
    sa.Column("team_id", sa.Text, nullable=False),
    sa.Column("adviser_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("amount", Money, nullable=False),
    sa.Column("told_by_sale", sa.Boolean, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

journeys = sa.Table(
    "journeys",
    metadata,
    sa.Column("journey_id", sa.Text, primary_key=True),
    sa.Column("adviser_id", sa.Text, nullable=False),
    sa.Column("team_id", sa.Text, nullable=False),
    sa.Column("product_id", sa.Text, nullable=False),
    sa.Column("amount", Money, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

arrivals = sa.Table(
    "arrivals",
    metadata,
    sa.Column("journey_id", sa.Text, sa.ForeignKey("journeys.journey_id"), primary_key=True),
    sa.Column("stage", sa.Text, primary_key=True),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("month", MonthText, nullable=False),
)

staff = sa.Table(
    "staff",
    metadata,
    sa.Column("staff_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("team_id", sa.Text, nullable=False),
    sa.Column("advises", sa.Boolean, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

teams = sa.Table(
    "teams",
    metadata,
    sa.Column("team_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("branch_id", sa.Text, nullable=False, index=True),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

products = sa.Table(
    "products",
    metadata,
    sa.Column("product_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

# One row. Whoever applies an event updates it first, so that events are applied one by one.
freshness = sa.Table(
    "freshness",
    metadata,
    sa.Column("events_applied", sa.BigInteger, nullable=False),
    sa.Column("last_event_at", MOMENT),
)

closed_months = sa.Table(
    "closed_months",
    metadata,
    sa.Column("month", MonthText, primary_key=True),
    sa.Column("aum", Money, nullable=False),
    sa.Column("customers", sa.Integer, nullable=False),
    sa.Column("at", MOMENT, nullable=False),
)
