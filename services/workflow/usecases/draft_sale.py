"""An adviser begins a sale to a customer."""

from dataclasses import dataclass
from datetime import datetime

from chassis.errors import Forbidden
from services.workflow.domain.actor import Actor
from services.workflow.domain.decision import SaleTerms
from services.workflow.domain.register import not_a_customer, unknown_product
from services.workflow.domain.sale import Sale
from services.workflow.domain.sale_states import Channel, Initiator
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class DraftSale:
    terms: SaleTerms
    channel: Channel
    initiated_by: Initiator
    by: Actor
    at: datetime


def draft_sale(command: DraftSale, work: WorkflowWork) -> Sale:
    if not command.by.has("adviser", "team_leader"):
        raise only_advisers_sell()
    served_by = work.register.served_by(command.terms.customer_id)
    if served_by is None:
        raise not_a_customer()
    check_on_sale(command.terms.product_id, work)
    sale = Sale(
        terms=command.terms,
        channel=command.channel,
        initiated_by=command.initiated_by,
        served_by=served_by,
        created_at=command.at,
        updated_at=command.at,
    )
    drafted = sale.draft(by=command.by)
    work.sales.add(sale)
    work.announce(drafted)
    return sale


def check_on_sale(product_id: str, work: WorkflowWork) -> None:
    product = work.register.product(product_id)
    if product is None:
        raise unknown_product()
    product.check_on_sale()


def only_advisers_sell() -> Forbidden:
    return Forbidden(
        "only_advisers_sell",
        "only an adviser or a team leader may begin a sale",
        "只有理财顾问或团队长可以发起认购",
    )
