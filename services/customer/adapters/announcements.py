"""Domain events in the words of proto/liheng/customer/v1/events.proto."""

from functools import singledispatch

from google.protobuf.message import Message

from chassis.moments import stamp
from liheng.customer.v1 import events_pb2 as pb
from services.customer.adapters.rows import facts_json
from services.customer.domain import events
from services.customer.domain.book.products import BookProduct
from services.customer.domain.facts import Facts
from services.customer.domain.portfolio import Holding, Transaction
from services.customer.domain.staff import StaffChanged


@singledispatch
def to_message(event: object) -> Message:
    raise TypeError(f"{type(event).__name__} is not announced")


@to_message.register
def _(event: events.ProspectRegistered) -> Message:
    return pb.ProspectRegistered(
        customer_id=event.customer_id,
        lead_id=event.lead_id,
        source=event.source,
        campaign=event.campaign,
        registered_by=event.registered_by,
        at=stamp(event.at),
    )


@to_message.register
def _(event: events.CustomerOnboarded) -> Message:
    return pb.CustomerOnboarded(
        customer_id=event.customer_id,
        customer_no=event.customer_no,
        kind=event.kind,
        adviser_id=event.assignment.adviser_id,
        team_id=event.assignment.team_id,
        branch_id=event.assignment.branch_id,
        born_on=event.born_on.isoformat() if event.born_on else "",
        facts=facts_message(event.facts),
        risk_level=event.risk_level,
        assessed_on=event.assessed_on.isoformat() if event.assessed_on else "",
        source=event.source,
        at=stamp(event.at),
    )


@to_message.register
def _(event: events.FactsChanged) -> Message:
    return pb.FactsChanged(
        customer_id=event.customer_id,
        facts=facts_message(event.facts),
        changed_by=event.changed_by,
        at=stamp(event.at),
    )


@to_message.register
def _(event: events.KycSubmitted) -> Message:
    return pb.KycSubmitted(
        customer_id=event.customer_id, submitted_by=event.submitted_by, at=stamp(event.at)
    )


@to_message.register
def _(event: events.KycApproved) -> Message:
    return pb.KycApproved(
        customer_id=event.customer_id,
        reviewer_id=event.reviewer_id,
        expires_on=event.expires_on.isoformat(),
        at=stamp(event.at),
    )


@to_message.register
def _(event: events.KycRejected) -> Message:
    return pb.KycRejected(
        customer_id=event.customer_id,
        reviewer_id=event.reviewer_id,
        at=stamp(event.at),
    )


@to_message.register
def _(event: events.AdviserChanged) -> Message:
    return pb.AdviserChanged(
        customer_id=event.customer_id,
        adviser_id=event.assignment.adviser_id,
        team_id=event.assignment.team_id,
        branch_id=event.assignment.branch_id,
        previous_adviser_id=event.previous_adviser_id,
        at=stamp(event.at),
    )


@to_message.register
def _(event: events.HoldingsChanged) -> Message:
    return pb.HoldingsChanged(
        customer_id=event.customer_id,
        adviser_id=event.assignment.adviser_id,
        team_id=event.assignment.team_id,
        holdings=[holding_message(holding) for holding in event.holdings],
        at=stamp(event.at),
    )


@to_message.register
def _(event: events.TransactionsRecorded) -> Message:
    return pb.TransactionsRecorded(
        customer_id=event.customer_id,
        adviser_id=event.assignment.adviser_id,
        team_id=event.assignment.team_id,
        transactions=[transaction_message(each) for each in event.transactions],
        at=stamp(event.at),
    )


@to_message.register
def _(event: StaffChanged) -> Message:
    member = event.member
    return pb.StaffChanged(
        staff_id=member.staff_id,
        name=member.name,
        roles=member.roles,
        team_id=member.team_id,
        team_name=member.team_name,
        branch_id=member.branch_id,
        branch_name=member.branch_name,
        active=member.active,
        at=stamp(event.at),
    )


@to_message.register
def _(event: events.BookReceived) -> Message:
    return pb.BookReceived(
        import_id=event.import_id, received_by=event.received_by, at=stamp(event.at)
    )


@to_message.register
def _(event: events.BookApplied) -> Message:
    return pb.BookApplied(
        import_id=event.import_id,
        customers_created=event.customers_created,
        customers_updated=event.customers_updated,
        customers_unchanged=event.customers_unchanged,
        duplicate_rows=event.duplicate_rows,
        rejected_rows=event.rejected_rows,
        aum=str(event.aum),
        at=stamp(event.at),
    )


@to_message.register
def _(event: events.BookRefused) -> Message:
    return pb.BookRefused(import_id=event.import_id, reason=event.reason, at=stamp(event.at))


@to_message.register
def _(event: events.CatalogueImported) -> Message:
    return pb.CatalogueImported(
        import_id=event.import_id,
        products=[product_message(product) for product in event.products],
        at=stamp(event.at),
    )


@to_message.register
def _(event: events.AccessGranted) -> Message:
    return pb.AccessGranted(
        grant_id=event.grant_id,
        staff_id=event.staff_id,
        customer_id=event.customer_id,
        adviser_id=event.adviser_id,
        purpose=event.purpose,
        valid_from=stamp(event.valid_from),
        valid_until=stamp(event.valid_until),
        granted_by=event.granted_by,
        at=stamp(event.at),
    )


@to_message.register
def _(event: events.AccessEnded) -> Message:
    return pb.AccessEnded(
        grant_id=event.grant_id,
        staff_id=event.staff_id,
        ended_by=event.ended_by,
        at=stamp(event.at),
    )


@to_message.register
def _(event: events.HandoverStarted) -> Message:
    return pb.HandoverStarted(
        handover_id=event.handover_id,
        from_adviser_id=event.from_adviser_id,
        to_adviser_id=event.to_adviser_id,
        reason=event.reason,
        customers=event.customers,
        started_by=event.started_by,
        at=stamp(event.at),
    )


@to_message.register
def _(event: events.HandoverAdvanced) -> Message:
    return pb.HandoverAdvanced(
        handover_id=event.handover_id,
        moved=event.moved,
        skipped=event.skipped,
        at=stamp(event.at),
    )


@to_message.register
def _(event: events.HandoverFinished) -> Message:
    return pb.HandoverFinished(
        handover_id=event.handover_id,
        moved=event.moved,
        skipped=event.skipped,
        at=stamp(event.at),
    )


def facts_message(facts: Facts) -> pb.CustomerFacts:
    return pb.CustomerFacts(**facts_json(facts))


def holding_message(holding: Holding) -> pb.HoldingState:
    return pb.HoldingState(
        product_id=holding.product_id,
        units=str(holding.units),
        market_value=str(holding.market_value),
        valued_on=holding.valued_on.isoformat(),
    )


def transaction_message(transaction: Transaction) -> pb.TransactionState:
    return pb.TransactionState(
        transaction_id=transaction.transaction_id,
        product_id=transaction.product_id,
        kind=transaction.kind,
        amount=str(transaction.amount),
        traded_on=transaction.traded_on.isoformat(),
    )


def product_message(product: BookProduct) -> pb.BookProduct:
    return pb.BookProduct(
        product_id=product.product_id,
        name=product.name,
        kind=product.kind,
        level=product.level,
        minimum_amount=str(product.minimum_amount) if product.minimum_amount is not None else "",
        nav=str(product.nav) if product.nav is not None else "",
        matures_on=product.matures_on.isoformat() if product.matures_on else "",
    )
