"""The tables of the gateway."""

import sqlalchemy as sa

from chassis.custody import custody_tables
from chassis.mailbox import mailbox_tables
from chassis.trail.tables import trail_tables
from gateway.store.webhook_tables import webhook_tables

metadata = sa.MetaData()
mailbox = mailbox_tables(metadata)
trail_tables(metadata)
custody = custody_tables(metadata)
webhooks = webhook_tables(metadata)
leavers = sa.Table(  # one row: what the staff register said last
    "leavers",
    metadata,
    sa.Column("word", sa.Text, primary_key=True),
    sa.Column("staff_ids", sa.ARRAY(sa.Text), nullable=False),
    sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
)
