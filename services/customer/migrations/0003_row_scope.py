"""What is needed to show each caller their own rows, here and in the other services."""

import sqlalchemy as sa
from alembic import op

from chassis.custody import create_shares

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    create_shares(op)
    op.create_index("customers_by_branch", "customers", ["branch_id", "customer_no", "customer_id"])
    let_claims_to_an_identity_wait()
    tell_who_looks_after_whom()


def let_claims_to_an_identity_wait() -> None:
    op.add_column(
        "customers",
        sa.Column("identity_contested", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.drop_constraint("customers_identity_index_key", "customers")
    op.create_index("customers_by_identity", "customers", ["identity_index"])
    op.create_index(
        "customers_identified_once",
        "customers",
        ["identity_index"],
        unique=True,
        postgresql_where=sa.text("NOT identity_contested"),
    )


def tell_who_looks_after_whom() -> None:
    """As AdviserChanged, which the other services heard of before they kept it.

    Not of prospects: their lead tells, and may be ahead of what is known here.
    """
    op.execute(
        """
        INSERT INTO outbox (event_id, type, subject, source, body, headers, occurred_at)
        SELECT
          gen_random_uuid()::text,
          'liheng.customer.v1.AdviserChanged',
          customer_id,
          'customer',
          jsonb_build_object(
            'customerId', customer_id,
            'adviserId', adviser_id,
            'teamId', team_id,
            'branchId', branch_id,
            'previousAdviserId', adviser_id,
            'at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
          )::text,
          '{"dataschema": "liheng/customer/v1/events.proto"}'::json,
          now()
        FROM customers
        WHERE state = 'customer'
        ORDER BY created_at, customer_id
        """
    )
