"""The money for a signed sale has arrived."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from services.workflow.domain.actor import Actor
from services.workflow.domain.sale import Sale
from services.workflow.domain.settlement import Payment
from services.workflow.usecases.keep import keep
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class PaySale:
    sale_id: str
    amount: Decimal  # CNY
    payment_reference: str
    by: Actor
    at: datetime


def pay_sale(command: PaySale, work: WorkflowWork) -> Sale:
    sale = work.sales.get(command.sale_id)
    payment = Payment(command.payment_reference, command.by.staff_id, command.at)
    caused = sale.pay(command.amount, payment, by=command.by)
    if caused:
        keep(sale, caused, work)
    return sale
