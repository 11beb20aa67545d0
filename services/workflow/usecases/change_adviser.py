"""A client has another adviser from now on."""

from dataclasses import dataclass
from datetime import datetime

from chassis.custodians import KeepCustody, keep_custody
from chassis.scope import Custody
from services.workflow.domain.actor import Adviser
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class ChangeAdviser:
    customer_id: str
    adviser: Adviser
    sequence: int
    at: datetime


def change_adviser(command: ChangeAdviser, work: WorkflowWork) -> None:
    """Leads go with the client; of sales it is custody that says who goes on with them."""
    adviser = command.adviser
    kept = KeepCustody(
        subject_id=command.customer_id,
        custody=Custody(adviser.staff_id, adviser.team_id, adviser.branch_id),
        sequence=command.sequence,
    )
    if not keep_custody(kept, work):
        return
    for lead in work.leads.claim_of_customer(command.customer_id):
        if lead.follow(adviser, at=command.at):
            work.leads.save(lead)
