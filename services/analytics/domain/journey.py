"""How far a lead or a sale came, and when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from services.analytics.domain.figures import Cell, Figure, Movements, moved
from services.analytics.domain.month import Month

SHARE = Decimal("0.0001")


class Stage(StrEnum):
    LEAD_CREATED = "lead_created"
    LEAD_ASSIGNED = "lead_assigned"
    LEAD_CONTACTED = "lead_contacted"
    LEAD_QUALIFIED = "lead_qualified"
    SALE_DRAFTED = "sale_drafted"
    SALE_DECIDED = "sale_decided"
    SALE_RECORDED = "sale_recorded"
    SALE_SIGNED = "sale_signed"
    SALE_PAID = "sale_paid"
    SALE_CONFIRMED = "sale_confirmed"
    SALE_RESCINDED = "sale_rescinded"
    SALE_REFUSED = "sale_refused"

    @property
    def amount(self) -> str:
        """The measure of the money that reached this stage."""
        return f"{self}_amount"


# Only these follow from one another: a sale may start without a lead, and leave at any stage.
STAGE_BEFORE = {
    Stage.LEAD_ASSIGNED: Stage.LEAD_CREATED,
    Stage.LEAD_CONTACTED: Stage.LEAD_ASSIGNED,
    Stage.LEAD_QUALIFIED: Stage.LEAD_CONTACTED,
    Stage.SALE_DECIDED: Stage.SALE_DRAFTED,
    Stage.SALE_RECORDED: Stage.SALE_DECIDED,
    Stage.SALE_SIGNED: Stage.SALE_RECORDED,
    Stage.SALE_PAID: Stage.SALE_SIGNED,
    Stage.SALE_CONFIRMED: Stage.SALE_PAID,
}


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """Whose it is and what it is about, as last told."""

    adviser_id: str = ""
    team_id: str = ""
    product_id: str = ""
    amount: Decimal = Decimal(0)  # CNY
    sequence: int = 0


@dataclass(frozen=True, order=True)
class Arrival:
    at: datetime
    month: Month


@dataclass(eq=False)
class Journey:
    """A lead or a sale: the first arrival at each stage, counted for whom it belongs to now."""

    journey_id: str
    particulars: Particulars = Particulars()
    arrivals: dict[Stage, Arrival] = field(default_factory=dict)

    def reach(self, stage: Stage, arrival: Arrival, particulars: Particulars) -> Movements:
        before = list(self._figures())
        self.arrivals[stage] = min(arrival, self.arrivals.get(stage, arrival))
        if particulars.sequence > self.particulars.sequence:
            self.particulars = particulars
        return moved(before, self._figures())

    def _figures(self) -> Iterator[Figure]:
        told = self.particulars
        for stage, arrival in self.arrivals.items():
            where = (told.team_id, told.adviser_id, told.product_id)
            yield Cell(arrival.month, stage.value, *where), Decimal(1)
            yield Cell(arrival.month, stage.amount, *where), told.amount


def share_of_previous(stage: Stage, counts: Mapping[Stage, int]) -> Decimal | None:
    """None where nothing comes before, or nothing came."""
    before = counts.get(STAGE_BEFORE.get(stage, stage), 0)
    if stage not in STAGE_BEFORE or not before:
        return None
    return (Decimal(counts.get(stage, 0)) / before).quantize(SHARE, ROUND_HALF_UP)
