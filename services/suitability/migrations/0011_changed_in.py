"""In which transaction a client's facts or profile last changed, so that copies can follow."""

from alembic import op

revision = "0011"
down_revision = "0010"

FOLLOWED = ("customers", "profiles")


def upgrade() -> None:
    op.execute(
        "CREATE FUNCTION say_changed_in() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN NEW.changed_in := pg_current_xact_id(); RETURN NEW; END'"
    )
    for table in FOLLOWED:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN changed_in xid8 NOT NULL DEFAULT pg_current_xact_id()"
        )
        op.execute(f"CREATE INDEX {table}_by_change ON {table} (changed_in)")
        op.execute(
            f"CREATE TRIGGER {table}_changed_in BEFORE INSERT OR UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION say_changed_in()"
        )
