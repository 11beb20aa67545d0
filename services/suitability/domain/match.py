"""A match decision 适当性匹配 as it is kept: immutable but for the day it stops being valid."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from services.suitability.domain.decision import Decision
from services.suitability.domain.pack import Verdict
from services.suitability.domain.receipt import Document, receipt


@dataclass(frozen=True)
class DecisionMade:
    match: "Match"


@dataclass(frozen=True)
class DecisionStale:
    match: "Match"
    reason_en: str
    reason_zh: str
    at: datetime


@dataclass(frozen=True)
class Staleness:
    reason_en: str
    reason_zh: str
    at: datetime


@dataclass(eq=False, kw_only=True)
class Match:
    """*asked* is the request and its channel, so that the sale can be decided again."""

    decision_id: str
    sale_id: str
    customer_id: str
    product_id: str
    amount: Decimal
    asked: Mapping[str, object]
    outcome: Verdict
    receipt: Document
    decided_by: str
    at: datetime
    valid_until: datetime
    staleness: Staleness | None = None
    version: int = 0

    @property
    def stale_at(self) -> datetime | None:
        return self.staleness.at if self.staleness else None

    @property
    def stale_reason_en(self) -> str:
        return self.staleness.reason_en if self.staleness else ""

    @property
    def stale_reason_zh(self) -> str:
        return self.staleness.reason_zh if self.staleness else ""

    def reviewed(self, again: Decision, why: "Change", at: datetime) -> DecisionStale | None:
        """Stale when deciding again, on what is known now, asks for or allows something else."""
        if self._says(receipt(again)) == self._says(self.receipt):
            return None
        return self.given_up(why, at)

    def given_up(self, why: "Change", at: datetime) -> DecisionStale:
        self.staleness = Staleness(why.en, why.zh, at)
        return DecisionStale(self, why.en, why.zh, at)

    @staticmethod
    def _says(document: Document) -> tuple[object, ...]:
        return tuple(document[key] for key in ("outcome", "requires", "obligations"))


@dataclass(frozen=True)
class Change:
    """What made an old decision worth another look."""

    en: str
    zh: str


FACTS = Change("the client's facts changed", "客户信息已变更")
PROFILE = Change("the client's risk profile changed", "客户风险承受能力已变更")
CLASS = Change("the client's class changed", "客户投资者类别已变更")
PACK = Change(
    "another rule pack took effect and asks for something else", "新规则包已生效，要求有所不同"
)
PRODUCT = Change("the product's terms or rating changed", "产品信息或者风险等级已变更")
