"""What staff typed of clients is sealed; a history may be sealed, and nothing else done to it."""

import sqlalchemy as sa
from alembic import op

from chassis.sealing.tables import create_data_keys
from chassis.trail.tables import watch

revision = "0007"
down_revision = "0006"

SEALED = {
    "leads": ("contacts", "dropped_reason"),
    "sales": ("payment_reference", "callbacks", "closed_reason"),
    "lead_history": ("details",),
    "sale_history": ("details",),
}


def upgrade() -> None:
    create_data_keys(op)
    watch(op, "data_keys", "key_id", "algorithm kek_id created_at retired_at")
    for table, columns in SEALED.items():
        for column in columns:
            sealed = sa.Column(f"{column}_sealed", sa.Text, nullable=False, server_default="")
            op.add_column(table, sealed)
    op.add_column("sales", sa.Column("payment_reference_index", sa.LargeBinary))
    op.create_unique_constraint(
        "sales_payment_reference_index_key", "sales", ["payment_reference_index"]
    )
    for of in ("lead", "sale"):
        let_seal(f"{of}_history")


def let_seal(table: str) -> None:
    """An update may put the details under seal, or under another key, and change nothing else."""
    op.execute(f"DROP TRIGGER {table}_is_append_only ON {table}")
    op.execute(
        f"""
        CREATE TRIGGER {table}_is_append_only
        BEFORE DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()
        """
    )
    op.execute(
        f"""
        CREATE FUNCTION {table}_may_be_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.details = '{{}}' AND NEW.details_sealed <> ''
                AND (OLD.details <> '{{}}' OR OLD.details_sealed <> '')
                AND to_jsonb(NEW) - 'details' - 'details_sealed'
                    = to_jsonb(OLD) - 'details' - 'details_sealed'
            THEN RETURN NEW; END IF;
            RAISE EXCEPTION '{table} is append-only';
        END $$
        """
    )
    op.execute(
        f"""
        CREATE TRIGGER {table}_may_be_sealed
        BEFORE UPDATE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_may_be_sealed()
        """
    )
