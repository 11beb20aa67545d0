"""The tables of the trail, and the triggers that keep them append-only and complete.

`trail_entries` is written in the transaction of what it tells of; `trail_waiting` names what is
not yet linked; `trail_links` is the chain; `trail_heads` holds what was announced of it,
`trail_cuts` where its beginning was let go of, and `trail_verifications` what was found in it.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.config import LEAST_KEPT_DAYS

MOMENT = sa.DateTime(timezone=True)
APPEND_ONLY = ("trail_entries", "trail_links", "trail_heads", "trail_cuts", "trail_verifications")


def trail_tables(metadata: sa.MetaData) -> None:
    """Add the tables of the trail to *metadata*."""
    _written(metadata)
    _chained(metadata)
    _known_of_the_chain(metadata)


def _written(metadata: sa.MetaData) -> None:
    sa.Table(
        "trail_entries",
        metadata,
        sa.Column("entry_id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("roles", ARRAY(sa.Text), nullable=False),
        sa.Column("system", sa.Text, nullable=False),
        sa.Column("usecase", sa.Text, nullable=False),
        sa.Column("trace_id", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("details", JSONB, nullable=False),
        sa.Index("trail_entries_by_moment", "at", "entry_id"),
        sa.Index("trail_entries_by_actor", "actor", "at", "entry_id"),
        sa.Index("trail_entries_by_subject", "subject", "at", "entry_id"),
    )
    sa.Table("trail_waiting", metadata, sa.Column("entry_id", sa.BigInteger, primary_key=True))


def _chained(metadata: sa.MetaData) -> None:
    sa.Table(
        "trail_links",
        metadata,
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("entry_id", sa.BigInteger, nullable=False, unique=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
    )


def _known_of_the_chain(metadata: sa.MetaData) -> None:
    sa.Table(
        "trail_heads",
        metadata,
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    sa.Table(
        "trail_cuts",
        metadata,
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    sa.Table(
        "trail_verifications",
        metadata,
        sa.Column("verification_id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),  # the last that was looked at
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("found", sa.Text, nullable=False),  # intact, or how it is broken
    )


def create_trail(op: Any) -> None:
    """For one migration of a service; *op* is alembic's.

    A later change of these tables gets a function of its own, called by a migration of its own.
    """
    metadata = sa.MetaData()
    trail_tables(metadata)
    metadata.create_all(op.get_bind(), checkfirst=False)
    for statement in (OFTEN_VACUUMED, *FUNCTIONS, *TRIGGERS):
        op.execute(statement)


def watch(op: Any, table: str, subject: str, shown: str = "") -> None:
    """Every change of a row of *table* leaves an entry, whoever makes it and however.

    *subject* is the column with the id it is about. Columns that are *shown* (names with spaces
    between them) leave their values before and after, all others only that they changed: name
    nothing here that is personal.
    """
    op.execute(
        f"""
        CREATE TRIGGER {table}_leaves_a_trail
        AFTER INSERT OR UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION trail_change('{subject}', '{shown}')
        """
    )
    op.execute(
        f"""
        CREATE TRIGGER {table}_leaves_a_trail_when_emptied
        AFTER TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION trail_emptied()
        """
    )


# Rows come and go by the thousand: dead ones are cleared before they slow the linker down.
OFTEN_VACUUMED = """
    ALTER TABLE trail_waiting SET (
        autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0
    )
"""
FUNCTIONS = (
    """
    CREATE FUNCTION trail_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
    END $$
    """,
    # Only what is old and lies before a cut may go.
    f"""
    CREATE FUNCTION trail_entry_may_go() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.at < now() - interval '{LEAST_KEPT_DAYS} days' AND EXISTS (
            SELECT FROM trail_links AS l JOIN trail_cuts AS c ON c.position >= l.position
            WHERE l.entry_id = OLD.entry_id
        ) THEN RETURN OLD; END IF;
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
    END $$
    """,
    """
    CREATE FUNCTION trail_link_may_go() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM trail_cuts WHERE position >= OLD.position) AND NOT EXISTS (
            SELECT FROM trail_entries WHERE entry_id = OLD.entry_id
        ) THEN RETURN OLD; END IF;
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
    END $$
    """,
    """
    CREATE FUNCTION trail_awaits_its_link() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO trail_waiting (entry_id) SELECT entry_id FROM fresh;
        RETURN NULL;
    END $$
    """,
    # Whoever writes without saying who they are is known by the role of their session.
    """
    CREATE FUNCTION trail_tell(did text, about text, told jsonb) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        origin jsonb := coalesce(nullif(current_setting('liheng.trail', true), ''), '{}');
    BEGIN
        INSERT INTO trail_entries (
            at, actor, roles, system, usecase, trace_id, request_id,
            action, subject, purpose, outcome, details
        ) VALUES (
            coalesce((origin->>'at')::timestamptz, clock_timestamp()),
            coalesce(origin->>'actor', ''),
            ARRAY(SELECT jsonb_array_elements_text(coalesce(origin->'roles', '[]'))),
            coalesce(origin->>'system', 'database/' || session_user),
            coalesce(origin->>'usecase', ''),
            coalesce(origin->>'trace_id', ''),
            coalesce(origin->>'request_id', ''),
            did, about, '', 'done', told
        );
    END $$
    """,
    """
    CREATE FUNCTION trail_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM trail_tell(TG_TABLE_NAME || '.emptied', '', '{}');
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION trail_change() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        shown text[] := string_to_array(TG_ARGV[1], ' ');
        before jsonb := '{}';
        after jsonb := '{}';
        fields jsonb;
    BEGIN
        IF TG_OP <> 'INSERT' THEN before := jsonb_strip_nulls(to_jsonb(OLD)); END IF;
        IF TG_OP <> 'DELETE' THEN after := jsonb_strip_nulls(to_jsonb(NEW)); END IF;
        SELECT jsonb_object_agg(name, CASE
            WHEN name <> ALL (shown) THEN to_jsonb('changed'::text)
            ELSE jsonb_strip_nulls(jsonb_build_object('before', before->name, 'after', after->name))
        END) INTO fields
        FROM jsonb_object_keys(before || after) AS name
        WHERE before->name IS DISTINCT FROM after->name;
        IF fields IS NOT NULL THEN
            PERFORM trail_tell(
                TG_TABLE_NAME || '.' || CASE TG_OP
                    WHEN 'INSERT' THEN 'added' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
                coalesce(after->>TG_ARGV[0], before->>TG_ARGV[0], ''),
                jsonb_build_object('fields', fields)
            );
        END IF;
        RETURN NULL;
    END $$
    """,
)

TRIGGERS = (
    *(
        f"""
        CREATE TRIGGER {table}_is_append_only
        BEFORE UPDATE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION trail_is_append_only()
        """
        for table in APPEND_ONLY
    ),
    *(
        f"""
        CREATE TRIGGER {table}_stays
        BEFORE DELETE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION trail_is_append_only()
        """
        for table in ("trail_heads", "trail_cuts", "trail_verifications")
    ),
    """
    CREATE TRIGGER trail_entries_stay_for_their_time
    BEFORE DELETE ON trail_entries FOR EACH ROW EXECUTE FUNCTION trail_entry_may_go()
    """,
    """
    CREATE TRIGGER trail_links_stay_with_their_entries
    BEFORE DELETE ON trail_links FOR EACH ROW EXECUTE FUNCTION trail_link_may_go()
    """,
    """
    CREATE TRIGGER trail_entries_await_their_link
    AFTER INSERT ON trail_entries REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION trail_awaits_its_link()
    """,
)
