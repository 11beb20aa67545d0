"""A match decision 适当性匹配 of the suitability service, as far as a sale depends on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from chassis.errors import RuleBroken


class Outcome(StrEnum):
    ALLOW = "ALLOW"
    REQUIRE = "REQUIRE"
    BLOCK = "BLOCK"


@dataclass(frozen=True)
class SaleTerms:
    """What is sold to whom, and by whom: fixed once a sale is drafted."""

    sale_id: str
    customer_id: str
    product_id: str
    adviser_id: str
    team_id: str
    amount: Decimal  # CNY


@dataclass(frozen=True)
class Obligation:
    """Something the sale must go through, with its parameters, because of a rule."""

    name: str  # recording, inspection, cooling_off, callback, disclosure, …
    rule_id: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def length(self) -> timedelta:
        """From the parameters `hours` and `days`, in whole ones; the longer counts."""
        lengths = [
            timedelta(**{unit: int(self.parameters[unit])})
            for unit in ("hours", "days")
            if self.parameters.get(unit, "").isdecimal()
        ]
        if lengths:
            return max(lengths)
        raise RuleBroken(
            "obligation_without_length",
            f"the decision obliges to {self.name} but does not say for how long",
            f"匹配结果要求{self.name}，但未说明时长",
            rule=self.rule_id,
        )

    @property
    def items(self) -> tuple[str, ...]:
        """From the parameter `items`, separated by commas; else the obligation itself."""
        named = tuple(filter(None, map(str.strip, self.parameters.get("items", "").split(","))))
        return named or (self.name,)


@dataclass(frozen=True, kw_only=True)
class Decision:
    decision_id: str
    customer_id: str
    product_id: str
    amount: Decimal  # CNY
    channel: str
    initiated_by: str
    outcome: Outcome
    requires: tuple[str, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    rule_ids: tuple[str, ...] = ()
    valid_until: datetime | None = None
    decided_by: str = ""
    sequence: int = 0  # a newer decision has a larger one

    def concerns(self, terms: SaleTerms, channel: str, initiated_by: str) -> bool:
        """Who initiated a sale and where it is made change what the rules say of it."""
        decided = (self.customer_id, self.product_id, self.amount, self.channel, self.initiated_by)
        sold = (terms.customer_id, terms.product_id, terms.amount, channel, initiated_by)
        return decided == sold

    def owes(self, name: str) -> bool:
        return any(obligation.name == name for obligation in self.obligations)

    @property
    def cooling_off(self) -> timedelta:
        """The longest that any rule asks for."""
        lengths = (owed.length for owed in self.obligations if owed.name == "cooling_off")
        return max(lengths, default=timedelta(0))

    @property
    def callback_items(self) -> tuple[str, ...]:
        """What the callback has to ask; empty when no rule says."""
        owed = (o for o in self.obligations if o.name == "callback" and "items" in o.parameters)
        return tuple(dict.fromkeys(item for obligation in owed for item in obligation.items))

    def summary(self) -> dict[str, str]:
        """The decision as a line of history tells it."""
        return {
            "decision_id": self.decision_id,
            "outcome": self.outcome,
            "requires": ", ".join(self.requires),
            "rules": ", ".join(self.rule_ids),
            "obligations": ", ".join(owed.name for owed in self.obligations),
        }


@dataclass(frozen=True)
class Staleness:
    """Why a decision no longer holds."""

    decision_id: str
    reason_en: str
    reason_zh: str
    at: datetime


def staleness_of(decision: Decision | None, stale: Iterable[Staleness]) -> Staleness | None:
    """Why this decision no longer holds, if it does not."""
    decision_id = decision.decision_id if decision else ""
    return next((lost for lost in stale if lost.decision_id == decision_id), None)


@dataclass(frozen=True, kw_only=True)
class SealedRecording:
    recording_id: str
    customer_id: str
    product_id: str
    sealed_by: str = ""
    sequence: int = 0

    def concerns(self, terms: SaleTerms) -> bool:
        return (self.customer_id, self.product_id) == (terms.customer_id, terms.product_id)
