"""Cooling-offs end by themselves, when their time is over."""

from dataclasses import dataclass
from datetime import datetime

from services.workflow.usecases.keep import keep
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class EndCoolingOffs:
    at: datetime
    limit: int = 100  # the others wait for the next time


def end_cooling_offs(command: EndCoolingOffs, work: WorkflowWork) -> int:
    """How many ended."""
    over = work.sales.claim_cooled_off(command.at, command.limit)
    for sale in over:
        caused = sale.end_cooling_off(at=command.at)
        keep(sale, caused, work)
    return len(over)
