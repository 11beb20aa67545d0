"""Decide one sale by every rule of a pack, and say why."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from services.suitability.domain.calendar import months_later
from services.suitability.domain.judge import Finding, judge_of
from services.suitability.domain.obligations import merged
from services.suitability.domain.pack import Pack, Verdict
from services.suitability.domain.ruling import MOST_REMEMBERED, Ruling, strongest
from services.suitability.domain.sale import Sale


@dataclass(frozen=True, eq=False)
class Consequences:
    """What follows from rulings together: the same for every sale that is judged alike."""

    outcome: Verdict
    requires: tuple[str, ...]
    obligations: Mapping[str, dict[str, object]]


@dataclass(frozen=True)
class Decision:
    sale: Sale
    pack: Pack
    zone: ZoneInfo
    regime: str | None
    customer_class: str | None
    findings: tuple[Finding, ...]
    valid_until: datetime

    @cached_property
    def rulings(self) -> tuple[Ruling, ...]:
        return tuple([finding.ruling for finding in self.findings])

    @cached_property
    def consequences(self) -> Consequences:
        return consequences(self.rulings)

    @property
    def outcome(self) -> Verdict:
        """BLOCK wins over REQUIRE wins over ALLOW."""
        return self.consequences.outcome

    @property
    def requires(self) -> tuple[str, ...]:
        """What is still missing, in the order of the rules that ask for it."""
        return self.consequences.requires

    @property
    def obligations(self) -> dict[str, dict[str, object]]:
        """What the sale must go through, by name; the strictest parameters of all rules."""
        return deepcopy(dict(self.consequences.obligations))


@lru_cache(MOST_REMEMBERED)
def consequences(rulings: tuple[Ruling, ...]) -> Consequences:
    asked = (name for ruling in rulings for name in ruling.requires)
    return Consequences(
        outcome=strongest(ruling.verdict for ruling in rulings),
        requires=tuple(dict.fromkeys(asked)),
        obligations=merged(
            (ruling.rule.id, name, parameters)
            for ruling in rulings
            for name, parameters in ruling.obligations
        ),
    )


def decide(sale: Sale, pack: Pack, zone: ZoneInfo) -> Decision:
    """All rules are evaluated; none keeps another from being heard."""
    findings, concluded = judge_of(pack).findings(sale, sale.on(zone))
    return Decision(
        sale=sale,
        pack=pack,
        zone=zone,
        regime=_known(concluded.get("sale.regime")),
        customer_class=_known(concluded.get("sale.customer_class")),
        findings=findings,
        valid_until=valid_until(sale, pack, findings, zone),
    )


def valid_until(sale: Sale, pack: Pack, findings: Iterable[Finding], zone: ZoneInfo) -> datetime:
    """A number of days, but not longer than the assessment that a rule relied on holds."""
    ends = [sale.at + timedelta(days=int(str(pack.parameters["decision_valid_days"])))]
    assessed_on = sale.last_assessed_on
    for finding in findings:
        months = finding.rule.assessment_holds_months
        if months is not None and assessed_on is not None and not finding.requires:
            last_day = months_later(assessed_on, months)
            ends.append(datetime.combine(last_day + timedelta(days=1), time(), zone))
    return min(ends).astimezone(UTC)


def _known(value: object) -> str | None:
    return value if isinstance(value, str) else None
