"""The parts of a sale that are stored as JSON."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from services.workflow.domain.callback import Callback, CallbackMethod, CallbackOutcome
from services.workflow.domain.decision import (
    Decision,
    Obligation,
    Outcome,
    SealedRecording,
    Staleness,
)

Json = dict[str, Any]


def decision_value(decision: Decision) -> Json:
    valid_until = decision.valid_until
    return {
        "decision_id": decision.decision_id,
        "customer_id": decision.customer_id,
        "product_id": decision.product_id,
        "amount": f"{decision.amount:f}",
        "channel": decision.channel,
        "initiated_by": decision.initiated_by,
        "outcome": decision.outcome,
        "requires": list(decision.requires),
        "obligations": [_obligation_value(owed) for owed in decision.obligations],
        "rule_ids": list(decision.rule_ids),
        "valid_until": valid_until.isoformat() if valid_until else None,
        "decided_by": decision.decided_by,
        "sequence": decision.sequence,
    }


def to_decision(stored: Json) -> Decision:
    valid_until = stored["valid_until"]
    return Decision(
        decision_id=stored["decision_id"],
        customer_id=stored["customer_id"],
        product_id=stored["product_id"],
        amount=Decimal(stored["amount"]),
        channel=stored.get("channel", ""),
        initiated_by=stored.get("initiated_by", ""),
        outcome=Outcome(stored["outcome"]),
        requires=tuple(stored["requires"]),
        obligations=tuple(Obligation(**owed) for owed in stored["obligations"]),
        rule_ids=tuple(stored["rule_ids"]),
        valid_until=datetime.fromisoformat(valid_until) if valid_until else None,
        decided_by=stored["decided_by"],
        sequence=stored["sequence"],
    )


def _obligation_value(owed: Obligation) -> Json:
    return {"name": owed.name, "rule_id": owed.rule_id, "parameters": dict(owed.parameters)}


def staleness_value(staleness: Staleness) -> Json:
    return {
        "decision_id": staleness.decision_id,
        "reason_en": staleness.reason_en,
        "reason_zh": staleness.reason_zh,
        "at": staleness.at.isoformat(),
    }


def to_staleness(stored: Json) -> Staleness:
    return Staleness(**stored | {"at": datetime.fromisoformat(stored["at"])})


def recording_value(recording: SealedRecording) -> Json:
    return {
        "recording_id": recording.recording_id,
        "customer_id": recording.customer_id,
        "product_id": recording.product_id,
        "sealed_by": recording.sealed_by,
        "sequence": recording.sequence,
    }


def to_recording(stored: Json) -> SealedRecording:
    return SealedRecording(**stored)


def callback_value(callback: Callback) -> Json:
    return {
        "outcome": callback.outcome,
        "method": callback.method,
        "answers": dict(callback.answers),
        "reason": callback.reason,
        "by": callback.by,
        "at": callback.at.isoformat(),
    }


def to_callback(stored: Json) -> Callback:
    return Callback(
        outcome=CallbackOutcome(stored["outcome"]),
        method=CallbackMethod(stored["method"]),
        answers=stored["answers"],
        reason=stored["reason"],
        by=stored["by"],
        at=datetime.fromisoformat(stored["at"]),
    )
