"""The suitability service decided about a sale."""

from dataclasses import dataclass
from datetime import datetime

from chassis.errors import NotFound
from services.workflow.domain.decision import Decision
from services.workflow.usecases.keep import keep
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class TakeDecision:
    sale_id: str
    decision: Decision
    at: datetime


def take_decision(command: TakeDecision, work: WorkflowWork) -> None:
    """A sale is drafted before it is decided: one that nobody knows was made up."""
    try:
        sale = work.sales.claim(command.sale_id)
    except NotFound:
        return
    member = work.register.staff_member(command.decision.decided_by)
    decider = member.as_actor() if member else None
    caused = sale.take_decision(command.decision, at=command.at, decider=decider)
    keep(sale, caused, work)
