"""Rehearsals of drafts, and no release without one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.trail.tables import watch

revision = "0012"
down_revision = "0011"

MOMENT = sa.DateTime(timezone=True)

GUARDS = (
    """
    CREATE FUNCTION rule_pack_is_rehearsed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT EXISTS (
            SELECT FROM rehearsals WHERE rehearsal_id = NEW.rehearsal_id
            AND pack_id = NEW.pack_id AND digest = NEW.digest AND state = 'finished'
        ) THEN
            RAISE EXCEPTION 'a rule pack is released with a rehearsal of this very document';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER rule_packs_are_rehearsed BEFORE UPDATE ON rule_packs
    FOR EACH ROW WHEN (NEW.state = 'released' AND OLD.state = 'draft')
    EXECUTE FUNCTION rule_pack_is_rehearsed()
    """,
    """
    CREATE FUNCTION rehearsal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND OLD.state = 'running' THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'the report of a rehearsal is kept as it was made';
    END $$
    """,
    """
    CREATE TRIGGER rehearsals_stay BEFORE UPDATE OR DELETE ON rehearsals
    FOR EACH ROW EXECUTE FUNCTION rehearsal_stays()
    """,
)


def upgrade() -> None:
    op.add_column("rule_packs", sa.Column("rehearsal_id", sa.Text))
    op.create_table(
        "rehearsals",
        sa.Column("rehearsal_id", sa.Text, primary_key=True),
        sa.Column("pack_id", sa.Text, sa.ForeignKey("rule_packs.pack_id"), nullable=False),
        sa.Column("edition", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("before_digest", sa.Text, nullable=False),
        sa.Column("since", sa.Date),
        sa.Column("until", sa.Text, nullable=False),
        sa.Column("started_by", sa.Text, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("decisions", sa.BigInteger, nullable=False),
        sa.Column("customers", sa.BigInteger, nullable=False),
        sa.Column("products", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("decided", sa.Text, nullable=False),
        sa.Column("offered", sa.Text, nullable=False),
        sa.Column("decisions_done", sa.BigInteger, nullable=False),
        sa.Column("customers_done", sa.BigInteger, nullable=False),
        sa.Column("pairs_done", sa.BigInteger, nullable=False),
        sa.Column("unread", sa.BigInteger, nullable=False),
        sa.Column("cases_kept", sa.BigInteger, nullable=False),
        sa.Column("cases_left_out", sa.BigInteger, nullable=False),
        sa.Column("advanced_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "rehearsal_tallies",
        sa.Column("rehearsal_id", sa.Text, primary_key=True),
        sa.Column("part", sa.Text, primary_key=True),
        sa.Column("turn", sa.Text, primary_key=True),
        sa.Column("dimension", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("cases", sa.BigInteger, nullable=False),
        sa.Column("money", sa.Numeric(24, 2), nullable=False),
    )
    op.create_table(
        "rehearsal_cases",
        sa.Column("rehearsal_id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("turn", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("amount", sa.Numeric(20, 2), nullable=False),
        sa.Column("adviser_id", sa.Text, nullable=False),
        sa.Column("branch_id", sa.Text, nullable=False),
        sa.Column("decision_id", sa.Text, nullable=False),
        sa.Column("sale_id", sa.Text, nullable=False),
        sa.Column("rules", ARRAY(sa.Text), nullable=False),
    )
    op.create_index("rehearsals_by_pack", "rehearsals", ["pack_id", "rehearsal_id"])
    for statement in GUARDS:
        op.execute(statement)
    watch(
        op,
        "rehearsals",
        "rehearsal_id",
        "pack_id edition digest before state started_by finished_at",
    )
