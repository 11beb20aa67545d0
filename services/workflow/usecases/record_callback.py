"""The service desk called the client back."""

from dataclasses import dataclass

from services.workflow.domain.actor import Actor
from services.workflow.domain.callback import Callback
from services.workflow.domain.sale import Sale
from services.workflow.usecases.keep import keep
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class RecordCallback:
    sale_id: str
    callback: Callback
    by: Actor


def record_callback(command: RecordCallback, work: WorkflowWork) -> Sale:
    sale = work.sales.get(command.sale_id)
    caused = sale.record_callback(command.callback, by=command.by)
    keep(sale, caused, work)
    return sale
