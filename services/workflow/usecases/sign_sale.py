"""The client signs the contract, with the adviser of the sale."""

from dataclasses import dataclass
from datetime import date, datetime

from services.workflow.domain.actor import Actor
from services.workflow.domain.register import check_known
from services.workflow.domain.sale import Sale
from services.workflow.domain.settlement import Contract
from services.workflow.usecases.draft_sale import check_on_sale
from services.workflow.usecases.keep import keep
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class SignSale:
    sale_id: str
    contract_number: str
    disclosures_confirmed: tuple[str, ...]
    by: Actor
    today: date  # in the institution's zone
    at: datetime


def sign_sale(command: SignSale, work: WorkflowWork) -> Sale:
    sale = work.sales.get(command.sale_id)
    contract = Contract(command.contract_number, command.disclosures_confirmed, command.at)
    caused = sale.sign(contract, by=command.by)
    check_on_sale(sale.terms.product_id, work)
    check_known(work.register.kyc_expires_on(sale.terms.customer_id), command.today)
    keep(sale, caused, work)
    return sale
