"""Events the customer service listens to."""

from datetime import date, datetime
from decimal import Decimal

from chassis.dependencies import Given, Now, RunUseCase
from chassis.ids import new_id
from chassis.moments import moment
from chassis.subscriptions import Meta, subscribe
from liheng.customer.v1.events_pb2 import BookReceived, HandoverAdvanced, HandoverStarted
from liheng.product.v1.events_pb2 import ProductListed
from liheng.suitability.v1.events_pb2 import ProfileAssessed
from liheng.workflow.v1.events_pb2 import LeadAssigned, LeadQualified, SaleConfirmed
from services.customer.domain.customer import RiskLevel
from services.customer.domain.staff import Assignment
from services.customer.usecases.apply_import import ApplyImport, apply_import
from services.customer.usecases.assign_prospect import AssignProspect, assign_prospect
from services.customer.usecases.move_clients import MoveClients, move_clients
from services.customer.usecases.note_level import NoteLevel, note_level
from services.customer.usecases.note_product import NoteProduct, note_product
from services.customer.usecases.onboard_prospect import OnboardProspect, onboard_prospect
from services.customer.usecases.settle_sale import SettleSale, settle_sale


class CustomerEvents:
    name = "customer"

    run = RunUseCase()
    now = Now()
    zone = Given()

    @subscribe(BookReceived)
    def book_received(self, event: BookReceived, meta: Meta) -> None:
        now: datetime = self.now()
        command = ApplyImport(
            import_id=event.import_id,
            new_id=new_id,
            today=now.astimezone(self.zone).date(),
            at=now,
        )
        self.run(apply_import, command, once=meta.event_id)

    @subscribe(HandoverStarted)
    def handover_started(self, event: HandoverStarted, meta: Meta) -> None:
        self._move_clients(event.handover_id, meta)

    @subscribe(HandoverAdvanced)
    def handover_advanced(self, event: HandoverAdvanced, meta: Meta) -> None:
        self._move_clients(event.handover_id, meta)

    def _move_clients(self, handover_id: str, meta: Meta) -> None:
        command = MoveClients(handover_id=handover_id, new_id=new_id, at=self.now())
        self.run(move_clients, command, once=meta.event_id)

    @subscribe(LeadAssigned)
    def lead_assigned(self, event: LeadAssigned, meta: Meta) -> None:
        command = AssignProspect(
            customer_id=event.customer_id,
            to=Assignment(event.adviser_id, event.team_id, event.branch_id),
            sequence=meta.sequence,
            at=moment(event.at),
        )
        self.run(assign_prospect, command, once=meta.event_id)

    @subscribe(LeadQualified)
    def lead_qualified(self, event: LeadQualified, meta: Meta) -> None:
        command = OnboardProspect(
            customer_id=event.customer_id,
            to=Assignment(event.adviser_id, event.team_id, event.branch_id),
            sequence=meta.sequence,
            at=moment(event.at),
        )
        self.run(onboard_prospect, command, once=meta.event_id)

    @subscribe(SaleConfirmed)
    def sale_confirmed(self, event: SaleConfirmed, meta: Meta) -> None:
        command = SettleSale(
            sale_id=event.sale_id,
            customer_id=event.customer_id,
            product_id=event.product_id,
            amount=Decimal(event.amount),
            units=Decimal(event.units),
            confirmed_on=date.fromisoformat(event.confirmed_on),
            at=moment(event.at),
        )
        self.run(settle_sale, command, once=meta.event_id)

    @subscribe(ProfileAssessed)
    def profile_assessed(self, event: ProfileAssessed, meta: Meta) -> None:
        valid_until = date.fromisoformat(event.valid_until) if event.valid_until else None
        command = NoteLevel(
            customer_id=event.customer_id,
            risk=RiskLevel(event.risk_level, valid_until, meta.sequence),
            at=moment(event.at),
        )
        self.run(note_level, command, once=meta.event_id)

    @subscribe(ProductListed)
    def product_listed(self, event: ProductListed, meta: Meta) -> None:
        command = NoteProduct(product_id=event.product_id, name=event.name, sequence=meta.sequence)
        self.run(note_product, command, once=meta.event_id)
