"""What each event asks of analytics: nearly all that count for a figure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from chassis.inputs import day
from chassis.moments import moment
from chassis.subscriptions import Meta
from liheng.customer.v1 import events_pb2 as customer
from liheng.product.v1 import events_pb2 as product
from liheng.workflow.v1 import events_pb2 as workflow
from services.analytics.domain.journey import Arrival, Stage
from services.analytics.domain.month import Month
from services.analytics.entrypoints import facts
from services.analytics.usecases.apply_steps import Step
from services.analytics.usecases.confirm_sale import ConfirmSale, confirm_sale
from services.analytics.usecases.introduce_member import IntroduceMember, introduce_member
from services.analytics.usecases.introduce_product import IntroduceProduct, introduce_product
from services.analytics.usecases.reach_stage import ReachStage, reach_stage
from services.analytics.usecases.record_transactions import RecordTransactions, record_transactions
from services.analytics.usecases.revalue_book import RevalueBook, revalue_book


class Steps:
    """A month ends in the *zone* of the institution."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def of(self, event: Any, meta: Meta) -> Step | None:
        """None when the event changes no figure."""
        return TRANSLATIONS[type(event)](self, event, meta)

    def customer_onboarded(self, event: customer.CustomerOnboarded, meta: Meta) -> Step:
        return self._revalue(event, meta, {})

    def adviser_changed(self, event: customer.AdviserChanged, meta: Meta) -> Step:
        return self._revalue(event, meta, {})

    def holdings_changed(self, event: customer.HoldingsChanged, meta: Meta) -> Step:
        return self._revalue(event, meta, facts.values(event))

    def transactions_recorded(self, event: customer.TransactionsRecorded, meta: Meta) -> Step:
        command = RecordTransactions(
            transactions=facts.transactions(event, meta.sequence), at=moment(event.at)
        )
        return Step(record_transactions, command)

    def staff_changed(self, event: customer.StaffChanged, meta: Meta) -> Step:
        command = IntroduceMember(
            member=facts.member(event, meta.sequence),
            team=facts.team(event, meta.sequence),
            at=moment(event.at),
        )
        return Step(introduce_member, command)

    def product_listed(self, event: product.ProductListed, meta: Meta) -> Step:
        command = IntroduceProduct(
            product=facts.listed_product(event, meta.sequence), at=moment(event.at)
        )
        return Step(introduce_product, command)

    def lead_created(self, event: workflow.LeadCreated, meta: Meta) -> Step:
        return self._lead_reached(Stage.LEAD_CREATED, event, meta)

    def lead_assigned(self, event: workflow.LeadAssigned, meta: Meta) -> Step:
        return self._lead_reached(Stage.LEAD_ASSIGNED, event, meta)

    def lead_contacted(self, event: workflow.LeadContacted, meta: Meta) -> Step:
        return self._lead_reached(Stage.LEAD_CONTACTED, event, meta)

    def lead_qualified(self, event: workflow.LeadQualified, meta: Meta) -> Step:
        return self._lead_reached(Stage.LEAD_QUALIFIED, event, meta)

    def sale_drafted(self, event: workflow.SaleDrafted, meta: Meta) -> Step:
        return self._sale_reached(Stage.SALE_DRAFTED, event, meta)

    def sale_moved(self, event: workflow.SaleMoved, meta: Meta) -> Step | None:
        stage = facts.MOVED_TO.get(event.state)
        return self._sale_reached(stage, event, meta) if stage else None

    def sale_signed(self, event: workflow.SaleSigned, meta: Meta) -> Step:
        return self._sale_reached(Stage.SALE_SIGNED, event, meta)

    def sale_paid(self, event: workflow.SalePaid, meta: Meta) -> Step:
        return self._sale_reached(Stage.SALE_PAID, event, meta)

    def sale_confirmed(self, event: workflow.SaleConfirmed, meta: Meta) -> Step:
        command = ConfirmSale(
            sale_id=event.sale_id,
            arrival=Arrival(moment(event.at), Month.of(day(event.confirmed_on, "confirmed_on"))),
            particulars=facts.sale(event, meta.sequence),
        )
        return Step(confirm_sale, command)

    def sale_rescinded(self, event: workflow.SaleRescinded, meta: Meta) -> Step:
        return self._sale_reached(Stage.SALE_RESCINDED, event, meta)

    def sale_refused(self, event: workflow.SaleRefused, meta: Meta) -> Step:
        return self._sale_reached(Stage.SALE_REFUSED, event, meta)

    def _revalue(self, event: facts.BookEvent, meta: Meta, values: Mapping[str, Decimal]) -> Step:
        at = moment(event.at)
        command = RevalueBook(
            customer_id=event.customer_id,
            month=self._month(at),
            assignment=facts.assignment(event, meta.sequence),
            values=values,
            at=at,
        )
        return Step(revalue_book, command)

    def _lead_reached(self, stage: Stage, event: facts.LeadEvent, meta: Meta) -> Step:
        command = ReachStage(
            journey_id=event.lead_id,
            stage=stage,
            arrival=self._arrival(moment(event.at)),
            particulars=facts.lead(event, meta.sequence),
        )
        return Step(reach_stage, command)

    def _sale_reached(self, stage: Stage, event: facts.SaleEvent, meta: Meta) -> Step:
        command = ReachStage(
            journey_id=event.sale_id,
            stage=stage,
            arrival=self._arrival(moment(event.at)),
            particulars=facts.sale(event, meta.sequence),
        )
        return Step(reach_stage, command)

    def _arrival(self, at: datetime) -> Arrival:
        return Arrival(at, self._month(at))

    def _month(self, at: datetime) -> Month:
        return Month.of(at.astimezone(self._zone).date())


TRANSLATIONS: dict[type[Any], Callable[[Steps, Any, Meta], Step | None]] = {
    customer.CustomerOnboarded: Steps.customer_onboarded,
    customer.AdviserChanged: Steps.adviser_changed,
    customer.HoldingsChanged: Steps.holdings_changed,
    customer.TransactionsRecorded: Steps.transactions_recorded,
    customer.StaffChanged: Steps.staff_changed,
    product.ProductListed: Steps.product_listed,
    workflow.LeadCreated: Steps.lead_created,
    workflow.LeadAssigned: Steps.lead_assigned,
    workflow.LeadContacted: Steps.lead_contacted,
    workflow.LeadQualified: Steps.lead_qualified,
    workflow.SaleDrafted: Steps.sale_drafted,
    workflow.SaleMoved: Steps.sale_moved,
    workflow.SaleSigned: Steps.sale_signed,
    workflow.SalePaid: Steps.sale_paid,
    workflow.SaleConfirmed: Steps.sale_confirmed,
    workflow.SaleRescinded: Steps.sale_rescinded,
    workflow.SaleRefused: Steps.sale_refused,
}
