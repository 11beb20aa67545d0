"""The registrar confirmed the shares."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from services.workflow.domain.actor import Actor
from services.workflow.domain.sale import Sale
from services.workflow.domain.settlement import Confirmation
from services.workflow.usecases.keep import keep
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class ConfirmSale:
    sale_id: str
    confirmation: Confirmation
    by: Actor
    zone: tzinfo  # the institution's
    at: datetime


def confirm_sale(command: ConfirmSale, work: WorkflowWork) -> Sale:
    sale = work.sales.get(command.sale_id)
    caused = sale.confirm(command.confirmation, by=command.by, at=command.at, zone=command.zone)
    keep(sale, caused, work)
    return sale
