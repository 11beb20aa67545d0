"""Profiles, decisions and questionnaires as callers read them."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa

from chassis.moments import stamp
from liheng.suitability.v1 import events_pb2
from liheng.suitability.v1 import suitability_pb2 as pb
from services.suitability.domain.match import Match
from services.suitability.domain.obligations import first_rule, in_words, parameters_in_words
from services.suitability.domain.values import plain

NO_SCORE = -1

Named = Mapping[str, object]


def profile_message(
    row: sa.Row[Any], today: date, level_name_zh: str, standing_level: str | None
) -> pb.RiskProfile:
    """*standing_level* is nothing for an assessment of the past."""
    return pb.RiskProfile(
        customer_id=row.customer_id,
        assessment_id=row.assessment_id,
        risk_level=row.level,
        risk_level_name_zh=level_name_zh,
        lowest_category=bool(row.lowest_category),
        previous_risk_level=row.previous_level or "",
        reconfirmation_needed=standing_level is not None and standing_level != row.level,
        score=NO_SCORE if row.score is None else row.score,
        assessed_on=row.assessed_on.isoformat(),
        valid_until=row.valid_until.isoformat(),
        state="expired" if row.valid_until < today else "current",
        source=row.source,
        questionnaire_version=row.questionnaire_version or "",
        questionnaire_digest=row.questionnaire_digest or "",
        confirmed_at=stamp(row.confirmed_at) if row.confirmed_at else None,
    )


def assessment_message(row: sa.Row[Any], result: pb.RiskProfile) -> pb.GetAssessmentResponse:
    """Never the answers."""
    return pb.GetAssessmentResponse(
        assessment=result,
        author=row.author or "",
        device=row.device or "",
        started_at=stamp(row.started_at) if row.started_at else None,
        ended_at=stamp(row.ended_at) if row.ended_at else None,
        confirmed_by=row.confirmed_by or "",
    )


def matched_holding(row: sa.Row[Any]) -> pb.MatchedHolding:
    return pb.MatchedHolding(
        customer_id=row.customer_id,
        product_id=row.product_id,
        fit=row.fit,
        client_level=row.client_level,
        product_level=row.product_level,
        rule_ids=row.rule_ids,
        rule_pack=row.rule_pack,
        level_until=row.level_until.isoformat() if row.level_until else "",
        matched_at=stamp(row.matched_at),
    )


def decision_message(row: sa.Row[Any] | Match, now: datetime, *, whole: bool) -> pb.Decision:
    """*whole* carries the receipt, which can be verified offline."""
    receipt = cast("Mapping[str, Any]", row.receipt)
    return pb.Decision(
        decision_id=row.decision_id,
        sale_id=row.sale_id,
        customer_id=row.customer_id,
        product_id=row.product_id,
        amount=plain(row.amount),
        **explanation(receipt),
        state=_state(row, now),
        stale_reason_en=row.stale_reason_en,
        stale_reason_zh=row.stale_reason_zh,
        decided_at=stamp(row.at),
        valid_until=stamp(row.valid_until),
        decided_by=row.decided_by,
        receipt_json=json.dumps(receipt, ensure_ascii=False) if whole else "",
    )


def explanation(receipt: Mapping[str, Any]) -> dict[str, Any]:
    """What was decided and why: fields that decisions and trials have in common."""
    return {
        **outcome(receipt, receipt["digests"]),
        "rules": map(finding_message, receipt["rules"]),
    }


def outcome(said: Mapping[str, Any], digests: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "outcome": said["outcome"],
        "regime": said["regime"] or "",
        "customer_class": said["customer_class"] or "",
        "effective_level": said["effective_level"] or "",
        "requires": said["requires"],
        "obligations": obligation_messages(said["obligations"]),
        "rule_pack": said["rule_pack"],
        **digests_of(digests),
    }


def digests_of(digests: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "facts_digest": digests["facts"],
        "product_digest": digests["product"],
        "digest": digests["decision"],
    }


def obligation_messages(obligations: Mapping[str, Named]) -> list[events_pb2.Obligation]:
    return [_obligation(*owed) for owed in obligations.items()]


def _obligation(name: str, terms: Named) -> events_pb2.Obligation:
    return events_pb2.Obligation(
        name=name, parameters=parameters_in_words(terms), rule_id=first_rule(terms)
    )


def _state(row: sa.Row[Any] | Match, now: datetime) -> str:
    if row.stale_at is not None:
        return "stale"
    return "expired" if row.valid_until <= now else "valid"


def finding_message(rule: Named) -> pb.RuleFinding:
    facts = cast("Named", rule["facts"])
    return pb.RuleFinding(
        rule_id=str(rule["id"]),
        regulation=str(rule["regulation"]),
        article=str(rule["article"]),
        verdict=str(rule["verdict"]),
        facts={name: in_words(value) for name, value in facts.items() if value is not None},
        zh=str(rule["zh"]),
        en=str(rule["en"]),
    )
