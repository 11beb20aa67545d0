"""Events suitability listens to: what customers and products are, as decisions read them."""

from chassis.custodians import EndShare, KeepCustody, KeepShare, end_share, keep_custody, keep_share
from chassis.dependencies import Given, Now, RunUseCase
from chassis.ids import new_id
from chassis.moments import moment
from chassis.subscriptions import Meta, subscribe, timer
from liheng.customer.v1.events_pb2 import (
    AccessEnded,
    AccessGranted,
    AdviserChanged,
    CustomerOnboarded,
    FactsChanged,
    HoldingsChanged,
)
from liheng.product.v1.events_pb2 import NavPublished, ProductListed, RatingChanged
from liheng.suitability.v1.events_pb2 import RehearsalAdvanced, RehearsalStarted
from services.suitability.entrypoints.reading import (
    brought_level,
    custody,
    customer_facts,
    levels,
    price,
    product_facts,
    share,
    units,
)
from services.suitability.usecases.advance_rehearsal import AdvanceRehearsal, advance_rehearsal
from services.suitability.usecases.keep_customer import KeepCustomer, keep_customer
from services.suitability.usecases.keep_holdings import KeepHoldings, keep_holdings
from services.suitability.usecases.keep_price import KeepPrice, keep_price
from services.suitability.usecases.keep_product import KeepProduct, keep_product
from services.suitability.usecases.rematch_holders import (
    RematchExpired,
    RematchHolders,
    rematch_expired,
    rematch_holders,
)
from services.suitability.usecases.resume_rehearsal import ResumeRehearsal, resume_rehearsal
from services.suitability.usecases.review_under_pack import ReviewUnderPack, review_under_pack
from services.suitability.usecases.warn_of_expiries import WarnOfExpiries, warn_of_expiries

WARNING_INTERVAL = 5  # seconds
MOST_AT_ONCE = 20  # batches; the others wait for the next time


class SuitabilityEvents:
    name = "suitability"

    run = RunUseCase()
    now = Now()
    institution = Given()

    @subscribe(CustomerOnboarded)
    def customer_onboarded(self, event: CustomerOnboarded, meta: Meta) -> None:
        command = KeepCustomer(
            customer_id=event.customer_id,
            facts=customer_facts(event.facts, kind=event.kind, born_on=event.born_on),
            brought=brought_level(event, meta.event_id),
            custody=custody(event),
            sequence=meta.sequence,
            at=self.now(),
            institution=self.institution.now(),
        )
        self.run(keep_customer, command, once=meta.event_id)

    @subscribe(AdviserChanged)
    def adviser_changed(self, event: AdviserChanged, meta: Meta) -> None:
        command = KeepCustody(
            subject_id=event.customer_id, custody=custody(event), sequence=meta.sequence
        )
        self.run(keep_custody, command, once=meta.event_id)

    @subscribe(AccessGranted)
    def access_granted(self, event: AccessGranted, meta: Meta) -> None:
        command = KeepShare(share=share(event), sequence=meta.sequence)
        self.run(keep_share, command, once=meta.event_id)

    @subscribe(AccessEnded)
    def access_ended(self, event: AccessEnded, meta: Meta) -> None:
        command = EndShare(share_id=event.grant_id, at=moment(event.at), sequence=meta.sequence)
        self.run(end_share, command, once=meta.event_id)

    @subscribe(FactsChanged)
    def facts_changed(self, event: FactsChanged, meta: Meta) -> None:
        command = KeepCustomer(
            customer_id=event.customer_id,
            facts=customer_facts(event.facts),
            sequence=meta.sequence,
            at=self.now(),
            institution=self.institution.now(),
        )
        self.run(keep_customer, command, once=meta.event_id)

    @subscribe(HoldingsChanged)
    def holdings_changed(self, event: HoldingsChanged, meta: Meta) -> None:
        command = KeepHoldings(
            customer_id=event.customer_id,
            units=units(event),
            sequence=meta.sequence,
            at=self.now(),
            institution=self.institution.now(),
        )
        self.run(keep_holdings, command, once=meta.event_id)

    @subscribe(ProductListed)
    def product_listed(self, event: ProductListed, meta: Meta) -> None:
        command = KeepProduct(
            product_id=event.product_id,
            facts=product_facts(event),
            whole=True,
            sequence=meta.sequence,
            at=self.now(),
            institution=self.institution.now(),
        )
        self.run(keep_product, command, once=meta.event_id)

    @subscribe(RatingChanged)
    def rating_changed(self, event: RatingChanged, meta: Meta) -> None:
        command = KeepProduct(
            product_id=event.product_id,
            facts=levels(event.issuer_level, event.seller_level),
            whole=False,
            sequence=meta.sequence,
            at=self.now(),
            institution=self.institution.now(),
        )
        self.run(keep_product, command, once=meta.event_id)

    @subscribe(NavPublished)
    def nav_published(self, event: NavPublished, meta: Meta) -> None:
        command = KeepPrice(
            price=price(event, meta.sequence, self.now()), institution=self.institution.now()
        )
        self.run(keep_price, command, once=meta.event_id)

    @timer(interval=5)
    def review_under_pack(self) -> None:
        """Of many decisions a batch follows the other at once."""
        command = ReviewUnderPack(
            review_id=new_id(), at=self.now(), institution=self.institution.now()
        )
        while self.run(review_under_pack, command) == command.limit:
            continue

    @timer(interval=WARNING_INTERVAL)
    def warn_of_expiries(self) -> None:
        for _ in range(MOST_AT_ONCE):
            at = self.now()
            command = WarnOfExpiries(today=self.institution.day(at), at=at)
            if (self.run(warn_of_expiries, command) or 0) < command.limit:
                break

    @timer(interval=2)
    def rematch_holders(self) -> None:
        command = RematchHolders(at=self.now(), institution=self.institution.now())
        while self.run(rematch_holders, command):
            continue

    @timer(interval=60)
    def rematch_expired(self) -> None:
        command = RematchExpired(at=self.now(), institution=self.institution.now())
        while self.run(rematch_expired, command):
            continue

    @timer(interval=60)
    def resume_rehearsal(self) -> None:
        self.run(
            resume_rehearsal, ResumeRehearsal(at=self.now(), institution=self.institution.now())
        )

    @subscribe(RehearsalStarted)
    def rehearsal_started(self, event: RehearsalStarted, meta: Meta) -> None:
        self._advance(event.rehearsal_id, meta)

    @subscribe(RehearsalAdvanced)
    def rehearsal_advanced(self, event: RehearsalAdvanced, meta: Meta) -> None:
        self._advance(event.rehearsal_id, meta)

    def _advance(self, rehearsal_id: str, meta: Meta) -> None:
        command = AdvanceRehearsal(
            rehearsal_id=rehearsal_id, at=self.now(), institution=self.institution.now()
        )
        self.run(advance_rehearsal, command, once=meta.event_id)
