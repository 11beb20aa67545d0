"""Rule packs of the institution's own: drafted by one person, released by another."""

import sqlalchemy as sa
from alembic import op

from chassis.trail.tables import watch

revision = "0006"
down_revision = "0005"

MOMENT = sa.DateTime(timezone=True)

GUARDS = (
    """
    CREATE FUNCTION rule_pack_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' AND NEW.state = 'draft' AND NEW.release_no IS NULL THEN
            RETURN NEW;
        END IF;
        IF TG_OP <> 'UPDATE' OR OLD.state <> 'draft' OR NEW.pack_id <> OLD.pack_id THEN
            RAISE EXCEPTION 'a rule pack begins as a draft, and only a draft is changed';
        END IF;
        IF NEW.state <> 'released' AND NEW.release_no IS NULL THEN RETURN NEW; END IF;
        IF NEW.state <> 'released' OR NEW.digest <> OLD.digest
            OR NEW.document::jsonb <> OLD.document::jsonb OR NEW.edition <> OLD.edition
            OR NEW.effective_from <> OLD.effective_from
        THEN
            RAISE EXCEPTION 'a rule pack is released as it was drafted';
        END IF;
        IF coalesce(NEW.released_by, '') = '' OR NEW.release_no IS NULL
            OR NEW.released_at IS NULL OR EXISTS (
                SELECT FROM rule_pack_changes WHERE pack_id = NEW.pack_id AND by = NEW.released_by
            )
        THEN
            RAISE EXCEPTION 'a rule pack is released by somebody who had no hand in it';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION rule_pack_change_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' AND EXISTS (
            SELECT FROM rule_packs WHERE pack_id = NEW.pack_id AND state = 'draft'
        ) THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'the history of a rule pack is append-only, and ends with its release';
    END $$
    """,
    """
    CREATE FUNCTION rule_packs_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is kept', TG_TABLE_NAME;
    END $$
    """,
    """
    CREATE TRIGGER rule_packs_stay BEFORE INSERT OR UPDATE OR DELETE ON rule_packs
    FOR EACH ROW EXECUTE FUNCTION rule_pack_stays()
    """,
    """
    CREATE TRIGGER rule_pack_changes_stay BEFORE INSERT OR UPDATE OR DELETE ON rule_pack_changes
    FOR EACH ROW EXECUTE FUNCTION rule_pack_change_stays()
    """,
    *(
        f"""
        CREATE TRIGGER {table}_are_kept BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION rule_packs_are_kept()
        """
        for table in ("rule_packs", "rule_pack_changes")
    ),
)


def upgrade() -> None:
    op.create_table(
        "rule_packs",
        sa.Column("pack_id", sa.Text, primary_key=True),
        sa.Column("edition", sa.Text, nullable=False, unique=True),
        sa.Column("effective_from", sa.Date, nullable=False),
        sa.Column("follows", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("release_no", sa.BigInteger, unique=True),
        sa.Column("released_by", sa.Text),
        sa.Column("released_at", MOMENT),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "rule_pack_changes",
        sa.Column("pack_id", sa.Text, sa.ForeignKey("rule_packs.pack_id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("what", sa.JSON, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
    )
    for statement in GUARDS:
        op.execute(statement)
    watch(
        op,
        "rule_packs",
        "pack_id",
        "edition effective_from follows state digest release_no released_by released_at version",
    )
