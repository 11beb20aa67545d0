"""The suitability service decided about a sale."""

from dataclasses import dataclass
from datetime import datetime

from chassis.errors import NotFound
from services.workflow.domain.actor import Actor
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
    decider = staff_who_asked(command, work)
    caused = sale.take_decision(command.decision, at=command.at, decider=decider)
    keep(sale, caused, work)


def staff_who_asked(command: TakeDecision, work: WorkflowWork) -> Actor | None:
    """None when the client or a system did."""
    staff_id = command.decision.decided_by
    member = work.register.staff_member(staff_id)
    return member.as_actor(work.custody.granted_to(staff_id, command.at)) if member else None
