"""A decision about a sale no longer holds."""

from dataclasses import dataclass

from chassis.errors import NotFound
from services.workflow.domain.decision import Staleness
from services.workflow.usecases.keep import keep
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class LoseDecision:
    sale_id: str
    staleness: Staleness


def lose_decision(command: LoseDecision, work: WorkflowWork) -> None:
    """Of a sale that was never drafted there is nothing to lose."""
    try:
        sale = work.sales.claim(command.sale_id)
    except NotFound:
        return
    caused = sale.lose_decision(command.staleness)
    keep(sale, caused, work)
