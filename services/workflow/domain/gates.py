"""The gates of a sale: what its decision obliges it to, and what is still missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.workflow.domain.decision import Decision, Obligation, Outcome, Staleness
from services.workflow.domain.wording import chinese, listed, listed_in_chinese


class Stage(StrEnum):
    """What a gate holds up."""

    SIGNATURE = "signature"
    CONFIRMATION = "confirmation"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Missing:
    en: str
    zh: str
    to_confirm: tuple[str, ...] = ()  # items that the client confirms at the signature


@dataclass(frozen=True, kw_only=True)
class Gate:
    name: str
    stage: Stage
    missing: Missing | None  # None: passed
    rule_id: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What has been done for a sale by a certain moment."""

    at: datetime
    decision: Decision | None = None
    staleness: Staleness | None = None
    recorded: bool = False
    paid: bool = False
    confirmed_items: frozenset[str] = frozenset()
    cooling_off_until: datetime | None = None
    called_back: bool = False


def gates(standing: Standing) -> list[Gate]:
    """The decision itself first, then one gate for each of its obligations."""
    decision = standing.decision
    return [
        _decision_gate(standing),
        *(_gate(owed, standing) for owed in (decision.obligations if decision else ())),
    ]


def _decision_gate(standing: Standing) -> Gate:
    decision = standing.decision
    missing = None if standing.paid else _missing_decision(standing)
    if decision is None:
        return Gate(name="decision", stage=Stage.SIGNATURE, missing=missing)
    rule_id = decision.rule_ids[0] if missing and decision.rule_ids else ""
    return Gate(
        name="decision",
        stage=Stage.SIGNATURE,
        missing=missing,
        rule_id=rule_id,
        parameters={"decision_id": decision.decision_id, "outcome": decision.outcome},
    )


def _missing_decision(standing: Standing) -> Missing | None:
    decision, staleness = standing.decision, standing.staleness
    if decision is None:
        return Missing("a match decision", "尚无适当性匹配结果")
    if decision.outcome is Outcome.BLOCK:
        return Missing("the match decision blocks this sale", "适当性匹配结果禁止本次销售")
    if not staleness and decision.outcome is Outcome.REQUIRE:
        return Missing(
            f"first {listed(decision.requires)}, then a new match decision",
            f"须先完成{listed_in_chinese(decision.requires)}，再重新匹配",
        )
    return lapsed_decision(standing)


def lapsed_decision(standing: Standing) -> Missing | None:
    """Why a decision that was there holds no longer: it went stale, or its time is over."""
    decision, staleness = standing.decision, standing.staleness
    if decision is None:
        return None
    if staleness:
        return Missing(
            f"a new match decision: {staleness.reason_en}",
            f"需重新匹配：{staleness.reason_zh}",
        )
    if decision.valid_until is None or standing.at > decision.valid_until:
        return Missing(
            "a new match decision: the last one has expired", "匹配结果已过期，需重新匹配"
        )
    return None


def _gate(owed: Obligation, standing: Standing) -> Gate:
    stage, missing = WATCHED.get(owed.name, (Stage.SIGNATURE, _confirmed_in_writing))
    return Gate(
        name=owed.name,
        stage=stage,
        missing=missing(owed, standing),
        rule_id=owed.rule_id,
        parameters=owed.parameters,
    )


def _recorded(owed: Obligation, standing: Standing) -> Missing | None:
    if standing.recorded:
        return None
    return Missing("a sealed dual recording of this sale", "尚无本次销售的已封存双录")


def _confirmed_in_writing(owed: Obligation, standing: Standing) -> Missing | None:
    """Nobody but the signing adviser can say that the client confirmed it: fail closed."""
    items = tuple(item for item in owed.items if item not in standing.confirmed_items)
    if not items:
        return None
    return Missing(
        f"the client's confirmation of: {listed(items)}",
        f"尚缺客户确认：{listed_in_chinese(items)}",
        items,
    )


def _cooled_off(owed: Obligation, standing: Standing) -> Missing | None:
    until = standing.cooling_off_until
    if until is None:
        return Missing("the cooling-off, which begins with the payment", "冷静期自付款后开始")
    if standing.at < until:
        moment = until.isoformat(timespec="seconds")
        return Missing(f"the cooling-off runs until {moment}", f"冷静期至 {moment} 结束")
    return None


def _called_back(owed: Obligation, standing: Standing) -> Missing | None:
    if standing.called_back:
        return None
    return Missing(
        "a successful callback by the service desk after the cooling-off",
        "冷静期后须由客服（非销售人员）回访成功",
    )


def _done_afterwards(owed: Obligation, standing: Standing) -> Missing | None:
    return Missing(
        f"{listed([owed.name])}, which does not hold up the sale",
        f"{chinese(owed.name)}（不影响销售继续进行）",
    )


# Gates that workflow sees passed by itself; any other obligation is confirmed at the signature.
WATCHED: dict[str, tuple[Stage, Callable[[Obligation, Standing], Missing | None]]] = {
    "recording": (Stage.SIGNATURE, _recorded),
    "cooling_off": (Stage.CONFIRMATION, _cooled_off),
    "callback": (Stage.CONFIRMATION, _called_back),
    "inspection": (Stage.NOTHING, _done_afterwards),
    "sample_callback": (Stage.NOTHING, _done_afterwards),
    "rating_correction": (Stage.NOTHING, _done_afterwards),
}


def still_open(all_gates: list[Gate], stage: Stage) -> list[tuple[Gate, Missing]]:
    return [(gate, gate.missing) for gate in all_gates if gate.stage is stage and gate.missing]
