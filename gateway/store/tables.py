"""The tables of the gateway."""

import sqlalchemy as sa

from chassis.mailbox import mailbox_tables

metadata = sa.MetaData()
mailbox = mailbox_tables(metadata)
