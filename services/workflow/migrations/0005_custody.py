"""Who looks after each client now; leads are seen by whoever registered them."""

import sqlalchemy as sa
from alembic import op

from chassis.custody import create_custody

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    create_custody(op)
    registered_by = sa.Column("registered_by", sa.Text, nullable=False, server_default="")
    op.add_column("leads", registered_by)
    op.execute(
        """
        UPDATE leads SET registered_by = created.by
        FROM lead_history AS created
        WHERE created.lead_id = leads.lead_id AND created.what = 'created'
        """
    )
    op.create_index("leads_by_branch", "leads", ["branch_id", "created_at", "lead_id"])
    op.create_index("leads_by_customer", "leads", ["customer_id"])
