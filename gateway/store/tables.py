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
