"""The client wants out."""

from dataclasses import dataclass
from datetime import datetime

from services.workflow.domain.actor import Actor
from services.workflow.domain.sale import Sale
from services.workflow.usecases.keep import keep
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class RescindSale:
    sale_id: str
    reason: str
    by: Actor
    at: datetime


def rescind_sale(command: RescindSale, work: WorkflowWork) -> Sale:
    sale = work.sales.get(command.sale_id)
    caused = sale.rescind(command.reason, by=command.by, at=command.at)
    keep(sale, caused, work)
    return sale
