"""Facts, profiles and decisions in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.custody import SqlCustody
from chassis.database import SqlWork
from chassis.scope import Scope
from chassis.versions import changed_meanwhile
from services.suitability.adapters import tables
from services.suitability.adapters.announcements import to_message
from services.suitability.adapters.answered import SqlAnsweredQuestionnaires
from services.suitability.adapters.changes import SqlPackReviews, SqlPrices
from services.suitability.adapters.class_applications import SqlClassApplications
from services.suitability.adapters.expiries import SqlExpiries
from services.suitability.adapters.holdings import SqlHoldings, SqlRematches
from services.suitability.adapters.rehearsals import SqlRehearsals
from services.suitability.adapters.rows import (
    assessment_values,
    confirmation_values,
    match_values,
    to_match,
    to_profile,
)
from services.suitability.adapters.rule_packs import SqlRulePacks
from services.suitability.adapters.tables import (
    assessments,
    decisions,
    level_confirmations,
    profiles,
)
from services.suitability.domain.assessment import LevelConfirmed, ProfileAssessed, RiskProfile
from services.suitability.domain.match import Match
from services.suitability.usecases.ports import Announcement, Kept, Known

SCOPES_REMEMBERED = 1024
ADD = decisions.insert()
OWN = (
    profiles.c.standing_level,
    profiles.c.version,
    profiles.c.elected_class,
    profiles.c.election,
)
PROFILE = (
    sa.select(*OWN, assessments)
    .outerjoin_from(profiles, assessments, profiles.c.customer_id == assessments.c.customer_id)
    .where(profiles.c.customer_id == sa.bindparam("customer"))
    .order_by(assessments.c.at, assessments.c.assessment_id)
)


class SqlKeptFacts:
    def __init__(self, session: Session, newest: sa.Table, versions: sa.Table) -> None:
        self._session = session
        self._newest = newest
        self._versions = versions
        (self._subject,) = newest.primary_key.columns

    def find(self, subject: str) -> Kept | None:
        return self._one(self._select(subject).with_for_update(read=True))

    def find_each(self, subjects: Sequence[str]) -> Mapping[str, Kept]:
        named = sa.select(self._newest).where(self._subject.in_(subjects))
        ordered = named.order_by(self._subject).with_for_update(read=True)
        return {
            row[0]: Kept(row[0], row.facts, row.sequence, row.at)
            for row in self._session.execute(ordered)
        }

    def claim(self, subject: str) -> Kept | None:
        return self._one(self._select(subject).with_for_update())

    def keep(self, version: Kept) -> None:
        values = {
            self._subject.name: version.subject,
            "facts": dict(version.facts),
            "sequence": version.sequence,
            "at": version.at,
        }
        newest = insert(self._newest).values(values)
        self._session.execute(
            newest.on_conflict_do_update(
                index_elements=[self._subject],
                set_={name: newest.excluded[name] for name in ("facts", "sequence", "at")},
                where=self._newest.c.sequence < version.sequence,
            )
        )
        self._session.execute(insert(self._versions).values(values).on_conflict_do_nothing())

    def among(self, subjects: Sequence[str]) -> Sequence[Kept]:
        named = sa.select(self._newest).where(self._subject.in_(subjects))
        return [
            Kept(row[0], row.facts, row.sequence, row.at) for row in self._session.execute(named)
        ]

    def after(self, subject: str, limit: int) -> Sequence[Kept]:
        following = sa.select(self._newest).where(self._subject > subject)
        rows = self._session.execute(following.order_by(self._subject).limit(limit))
        return [Kept(row[0], row.facts, row.sequence, row.at) for row in rows]

    def _select(self, subject: str) -> sa.Select[Any]:
        return sa.select(self._newest).where(self._subject == subject)

    def _one(self, statement: sa.Select[Any]) -> Kept | None:
        row = self._session.execute(statement).one_or_none()
        return Kept(row[0], row.facts, row.sequence, row.at) if row else None


class SqlProfiles:
    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, customer_id: str) -> RiskProfile | None:
        rows = self._session.execute(PROFILE, {"customer": customer_id}).all()
        if not rows:
            return None
        return to_profile(customer_id, rows)

    def save(
        self,
        profile: RiskProfile,
        assessed: ProfileAssessed | None = None,
        confirmed: LevelConfirmed | None = None,
    ) -> None:
        self._save(profile)
        if confirmed is not None:
            self._session.execute(
                level_confirmations.insert().values(confirmation_values(confirmed))
            )
        if assessed is not None:
            self._session.execute(
                assessments.insert().values(
                    customer_id=profile.customer_id,
                    previous_level=assessed.previous_level,
                    valid_until=assessed.valid_until,
                    **assessment_values(assessed.assessment),
                )
            )

    def _save(self, profile: RiskProfile) -> None:
        values = {
            "customer_id": profile.customer_id,
            "standing_level": profile.standing_level,
            "version": profile.version + 1,
            "elected_class": profile.elected_class,
            "election": profile.election,
        }
        saved = self._session.execute(
            insert(profiles)
            .values(values)
            .on_conflict_do_update(
                index_elements=[profiles.c.customer_id],
                set_=values,
                where=profiles.c.version == profile.version,
            )
            .returning(profiles.c.version)
        ).one_or_none()
        if saved is None:
            raise changed_meanwhile()
        profile.version = saved.version


class SqlMatches:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, match: Match) -> None:
        match.version += 1
        self._session.execute(ADD, match_values(match))

    def save(self, match: Match) -> None:
        """Only whether a decision still holds can change."""
        staleness = match.staleness
        saved = self._session.execute(
            decisions.update()
            .where(decisions.c.decision_id == match.decision_id)
            .where(decisions.c.version == match.version)
            .values(
                stale_at=staleness.at if staleness else None,
                stale_reason_en=staleness.reason_en if staleness else "",
                stale_reason_zh=staleness.reason_zh if staleness else "",
                version=match.version + 1,
            )
            .returning(decisions.c.version)
        ).one_or_none()
        if saved is None:
            raise changed_meanwhile()
        match.version = saved.version

    def open_of_customer(self, customer_id: str, at: datetime) -> Sequence[Match]:
        return self._open(decisions.c.customer_id == customer_id, at)

    def open_of_product(self, product_id: str, at: datetime) -> Sequence[Match]:
        return self._open(decisions.c.product_id == product_id, at)

    def open_under_others(
        self, rule_pack: str, after: str, at: datetime, limit: int
    ) -> Sequence[Match]:
        other = decisions.c.receipt["rule_pack"].as_string() != rule_pack
        return self._open((decisions.c.decision_id > after) & other, at, limit)

    def _open(
        self, which: sa.ColumnElement[bool], at: datetime, limit: int | None = None
    ) -> Sequence[Match]:
        rows = self._session.execute(
            sa.select(decisions)
            .where(tables.still_open, which, decisions.c.valid_until > at)
            .order_by(decisions.c.decision_id)
            .limit(limit)
        )
        return [to_match(row) for row in rows]


@lru_cache(SCOPES_REMEMBERED)
def known_statement(scope: Scope) -> sa.Select[Any]:
    """Whether the caller sees the client, and the newest facts of both, held until the end."""
    seen = tables.custody.seen(scope, sa.bindparam("customer"))
    customer = _held(tables.customers, "customer")
    product = _held(tables.products, "product")
    either = sa.select(sa.literal(1).label("one")).subquery()
    return sa.select(
        seen.label("seen"), *_columns(customer, "customer"), *_columns(product, "product")
    ).select_from(either.outerjoin(customer, sa.true()).outerjoin(product, sa.true()))


def _held(newest: sa.Table, name: str) -> sa.CTE:
    (subject,) = newest.primary_key.columns
    asked = sa.select(newest).where(subject == sa.bindparam(name))
    return asked.with_for_update(read=True).cte(f"known_{name}")


def _columns(known: sa.CTE, name: str) -> list[sa.ColumnElement[Any]]:
    return [column.label(f"{name}_{place}") for place, column in enumerate(known.c)]


class SqlSuitabilityWork(SqlWork[Announcement]):
    def __init__(self, session: Session) -> None:
        super().__init__(session, tables.mailbox, to_message, "suitability")
        self.customers = SqlKeptFacts(session, tables.customers, tables.customer_versions)
        self.products = SqlKeptFacts(session, tables.products, tables.product_versions)
        self.profiles = SqlProfiles(session)
        self.class_applications = SqlClassApplications(session)
        self.expiries = SqlExpiries(session)
        self.questionnaires = SqlAnsweredQuestionnaires(session)
        self.matches = SqlMatches(session)
        self.rule_packs = SqlRulePacks(session)
        self.pack_reviews = SqlPackReviews(session)
        self.prices = SqlPrices(session)
        self.holdings = SqlHoldings(session)
        self.rematches = SqlRematches(session)
        self.rehearsals = SqlRehearsals(session)
        self.custody = SqlCustody(session, tables.custody)

    def known(self, scope: Scope, customer_id: str, product_id: str) -> Known:
        asked = {"customer": customer_id, "product": product_id}
        row = self.session.execute(known_statement(scope), asked).one()
        return Known(row.seen, _kept(row[1:5]), _kept(row[5:9]))


def _kept(values: Sequence[Any]) -> Kept | None:
    return Kept(*values) if values[0] is not None else None
