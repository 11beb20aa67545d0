"""Applications of clients to be another class of investor, and the class that they elected."""

import sqlalchemy as sa
from alembic import op

from chassis.trail.tables import watch

revision = "0013"
down_revision = "0012"

MOMENT = sa.DateTime(timezone=True)

GUARDS = (
    """
    CREATE FUNCTION class_application_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND OLD.state = 'open' THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'an application that is decided is kept as it was';
    END $$
    """,
    """
    CREATE TRIGGER class_applications_stay BEFORE UPDATE OR DELETE ON class_applications
    FOR EACH ROW EXECUTE FUNCTION class_application_stays()
    """,
)


def upgrade() -> None:
    op.add_column("profiles", sa.Column("elected_class", sa.Text))
    op.add_column("profiles", sa.Column("election", sa.Text))
    op.create_table(
        "class_applications",
        sa.Column("application_id", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("wanted", sa.Text, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("entered_by", sa.Text, nullable=False),
        sa.Column("by_client", sa.Boolean, nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index(
        "class_applications_by_customer",
        "class_applications",
        ["customer_id", "entered_at", "application_id"],
    )
    op.create_index(
        "one_class_application_waits",
        "class_applications",
        ["customer_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    for statement in GUARDS:
        op.execute(statement)
    watch(
        op,
        "class_applications",
        "application_id",
        "customer_id wanted entered_by by_client state reason decided_by decided_at",
    )
