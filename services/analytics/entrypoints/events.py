"""Events analytics listens to: nearly all that count for a figure."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import cast
from zoneinfo import ZoneInfo

from chassis.dependencies import Given, Now, RunUseCase
from chassis.inputs import day
from chassis.moments import moment
from chassis.subscriptions import Meta, subscribe, timer
from liheng.customer.v1 import events_pb2 as customer
from liheng.product.v1 import events_pb2 as product
from liheng.workflow.v1 import events_pb2 as workflow
from services.analytics.domain.journey import Arrival, Stage
from services.analytics.domain.month import Month
from services.analytics.entrypoints import facts
from services.analytics.usecases.close_months import CloseMonths, close_months
from services.analytics.usecases.confirm_sale import ConfirmSale, confirm_sale
from services.analytics.usecases.introduce_member import IntroduceMember, introduce_member
from services.analytics.usecases.introduce_product import IntroduceProduct, introduce_product
from services.analytics.usecases.reach_stage import ReachStage, reach_stage
from services.analytics.usecases.record_transactions import RecordTransactions, record_transactions
from services.analytics.usecases.revalue_book import RevalueBook, revalue_book

CLOSING_INTERVAL = 60.0  # seconds


class AnalyticsEvents:
    name = "analytics"

    run = RunUseCase()
    now = Now()
    zone = cast(ZoneInfo, Given())

    @subscribe(customer.CustomerOnboarded)
    def customer_onboarded(self, event: customer.CustomerOnboarded, meta: Meta) -> None:
        self._revalue(event, meta, {})

    @subscribe(customer.AdviserChanged)
    def adviser_changed(self, event: customer.AdviserChanged, meta: Meta) -> None:
        self._revalue(event, meta, {})

    @subscribe(customer.HoldingsChanged)
    def holdings_changed(self, event: customer.HoldingsChanged, meta: Meta) -> None:
        self._revalue(event, meta, facts.values(event))

    @subscribe(customer.TransactionsRecorded)
    def transactions_recorded(self, event: customer.TransactionsRecorded, meta: Meta) -> None:
        command = RecordTransactions(
            transactions=facts.transactions(event, meta.sequence), at=moment(event.at)
        )
        self.run(record_transactions, command, once=meta.event_id)

    @subscribe(customer.StaffChanged)
    def staff_changed(self, event: customer.StaffChanged, meta: Meta) -> None:
        command = IntroduceMember(
            member=facts.member(event, meta.sequence),
            team=facts.team(event, meta.sequence),
            at=moment(event.at),
        )
        self.run(introduce_member, command, once=meta.event_id)

    @subscribe(product.ProductListed)
    def product_listed(self, event: product.ProductListed, meta: Meta) -> None:
        command = IntroduceProduct(
            product=facts.listed_product(event, meta.sequence), at=moment(event.at)
        )
        self.run(introduce_product, command, once=meta.event_id)

    @subscribe(workflow.LeadCreated)
    def lead_created(self, event: workflow.LeadCreated, meta: Meta) -> None:
        self._lead_reached(Stage.LEAD_CREATED, event, meta)

    @subscribe(workflow.LeadAssigned)
    def lead_assigned(self, event: workflow.LeadAssigned, meta: Meta) -> None:
        self._lead_reached(Stage.LEAD_ASSIGNED, event, meta)

    @subscribe(workflow.LeadContacted)
    def lead_contacted(self, event: workflow.LeadContacted, meta: Meta) -> None:
        self._lead_reached(Stage.LEAD_CONTACTED, event, meta)

    @subscribe(workflow.LeadQualified)
    def lead_qualified(self, event: workflow.LeadQualified, meta: Meta) -> None:
        self._lead_reached(Stage.LEAD_QUALIFIED, event, meta)

    @subscribe(workflow.SaleDrafted)
    def sale_drafted(self, event: workflow.SaleDrafted, meta: Meta) -> None:
        self._sale_reached(Stage.SALE_DRAFTED, event, meta)

    @subscribe(workflow.SaleMoved)
    def sale_moved(self, event: workflow.SaleMoved, meta: Meta) -> None:
        stage = facts.MOVED_TO.get(event.state)
        if stage:
            self._sale_reached(stage, event, meta)

    @subscribe(workflow.SaleSigned)
    def sale_signed(self, event: workflow.SaleSigned, meta: Meta) -> None:
        self._sale_reached(Stage.SALE_SIGNED, event, meta)

    @subscribe(workflow.SalePaid)
    def sale_paid(self, event: workflow.SalePaid, meta: Meta) -> None:
        self._sale_reached(Stage.SALE_PAID, event, meta)

    @subscribe(workflow.SaleConfirmed)
    def sale_confirmed(self, event: workflow.SaleConfirmed, meta: Meta) -> None:
        command = ConfirmSale(
            sale_id=event.sale_id,
            arrival=Arrival(moment(event.at), Month.of(day(event.confirmed_on, "confirmed_on"))),
            particulars=facts.sale(event, meta.sequence),
        )
        self.run(confirm_sale, command, once=meta.event_id)

    @subscribe(workflow.SaleRescinded)
    def sale_rescinded(self, event: workflow.SaleRescinded, meta: Meta) -> None:
        self._sale_reached(Stage.SALE_RESCINDED, event, meta)

    @subscribe(workflow.SaleRefused)
    def sale_refused(self, event: workflow.SaleRefused, meta: Meta) -> None:
        self._sale_reached(Stage.SALE_REFUSED, event, meta)

    @timer(interval=CLOSING_INTERVAL)
    def month_ended(self) -> None:
        now = self.now()
        self.run(close_months, CloseMonths(current=self._month(now), at=now))

    def _revalue(self, event: facts.BookEvent, meta: Meta, values: Mapping[str, Decimal]) -> None:
        at = moment(event.at)
        command = RevalueBook(
            customer_id=event.customer_id,
            month=self._month(at),
            assignment=facts.assignment(event, meta.sequence),
            values=values,
            at=at,
        )
        self.run(revalue_book, command, once=meta.event_id)

    def _lead_reached(self, stage: Stage, event: facts.LeadEvent, meta: Meta) -> None:
        command = ReachStage(
            journey_id=event.lead_id,
            stage=stage,
            arrival=self._arrival(moment(event.at)),
            particulars=facts.lead(event, meta.sequence),
        )
        self.run(reach_stage, command, once=meta.event_id)

    def _sale_reached(self, stage: Stage, event: facts.SaleEvent, meta: Meta) -> None:
        command = ReachStage(
            journey_id=event.sale_id,
            stage=stage,
            arrival=self._arrival(moment(event.at)),
            particulars=facts.sale(event, meta.sequence),
        )
        self.run(reach_stage, command, once=meta.event_id)

    def _arrival(self, at: datetime) -> Arrival:
        return Arrival(at, self._month(at))

    def _month(self, at: datetime) -> Month:
        return Month.of(at.astimezone(self.zone).date())
