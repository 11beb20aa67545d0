"""A changed sale is saved together with what the change caused."""

from collections.abc import Sequence

from services.workflow.domain.sale import Sale
from services.workflow.domain.sale_events import SaleEvent
from services.workflow.usecases.ports import WorkflowWork


def keep(sale: Sale, caused: Sequence[SaleEvent], work: WorkflowWork) -> None:
    work.sales.save(sale)
    for event in caused:
        work.announce(event)
