"""The tables of the suitability service."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.answer_rows import answers_table
from chassis.custody import custody_tables
from chassis.mailbox import mailbox_tables
from chassis.trail.tables import trail_tables
from services.suitability.adapters.class_tables import class_applications_table

# In which transaction a row last changed (migration 0011): set by a trigger, read by copies alone.
FOLLOWED = frozenset({"changed_in", "customers_by_change", "profiles_by_change"})
metadata = sa.MetaData(info={"beside": FOLLOWED})
mailbox = mailbox_tables(metadata)
custody = custody_tables(metadata)
answers = answers_table(metadata)
trail_tables(metadata)
class_applications = class_applications_table(metadata)

MOMENT = sa.DateTime(timezone=True)


def _kept(name: str, subject: str) -> tuple[sa.Table, sa.Table]:
    """Facts as another service last announced them, and all that was announced before."""
    newest = sa.Table(
        name,
        metadata,
        sa.Column(subject, sa.Text, primary_key=True),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    versions = sa.Table(
        f"{name}_versions",
        metadata,
        sa.Column(subject, sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, primary_key=True),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    return newest, versions


customers, customer_versions = _kept("customers", "customer_id")
products, product_versions = _kept("products", "product_id")

profiles = sa.Table(
    "profiles",
    metadata,
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("standing_level", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("elected_class", sa.Text),
    sa.Column("election", sa.Text),
)

# Every assessment ever made (S3 Arts 33-34): only added to.
assessments = sa.Table(
    "assessments",
    metadata,
    sa.Column("assessment_id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text, sa.ForeignKey("profiles.customer_id"), nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("lowest_category", sa.Boolean),
    sa.Column("score", sa.Integer),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("previous_level", sa.Text),
    sa.Column("assessed_on", sa.Date, nullable=False),
    sa.Column("valid_until", sa.Date, nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("questionnaire_version", sa.Text),
    sa.Column("questionnaire_digest", sa.Text),
    sa.Column("answers", sa.JSON),
    sa.Column("author", sa.Text),
    sa.Column("device", sa.Text),
    sa.Column("started_at", MOMENT),
    sa.Column("ended_at", MOMENT),
    sa.Index("assessments_by_customer", "customer_id", "assessment_id"),
)

# When the assessment that counts ends, and when something is to be said of it next.
expiries = sa.Table(
    "expiries",
    metadata,
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("assessment_id", sa.Text, nullable=False),
    sa.Column("valid_until", sa.Date, nullable=False),
    sa.Column("tell_on", sa.Date),
    sa.Index("expiries_by_last_day", "valid_until", "customer_id"),
)
sa.Index(
    "expiries_to_tell",
    expiries.c.tell_on,
    expiries.c.customer_id,
    postgresql_where=expiries.c.tell_on.is_not(None),
)

# Every second yes to a changed level: only added to.
level_confirmations = sa.Table(
    "level_confirmations",
    metadata,
    sa.Column("assessment_id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("previous_level", sa.Text, nullable=False),
    sa.Column("confirmed_by", sa.Text, nullable=False),
    sa.Column("at", MOMENT, nullable=False),
)

# Each version of a questionnaire as it was when it was first answered: only added to.
questionnaires = sa.Table(
    "questionnaires",
    metadata,
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("document", sa.JSON, nullable=False),
    sa.Column("answered_at", MOMENT, nullable=False),
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("decision_id", sa.Text, primary_key=True),
    sa.Column("sale_id", sa.Text, nullable=False),
    sa.Column("customer_id", sa.Text, nullable=False),
    sa.Column("product_id", sa.Text, nullable=False),
    sa.Column("amount", sa.Numeric(20, 2), nullable=False),
    sa.Column("asked", sa.JSON, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("receipt", sa.JSON, nullable=False),  # json, not jsonb: as it was written
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("valid_until", MOMENT, nullable=False),
    sa.Column("stale_at", MOMENT),
    sa.Column("stale_reason_en", sa.Text, nullable=False, server_default=""),
    sa.Column("stale_reason_zh", sa.Text, nullable=False, server_default=""),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("decisions_by_customer", "customer_id", "decision_id"),
    sa.Index("decisions_by_product", "product_id", "decision_id"),
    sa.Index("decisions_by_sale", "sale_id", "decision_id"),
)
still_open = (decisions.c.outcome == "ALLOW") & decisions.c.stale_at.is_(None)
sa.Index("open_decisions_by_customer", decisions.c.customer_id, postgresql_where=still_open)
sa.Index("open_decisions_by_product", decisions.c.product_id, postgresql_where=still_open)
sa.Index("open_decisions", decisions.c.decision_id, postgresql_where=still_open)

# Drafts and released packs of the institution's own. A trigger lets nobody change a released one,
# nor add one that was not a draft, nor release what they had a hand in or what was not rehearsed.
rule_packs = sa.Table(
    "rule_packs",
    metadata,
    sa.Column("pack_id", sa.Text, primary_key=True),
    sa.Column("edition", sa.Text, nullable=False, unique=True),
    sa.Column("effective_from", sa.Date, nullable=False),
    sa.Column("follows", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("document", sa.JSON, nullable=False),  # json, not jsonb: as it was written
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("release_no", sa.BigInteger, unique=True),
    sa.Column("released_by", sa.Text),
    sa.Column("released_at", MOMENT),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("rehearsal_id", sa.Text),
)
rule_pack_changes = sa.Table(
    "rule_pack_changes",
    metadata,
    sa.Column("pack_id", sa.Text, sa.ForeignKey("rule_packs.pack_id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("what", sa.JSON, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
)

pack_reviews = sa.Table(
    "pack_reviews",
    metadata,
    sa.Column("review_id", sa.Text, primary_key=True),
    sa.Column("rule_pack", sa.Text, nullable=False),
    sa.Column("noticed_at", MOMENT, nullable=False),
    sa.Column("reached", sa.Text, nullable=False),
    sa.Column("finished_at", MOMENT),
)

prices = sa.Table(
    "prices",
    metadata,
    sa.Column("product_id", sa.Text, primary_key=True),
    sa.Column("nav", sa.Numeric, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("sequence", sa.BigInteger, primary_key=True),
    sa.Column("at", MOMENT, nullable=False),
    sa.Index("prices_by_day", "product_id", "as_of", "sequence"),
)

# What clients hold, and whether it suits them (PRD-06).
holdings = sa.Table(
    "holdings",
    metadata,
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("product_id", sa.Text, primary_key=True),
    sa.Column("units", sa.Numeric, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("fit", sa.Text),
    sa.Column("client_level", sa.Text, nullable=False),
    sa.Column("product_level", sa.Text, nullable=False),
    sa.Column("rule_ids", sa.JSON, nullable=False),
    sa.Column("rule_pack", sa.Text, nullable=False),
    sa.Column("level_until", sa.Date),
    sa.Column("matched_at", MOMENT),
)
held = holdings.c.units > 0
sa.Index("holders", holdings.c.product_id, holdings.c.customer_id, postgresql_where=held)
sa.Index(
    "holdings_by_level_until",
    holdings.c.level_until,
    postgresql_where=held & holdings.c.level_until.is_not(None),
)

rematches = sa.Table(
    "rematches",
    metadata,
    sa.Column("rematch_id", sa.Text, primary_key=True),
    sa.Column("product_id", sa.Text, nullable=False),
    sa.Column("noticed_at", MOMENT, nullable=False),
    sa.Column("reached", sa.Text, nullable=False),
    sa.Column("holders", sa.Integer, nullable=False),
    sa.Column("mismatches", sa.Integer, nullable=False),
    sa.Column("finished_at", MOMENT),
)
sa.Index(
    "rematches_waiting",
    rematches.c.noticed_at,
    rematches.c.rematch_id,
    postgresql_where=rematches.c.finished_at.is_(None),
)

rehearsals = sa.Table(
    "rehearsals",
    metadata,
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
    sa.Index("rehearsals_by_pack", "pack_id", "rehearsal_id"),
)
rehearsal_tallies = sa.Table(
    "rehearsal_tallies",
    metadata,
    sa.Column("rehearsal_id", sa.Text, primary_key=True),
    sa.Column("part", sa.Text, primary_key=True),
    sa.Column("turn", sa.Text, primary_key=True),
    sa.Column("dimension", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("cases", sa.BigInteger, nullable=False),
    sa.Column("money", sa.Numeric(24, 2), nullable=False),
)
rehearsal_cases = sa.Table(
    "rehearsal_cases",
    metadata,
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
