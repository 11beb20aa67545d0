"""The table of applications to be another class of investor."""

import sqlalchemy as sa


def class_applications_table(metadata: sa.MetaData) -> sa.Table:
    """A trigger lets nobody change one that is decided, nor take any away."""
    moment = sa.DateTime(timezone=True)
    table = sa.Table(
        "class_applications",
        metadata,
        sa.Column("application_id", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("wanted", sa.Text, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("entered_by", sa.Text, nullable=False),
        sa.Column("by_client", sa.Boolean, nullable=False),
        sa.Column("entered_at", moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", moment),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Index("class_applications_by_customer", "customer_id", "entered_at", "application_id"),
    )
    sa.Index(
        "one_class_application_waits",
        table.c.customer_id,
        unique=True,
        postgresql_where=table.c.state == "open",
    )
    return table
