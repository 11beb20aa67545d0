"""Assessments and decisions between the domain and table rows."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from services.suitability.domain.assessment import (
    Assessment,
    LevelConfirmed,
    RiskProfile,
    Sitting,
    Source,
)
from services.suitability.domain.customer_class import CustomerClass
from services.suitability.domain.match import Match, Staleness
from services.suitability.domain.pack import Verdict


def to_profile(customer_id: str, rows: Sequence[sa.Row[Any]]) -> RiskProfile:
    """Of the rows of one profile, one for each assessment, or one without any."""
    own = rows[0]
    return RiskProfile(
        customer_id,
        [to_assessment(row) for row in rows if row.assessment_id is not None],
        own.standing_level,
        own.version,
        CustomerClass(own.elected_class) if own.elected_class else None,
        own.election,
    )


def to_assessment(row: sa.Row[Any]) -> Assessment:
    return Assessment(
        assessment_id=row.assessment_id,
        level=row.level,
        lowest_category=row.lowest_category,
        score=row.score,
        source=Source(row.source),
        sitting=_sitting(row) if row.questionnaire_version else None,
        questionnaire_digest=row.questionnaire_digest,
        assessed_on=row.assessed_on,
        at=row.at,
    )


def _sitting(row: sa.Row[Any]) -> Sitting:
    return Sitting(
        row.questionnaire_version,
        row.answers,
        row.author,
        row.device,
        row.started_at,
        row.ended_at,
    )


def assessment_values(assessment: Assessment) -> dict[str, Any]:
    sitting = vars(assessment.sitting) if assessment.sitting else {}
    return {
        "assessment_id": assessment.assessment_id,
        "level": assessment.level,
        "lowest_category": assessment.lowest_category,
        "score": assessment.score,
        "source": assessment.source,
        "questionnaire_digest": assessment.questionnaire_digest,
        "assessed_on": assessment.assessed_on,
        "at": assessment.at,
        **sitting,
    }


def confirmation_values(confirmed: LevelConfirmed) -> dict[str, Any]:
    return {
        "assessment_id": confirmed.assessment_id,
        "customer_id": confirmed.customer_id,
        "level": confirmed.level,
        "previous_level": confirmed.previous_level,
        "confirmed_by": confirmed.by,
        "at": confirmed.at,
    }


def to_match(row: sa.Row[Any]) -> Match:
    return Match(
        decision_id=row.decision_id,
        sale_id=row.sale_id,
        customer_id=row.customer_id,
        product_id=row.product_id,
        amount=row.amount,
        asked=row.asked,
        outcome=Verdict(row.outcome),
        receipt=row.receipt,
        decided_by=row.decided_by,
        at=row.at,
        valid_until=row.valid_until,
        staleness=(
            Staleness(row.stale_reason_en, row.stale_reason_zh, row.stale_at)
            if row.stale_at
            else None
        ),
        version=row.version,
    )


def match_values(match: Match) -> dict[str, Any]:
    return {
        "decision_id": match.decision_id,
        "sale_id": match.sale_id,
        "customer_id": match.customer_id,
        "product_id": match.product_id,
        "amount": match.amount,
        "asked": dict(match.asked),
        "outcome": match.outcome,
        "receipt": match.receipt,
        "decided_by": match.decided_by,
        "at": match.at,
        "valid_until": match.valid_until,
        "version": match.version,
    }
