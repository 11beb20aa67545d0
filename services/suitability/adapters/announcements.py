"""Domain events in the words of proto/liheng/suitability/v1/events.proto."""

from collections.abc import Mapping
from functools import singledispatch
from typing import cast

from google.protobuf.message import Message

from chassis.moments import stamp
from liheng.suitability.v1 import events_pb2 as pb
from services.suitability.domain.assessment import LevelConfirmed, ProfileAssessed
from services.suitability.domain.customer_class import CustomerClassChanged
from services.suitability.domain.expiry import AssessmentExpiring, ProfileExpired
from services.suitability.domain.holding import HoldingsRematched, Rematched
from services.suitability.domain.match import DecisionMade, DecisionStale
from services.suitability.domain.obligations import first_rule, parameters_in_words
from services.suitability.domain.rehearsal import (
    RehearsalAdvanced,
    RehearsalFinished,
    RehearsalStarted,
)
from services.suitability.domain.rematch import HoldersRematched
from services.suitability.domain.rule_pack import RulePackReleased
from services.suitability.domain.values import plain


@singledispatch
def to_message(event: object) -> Message:
    raise TypeError(f"{type(event).__name__} is not announced")


@to_message.register
def _(event: ProfileAssessed) -> Message:
    assessment = event.assessment
    return pb.ProfileAssessed(
        customer_id=event.customer_id,
        assessment_id=assessment.assessment_id,
        risk_level=assessment.level,
        lowest_category=bool(assessment.lowest_category),
        previous_risk_level=event.previous_level or "",
        reconfirmation_needed=event.reconfirmation_needed,
        assessed_on=assessment.assessed_on.isoformat(),
        valid_until=event.valid_until.isoformat(),
        source=assessment.source,
        at=stamp(assessment.at),
    )


@to_message.register
def _(event: LevelConfirmed) -> Message:
    return pb.LevelConfirmed(
        customer_id=event.customer_id,
        risk_level=event.level,
        at=stamp(event.at),
        assessment_id=event.assessment_id,
        previous_risk_level=event.previous_level,
    )


@to_message.register
def _(event: CustomerClassChanged) -> Message:
    return pb.CustomerClassChanged(
        customer_id=event.customer_id,
        elected_class=event.customer_class,
        previous_elected_class=event.previous or "",
        application_id=event.application_id,
        at=stamp(event.at),
    )


@to_message.register
def _(event: AssessmentExpiring) -> Message:
    return pb.AssessmentExpiring(
        customer_id=event.customer_id,
        assessment_id=event.assessment_id,
        risk_level=event.level,
        stage_days=event.stage,
        days_left=event.days_left,
        valid_until=event.valid_until.isoformat(),
        at=stamp(event.at),
    )


@to_message.register
def _(event: ProfileExpired) -> Message:
    return pb.ProfileExpired(
        customer_id=event.customer_id,
        assessment_id=event.assessment_id,
        risk_level=event.level,
        valid_until=event.valid_until.isoformat(),
        at=stamp(event.at),
    )


@to_message.register
def _(event: DecisionMade) -> Message:
    match = event.match
    receipt = match.receipt
    return pb.DecisionMade(
        decision_id=match.decision_id,
        sale_id=match.sale_id,
        customer_id=match.customer_id,
        product_id=match.product_id,
        amount=plain(match.amount),
        outcome=match.outcome,
        requires=cast("list[str]", receipt["requires"]),
        obligations=_obligations(receipt),
        rule_ids=[str(rule["id"]) for rule in cast("list[Mapping[str, object]]", receipt["rules"])],
        rule_pack=str(receipt["rule_pack"]),
        digest=cast("Mapping[str, str]", receipt["digests"])["decision"],
        valid_until=stamp(match.valid_until),
        decided_by=match.decided_by,
        at=stamp(match.at),
        channel=str(match.asked.get("channel", "")),
        initiated_by=str(match.asked.get("initiated_by", "")),
    )


@to_message.register
def _(event: DecisionStale) -> Message:
    match = event.match
    return pb.DecisionStale(
        decision_id=match.decision_id,
        sale_id=match.sale_id,
        customer_id=match.customer_id,
        product_id=match.product_id,
        reason_en=event.reason_en,
        reason_zh=event.reason_zh,
        at=stamp(event.at),
    )


@to_message.register
def _(event: HoldingsRematched) -> Message:
    return pb.HoldingsRematched(
        customer_id=event.customer_id,
        cause=event.cause,
        holdings=map(_holding_match, event.holdings),
        at=stamp(event.at),
    )


def _holding_match(rematched: Rematched) -> pb.HoldingMatch:
    before, now = rematched.before, rematched.now
    return pb.HoldingMatch(
        product_id=rematched.product_id,
        fit=now.fit,
        previous_fit=before.fit,
        client_level=now.client_level,
        previous_client_level=before.client_level,
        product_level=now.product_level,
        previous_product_level=before.product_level,
        rule_ids=now.rule_ids,
        rule_pack=now.rule_pack,
    )


@to_message.register
def _(event: HoldersRematched) -> Message:
    rematch = event.rematch
    return pb.HoldersRematched(
        product_id=rematch.product_id,
        holders=rematch.holders,
        mismatches=rematch.mismatches,
        at=stamp(event.at),
    )


@to_message.register
def _(event: RulePackReleased) -> Message:
    pack, release = event.pack, event.pack.release
    assert release is not None
    return pb.RulePackReleased(
        pack_id=pack.pack_id,
        edition=pack.edition,
        effective_from=pack.effective_from.isoformat(),
        follows=pack.follows,
        digest=pack.digest,
        drafted_by=pack.makers,
        released_by=release.by,
        at=stamp(release.at),
        rehearsal_id=release.rehearsal_id,
    )


@to_message.register
def _(event: RehearsalStarted) -> Message:
    rehearsal = event.rehearsal
    return pb.RehearsalStarted(
        rehearsal_id=rehearsal.rehearsal_id,
        pack_id=rehearsal.pack_id,
        edition=rehearsal.edition,
        started_by=rehearsal.started_by,
        at=stamp(rehearsal.started_at),
    )


@to_message.register
def _(event: RehearsalAdvanced) -> Message:
    rehearsal = event.rehearsal
    return pb.RehearsalAdvanced(
        rehearsal_id=rehearsal.rehearsal_id,
        decisions=rehearsal.decisions_done,
        pairs=rehearsal.pairs_done,
        at=stamp(event.at),
    )


@to_message.register
def _(event: RehearsalFinished) -> Message:
    rehearsal = event.rehearsal
    return pb.RehearsalFinished(
        rehearsal_id=rehearsal.rehearsal_id,
        pack_id=rehearsal.pack_id,
        state=rehearsal.state,
        decisions=rehearsal.decisions_done,
        pairs=rehearsal.pairs_done,
        at=stamp(event.at),
    )


def _obligations(receipt: Mapping[str, object]) -> list[pb.Obligation]:
    obligations = cast("Mapping[str, Mapping[str, object]]", receipt["obligations"])
    return [
        pb.Obligation(name=name, parameters=parameters_in_words(terms), rule_id=first_rule(terms))
        for name, terms in obligations.items()
    ]
