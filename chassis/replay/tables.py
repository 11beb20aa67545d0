"""The table of replays: what was asked for, and how far it is."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

MOMENT = sa.DateTime(timezone=True)


def replays_table(metadata: sa.MetaData) -> sa.Table:
    """*position* is the last of the log that is dealt with; *last* the last that was asked for."""
    table = sa.Table(
        "replays",
        metadata,
        sa.Column("replay_id", sa.Text, primary_key=True),
        sa.Column("queue", sa.Text, nullable=False),
        sa.Column("types", ARRAY(sa.Text), nullable=False),  # empty: all
        sa.Column("subject", sa.Text, nullable=False),  # empty: all
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("rate", sa.Integer, nullable=False),  # events a second at most; 0: no bound
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("sent", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),  # running, done, failed, cancelled
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),  # when the next batch may go
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
    )
    sa.Index("replays_running", table.c.due_at, postgresql_where=table.c.state == "running")
    return table
