"""Events that move leads and sales on, and the timer that ends cooling-offs."""

from datetime import date

from chassis.custodians import EndShare, KeepShare, end_share, keep_share
from chassis.dependencies import Now, RunUseCase
from chassis.moments import moment
from chassis.scope import Custody
from chassis.subscriptions import Meta, subscribe, timer
from liheng.customer.v1.events_pb2 import (
    AccessEnded,
    AccessGranted,
    AdviserChanged,
    CustomerOnboarded,
    KycApproved,
    KycRejected,
    ProspectRegistered,
    StaffChanged,
)
from liheng.product.v1.events_pb2 import ProductListed
from liheng.recording.v1.events_pb2 import RecordingSealed
from liheng.suitability.v1.events_pb2 import DecisionMade, DecisionStale
from services.workflow.domain.actor import Adviser
from services.workflow.domain.decision import SealedRecording, Staleness
from services.workflow.domain.register import Product, StaffMember
from services.workflow.entrypoints.reading import read_decision, read_share
from services.workflow.usecases.change_adviser import ChangeAdviser, change_adviser
from services.workflow.usecases.create_lead import CreateLead, create_lead
from services.workflow.usecases.end_cooling_offs import EndCoolingOffs, end_cooling_offs
from services.workflow.usecases.lose_decision import LoseDecision, lose_decision
from services.workflow.usecases.note_customer import NoteCustomer, note_customer
from services.workflow.usecases.note_kyc import NoteKyc, note_kyc
from services.workflow.usecases.note_product import NoteProduct, note_product
from services.workflow.usecases.note_staff import NoteStaff, note_staff
from services.workflow.usecases.take_decision import TakeDecision, take_decision
from services.workflow.usecases.take_recording import TakeRecording, take_recording


class WorkflowEvents:
    name = "workflow"

    run = RunUseCase()
    now = Now()

    @subscribe(ProspectRegistered)
    def prospect_registered(self, event: ProspectRegistered, meta: Meta) -> None:
        command = CreateLead(
            lead_id=event.lead_id,
            customer_id=event.customer_id,
            source=event.source,
            campaign=event.campaign,
            by=event.registered_by,
            at=moment(event.at),
        )
        self.run(create_lead, command, once=meta.event_id)

    @subscribe(CustomerOnboarded)
    def customer_onboarded(self, event: CustomerOnboarded, meta: Meta) -> None:
        command = NoteCustomer(
            customer_id=event.customer_id,
            custody=Custody(event.adviser_id, event.team_id, event.branch_id),
            sequence=meta.sequence,
        )
        self.run(note_customer, command, once=meta.event_id)

    @subscribe(AdviserChanged)
    def adviser_changed(self, event: AdviserChanged, meta: Meta) -> None:
        command = ChangeAdviser(
            customer_id=event.customer_id,
            adviser=Adviser(event.adviser_id, event.team_id, event.branch_id),
            sequence=meta.sequence,
            at=moment(event.at),
        )
        self.run(change_adviser, command, once=meta.event_id)

    @subscribe(AccessGranted)
    def access_granted(self, event: AccessGranted, meta: Meta) -> None:
        command = KeepShare(share=read_share(event), sequence=meta.sequence)
        self.run(keep_share, command, once=meta.event_id)

    @subscribe(AccessEnded)
    def access_ended(self, event: AccessEnded, meta: Meta) -> None:
        command = EndShare(share_id=event.grant_id, at=moment(event.at), sequence=meta.sequence)
        self.run(end_share, command, once=meta.event_id)

    @subscribe(KycApproved)
    def kyc_approved(self, event: KycApproved, meta: Meta) -> None:
        self._note_kyc(event.customer_id, date.fromisoformat(event.expires_on), meta)

    @subscribe(KycRejected)
    def kyc_rejected(self, event: KycRejected, meta: Meta) -> None:
        self._note_kyc(event.customer_id, None, meta)

    @subscribe(StaffChanged)
    def staff_changed(self, event: StaffChanged, meta: Meta) -> None:
        member = StaffMember(
            staff_id=event.staff_id,
            roles=frozenset(event.roles),
            team_id=event.team_id,
            branch_id=event.branch_id,
            active=event.active,
        )
        command = NoteStaff(member=member, sequence=meta.sequence)
        self.run(note_staff, command, once=meta.event_id)

    @subscribe(ProductListed)
    def product_listed(self, event: ProductListed, meta: Meta) -> None:
        product = Product(event.product_id, event.state)
        command = NoteProduct(product=product, sequence=meta.sequence)
        self.run(note_product, command, once=meta.event_id)

    @subscribe(DecisionMade)
    def decision_made(self, event: DecisionMade, meta: Meta) -> None:
        if not event.sale_id:  # decided before any sale
            return
        command = TakeDecision(
            sale_id=event.sale_id,
            decision=read_decision(event, meta.sequence),
            at=moment(event.at),
        )
        self.run(take_decision, command, once=meta.event_id)

    @subscribe(DecisionStale)
    def decision_stale(self, event: DecisionStale, meta: Meta) -> None:
        if not event.sale_id:  # decided before any sale
            return
        staleness = Staleness(event.decision_id, event.reason_en, event.reason_zh, moment(event.at))
        command = LoseDecision(sale_id=event.sale_id, staleness=staleness)
        self.run(lose_decision, command, once=meta.event_id)

    @subscribe(RecordingSealed)
    def recording_sealed(self, event: RecordingSealed, meta: Meta) -> None:
        recording = SealedRecording(
            recording_id=event.recording_id,
            customer_id=event.customer_id,
            product_id=event.product_id,
            sealed_by=event.sealed_by,
            sequence=meta.sequence,
        )
        command = TakeRecording(sale_id=event.sale_id, recording=recording, at=moment(event.at))
        self.run(take_recording, command, once=meta.event_id)

    @timer(interval=1)
    def end_cooling_offs(self) -> None:
        self.run(end_cooling_offs, EndCoolingOffs(at=self.now()))

    def _note_kyc(self, customer_id: str, expires_on: date | None, meta: Meta) -> None:
        command = NoteKyc(customer_id=customer_id, expires_on=expires_on, sequence=meta.sequence)
        self.run(note_kyc, command, once=meta.event_id)
