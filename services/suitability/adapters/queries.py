"""What suitability answers, read without a transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from chassis.custody import Scopes
from chassis.errors import NotFound
from chassis.paging import Order, Page, order_named
from services.suitability.adapters.tables import (
    assessments,
    custody,
    decisions,
    expiries,
    held,
    holdings,
    level_confirmations,
    profiles,
    questionnaires,
)
from services.suitability.domain.questionnaire import Questionnaire
from services.suitability.domain.questionnaire_reader import read_kept
from services.suitability.domain.questionnaires import no_such_questionnaire

CONFIRMED = (
    level_confirmations.c.at.label("confirmed_at"),
    level_confirmations.c.confirmed_by,
)
CONFIRMATION = level_confirmations.c.assessment_id == assessments.c.assessment_id
PROFILE = (
    sa.select(assessments, profiles.c.standing_level, *CONFIRMED)
    .join(profiles, profiles.c.customer_id == assessments.c.customer_id)
    .outerjoin(level_confirmations, CONFIRMATION)
    .where(assessments.c.customer_id == sa.bindparam("customer_id"))
    .order_by(assessments.c.at.desc(), assessments.c.assessment_id.desc())
    .limit(1)
)
DECISION = sa.select(decisions).where(decisions.c.decision_id == sa.bindparam("decision_id"))
ANSWERED = sa.select(questionnaires).where(questionnaires.c.version == sa.bindparam("version"))
HISTORY = sa.select(assessments, *CONFIRMED).outerjoin(level_confirmations, CONFIRMATION)
ONE = HISTORY.where(assessments.c.assessment_id == sa.bindparam("assessment_id"))
PROFILES = (
    sa.select(assessments, profiles.c.standing_level, *CONFIRMED)
    .join(expiries, expiries.c.assessment_id == assessments.c.assessment_id)
    .join(profiles, profiles.c.customer_id == expiries.c.customer_id)
    .outerjoin(level_confirmations, CONFIRMATION)
)
LAST_DAY = (expiries.c.valid_until, expiries.c.customer_id)
PROFILES_BY = {
    "valid_until": Order(LAST_DAY),
    "-valid_until": Order(LAST_DAY, descending=True),
}
LIST = sa.select(decisions)
HELD = sa.select(holdings).where(held, holdings.c.fit.is_not(None))
BY_HOLDER = Order((holdings.c.customer_id, holdings.c.product_id))
NEWEST_ASSESSMENTS = Order((assessments.c.at, assessments.c.assessment_id), descending=True)
NEWEST_DECISIONS = Order((decisions.c.decision_id,), descending=True)


@dataclass(frozen=True)
class ProfilesWanted:
    """By the last valid day, both ends included."""

    earliest: date | None
    latest: date | None
    sort: str


Rows = tuple[Sequence[sa.Row[Any]], str]


class SuitabilityQueries:
    """Answers only of clients that the caller sees; others have nothing, as unknown ones."""

    def __init__(self, engine: sa.Engine, scopes: Scopes) -> None:
        self._engine = engine
        self._scopes = scopes

    def profile(self, customer_id: str) -> sa.Row[Any]:
        return self._one(
            self._seen(PROFILE, assessments.c.customer_id),
            {"customer_id": customer_id},
            NotFound(
                "no_risk_profile",
                "this client has no risk profile yet; the questionnaire comes first",
                "该客户尚无风险承受能力等级，请先完成风险测评",
            ),
        )

    def decision(self, decision_id: str) -> sa.Row[Any]:
        return self._one(
            self._seen(DECISION, decisions.c.customer_id),
            {"decision_id": decision_id},
            NotFound("no_such_decision", "there is no such decision", "没有这个匹配结果"),
        )

    def assessments(self, customer_id: str, page: Page) -> Rows:
        mine = HISTORY.where(assessments.c.customer_id == customer_id)
        seen = self._seen(mine, assessments.c.customer_id)
        return self._page(NEWEST_ASSESSMENTS, seen, page)

    def assessment(self, assessment_id: str) -> sa.Row[Any]:
        return self._one(
            self._seen(ONE, assessments.c.customer_id),
            {"assessment_id": assessment_id},
            NotFound("no_such_assessment", "there is no such assessment", "没有这次风险测评"),
        )

    def profiles(self, wanted: ProfilesWanted, page: Page) -> Rows:
        order = order_named(wanted.sort, PROFILES_BY, "valid_until")
        last_day = expiries.c.valid_until
        narrowed = PROFILES
        if wanted.earliest is not None:
            narrowed = narrowed.where(last_day >= wanted.earliest)
        if wanted.latest is not None:
            narrowed = narrowed.where(last_day <= wanted.latest)
        return self._page(order, self._seen(narrowed, expiries.c.customer_id), page)

    def decisions(self, wanted: Mapping[str, str], page: Page) -> Rows:
        """*wanted* by customer_id, product_id, sale_id or outcome; empty ones do not narrow."""
        narrowed = LIST.where(
            *(decisions.c[name] == value for name, value in wanted.items() if value)
        )
        seen = self._seen(narrowed, decisions.c.customer_id)
        return self._page(NEWEST_DECISIONS, seen, page)

    def answered_questionnaire(self, version: str) -> Questionnaire:
        """One whose file may be gone since it was answered."""
        row = self._one(ANSWERED, {"version": version}, no_such_questionnaire())
        return read_kept(row.document)

    def holdings(self, wanted: Mapping[str, str], page: Page) -> Rows:
        """*wanted* by customer_id, product_id or fit; empty ones do not narrow."""
        narrowed = HELD.where(
            *(holdings.c[name] == value for name, value in wanted.items() if value)
        )
        return self._page(BY_HOLDER, self._seen(narrowed, holdings.c.customer_id), page)

    def _seen(self, statement: sa.Select[Any], customer: sa.ColumnElement[str]) -> sa.Select[Any]:
        return statement.where(custody.seen(self._scopes(), customer))

    def _one(
        self, statement: sa.Select[Any], values: Mapping[str, str], absent: NotFound
    ) -> sa.Row[Any]:
        with self._engine.connect() as connection:
            row = connection.execute(statement, dict(values)).one_or_none()
        if row is None:
            raise absent
        return row

    def _page(self, order: Order, statement: sa.Select[Any], page: Page) -> Rows:
        with self._engine.connect() as connection:
            return order.cut(connection.execute(order.page(statement, page)).all(), page)
