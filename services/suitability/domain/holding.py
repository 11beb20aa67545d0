"""What a client holds, and whether it still suits them: an opinion 匹配意见 made again on change.

S1 Art 22, S2 Art 21, S3 Arts 49-51 (PRD-06): when a product's or a client's level changes, holders
are matched again and told. Nobody has to sell; what they buy next follows the new level.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from services.suitability.domain.decision import Decision
from services.suitability.domain.judge import Finding
from services.suitability.domain.pack import Verdict

CLIENT_LEVEL = "customer.risk_level"
PRODUCT_LEVELS = frozenset({"product.level", "product.issuer_level", "product.seller_level"})


class Fit(StrEnum):
    MATCHES = "matches"
    MISMATCH = "mismatch"
    UNDETERMINED = "undetermined"  # the client's or the product's level is not known, or expired


class Cause(StrEnum):
    RATING = "rating"
    LEVEL = "level"
    FACTS = "facts"
    EXPIRY = "expiry"
    CLASS = "class"


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """*level_until* is the last day on which the client's level holds; none once it is over."""

    fit: Fit
    client_level: str = ""
    product_level: str = ""
    rule_ids: tuple[str, ...] = ()
    rule_pack: str = ""
    level_until: date | None = None

    @property
    def rests_on_levels(self) -> bool:
        return bool(self.client_level and self.product_level)

    def says_the_same(self, other: "Opinion") -> bool:
        return (self.fit, self.client_level, self.product_level) == (
            other.fit,
            other.client_level,
            other.product_level,
        )


@dataclass(frozen=True)
class Rematched:
    product_id: str
    before: Opinion
    now: Opinion


@dataclass(frozen=True)
class HoldingsRematched:
    customer_id: str
    cause: Cause
    holdings: Sequence[Rematched]
    at: datetime


@dataclass(eq=False, kw_only=True)
class Holding:
    customer_id: str
    product_id: str
    units: Decimal
    sequence: int
    opinion: Opinion | None = None
    matched_at: datetime | None = None

    def match(self, opinion: Opinion, at: datetime) -> Rematched | None:
        """Nothing when the new opinion is the first on known levels, or says the same."""
        before, self.opinion, self.matched_at = self.opinion, opinion, at
        if before is None or not before.rests_on_levels or opinion.says_the_same(before):
            return None
        return Rematched(self.product_id, before, opinion)


def opinion_on(decision: Decision, level_until: date | None, today: date) -> Opinion:
    """What the rules that compare the two levels say of a purchase today, asked for by the client.

    Levels do not bind who is professional under the regime of the product (MAT-10, CUS-01).
    """
    asked = [finding for finding in decision.findings if _compares_levels(finding)]
    against = [finding.rule.id for finding in asked if finding.verdict is not Verdict.ALLOW]
    product_level = decision.sale.effective_level or ""
    level = decision.sale.written.get(CLIENT_LEVEL, "")
    holds = level_until is not None and level_until >= today
    if decision.customer_class == "professional":
        fit = Fit.MATCHES
    elif not product_level or not holds:
        fit = Fit.UNDETERMINED
    else:
        fit = Fit.MISMATCH if against else Fit.MATCHES
    return Opinion(
        fit=fit,
        client_level=str(level),
        product_level=product_level,
        rule_ids=tuple(against if fit is Fit.MISMATCH else [one.rule.id for one in asked]),
        rule_pack=decision.pack.name,
        level_until=level_until if holds else None,
    )


def _compares_levels(finding: Finding) -> bool:
    reads = set(finding.rule.reads)
    return CLIENT_LEVEL in reads and bool(reads & PRODUCT_LEVELS)
