"""Sales, clients and products to record, and the timer that clears up after uploads."""

from typing import Any

from chassis.custodians import EndShare, KeepCustody, KeepShare, end_share, keep_custody, keep_share
from chassis.dependencies import Given, Now, RunUseCase
from chassis.moments import moment
from chassis.subscriptions import Meta, subscribe, timer
from liheng.customer.v1.events_pb2 import (
    AccessEnded,
    AccessGranted,
    AdviserChanged,
    CustomerOnboarded,
)
from liheng.product.v1.events_pb2 import ProductListed
from liheng.workflow.v1.events_pb2 import SaleConfirmed, SaleDrafted, SaleRefused, SaleRescinded
from services.recording.domain.known import Sale
from services.recording.entrypoints.reading import read_custody, read_product, read_share
from services.recording.usecases.end_sale import EndSale, end_sale
from services.recording.usecases.note_product import NoteProduct, note_product
from services.recording.usecases.note_sale import NoteSale, note_sale
from services.recording.usecases.sweep_uploads import SweepUploads

TEN_MINUTES = 600


class RecordingEvents:
    name = "recording"

    run = RunUseCase()
    now = Now()
    sweep: Any = Given()

    @subscribe(ProductListed)
    def product_listed(self, event: ProductListed, meta: Meta) -> None:
        command = NoteProduct(product=read_product(event), sequence=meta.sequence)
        self.run(note_product, command, once=meta.event_id)

    @subscribe(CustomerOnboarded)
    def customer_onboarded(self, event: CustomerOnboarded, meta: Meta) -> None:
        self._keep_custody(event, meta)

    @subscribe(AdviserChanged)
    def adviser_changed(self, event: AdviserChanged, meta: Meta) -> None:
        self._keep_custody(event, meta)

    @subscribe(AccessGranted)
    def access_granted(self, event: AccessGranted, meta: Meta) -> None:
        command = KeepShare(share=read_share(event), sequence=meta.sequence)
        self.run(keep_share, command, once=meta.event_id)

    @subscribe(AccessEnded)
    def access_ended(self, event: AccessEnded, meta: Meta) -> None:
        command = EndShare(share_id=event.grant_id, at=moment(event.at), sequence=meta.sequence)
        self.run(end_share, command, once=meta.event_id)

    @subscribe(SaleDrafted)
    def sale_drafted(self, event: SaleDrafted, meta: Meta) -> None:
        sale = Sale(
            sale_id=event.sale_id, customer_id=event.customer_id, product_id=event.product_id
        )
        self.run(note_sale, NoteSale(sale=sale, sequence=meta.sequence), once=meta.event_id)

    @subscribe(SaleRescinded)
    def sale_rescinded(self, event: SaleRescinded, meta: Meta) -> None:
        self._end(event, meta)

    @subscribe(SaleRefused)
    def sale_refused(self, event: SaleRefused, meta: Meta) -> None:
        self._end(event, meta)

    @subscribe(SaleConfirmed)
    def sale_confirmed(self, event: SaleConfirmed, meta: Meta) -> None:
        self._end(event, meta)

    @timer(interval=TEN_MINUTES)
    def sweep_uploads(self) -> None:
        self.sweep(SweepUploads(at=self.now()))

    def _keep_custody(self, event: CustomerOnboarded | AdviserChanged, meta: Meta) -> None:
        command = KeepCustody(
            subject_id=event.customer_id, custody=read_custody(event), sequence=meta.sequence
        )
        self.run(keep_custody, command, once=meta.event_id)

    def _end(self, event: SaleRescinded | SaleRefused | SaleConfirmed, meta: Meta) -> None:
        sale = Sale(
            sale_id=event.sale_id,
            customer_id=event.customer_id,
            product_id=event.product_id,
            ended=True,
        )
        command = EndSale(sale=sale, sequence=meta.sequence, at=moment(event.at))
        self.run(end_sale, command, once=meta.event_id)
