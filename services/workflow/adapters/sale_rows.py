"""Sales between the domain and table rows."""

from typing import Any

import sqlalchemy as sa

from chassis.sealing.sealer import Sealer
from services.workflow.adapters import sale_values as stored
from services.workflow.adapters.sealing import REFERENCE, place_of_sale
from services.workflow.domain.actor import NOBODY, Adviser
from services.workflow.domain.decision import SaleTerms
from services.workflow.domain.sale import Sale
from services.workflow.domain.sale_states import Channel, Initiator, SaleState
from services.workflow.domain.settlement import Confirmation, Contract, Payment


def to_sale(row: sa.Row[Any], sealer: Sealer) -> Sale:
    def place(field: str) -> str:
        return place_of_sale(row.sale_id, field)

    callbacks = sealer.open_json(row.callbacks_sealed, place("callbacks")) or row.callbacks
    reason = sealer.open(row.closed_reason_sealed, place("closed_reason"))
    return Sale(
        terms=_terms(row),
        channel=Channel(row.channel),
        initiated_by=Initiator(row.initiated_by),
        created_at=row.created_at,
        updated_at=row.updated_at,
        state=SaleState(row.state),
        decision=stored.to_decision(row.decision) if row.decision else None,
        stale=tuple(stored.to_staleness(each) for each in row.stale),
        recording=stored.to_recording(row.recording) if row.recording else None,
        contract=_contract(row),
        payment=_payment(row, sealer),
        cooling_off_until=row.cooling_off_until,
        callbacks=tuple(stored.to_callback(each) for each in callbacks),
        confirmation=_confirmation(row),
        refund_amount=row.refund_amount,
        closed_reason=reason or row.closed_reason,
        served_by=to_adviser(row),
        version=row.version,
    )


def _terms(row: sa.Row[Any]) -> SaleTerms:
    return SaleTerms(
        row.sale_id, row.customer_id, row.product_id, row.adviser_id, row.team_id, row.amount
    )


def to_adviser(row: sa.Row[Any]) -> Adviser:
    """NOBODY while nobody told us of the client."""
    if row.serving_staff_id is None:
        return NOBODY
    return Adviser(row.serving_staff_id, row.serving_team_id, row.serving_branch_id)


def _contract(row: sa.Row[Any]) -> Contract | None:
    if row.contract_number is None:
        return None
    return Contract(row.contract_number, tuple(row.disclosures_confirmed), row.signed_at)


def _payment(row: sa.Row[Any], sealer: Sealer) -> Payment | None:
    if row.paid_at is None:
        return None
    sealed = row.payment_reference_sealed
    reference = sealer.open(sealed, place_of_sale(row.sale_id, REFERENCE))
    return Payment(reference or row.payment_reference, row.paid_by, row.paid_at)


def _confirmation(row: sa.Row[Any]) -> Confirmation | None:
    if row.units is None:
        return None
    return Confirmation(row.units, row.nav, row.confirmed_on)


def sale_values(sale: Sale, sealer: Sealer) -> dict[str, Any]:
    terms = sale.terms
    return {
        "sale_id": terms.sale_id,
        "customer_id": terms.customer_id,
        "product_id": terms.product_id,
        "adviser_id": terms.adviser_id,
        "team_id": terms.team_id,
        "amount": terms.amount,
        "channel": sale.channel,
        "initiated_by": sale.initiated_by,
        "state": sale.state,
        "decision": stored.decision_value(sale.decision) if sale.decision else sa.null(),
        "stale": [stored.staleness_value(each) for each in sale.stale],
        "recording": stored.recording_value(sale.recording) if sale.recording else sa.null(),
        "cooling_off_until": sale.cooling_off_until,
        "refund_amount": sale.refund_amount,
        "version": sale.version + 1,
        "created_at": sale.created_at,
        "updated_at": sale.updated_at,
        **_settlement_values(sale),
        **_sealed_values(sale, sealer),
    }


def _settlement_values(sale: Sale) -> dict[str, Any]:
    contract, payment, confirmation = sale.contract, sale.payment, sale.confirmation
    return {
        "contract_number": contract.number if contract else None,
        "disclosures_confirmed": list(contract.disclosures_confirmed) if contract else sa.null(),
        "signed_at": contract.at if contract else None,
        "paid_by": payment.by if payment else None,
        "paid_at": payment.at if payment else None,
        "units": confirmation.units if confirmation else None,
        "nav": confirmation.nav if confirmation else None,
        "confirmed_on": confirmation.confirmed_on if confirmation else None,
    }


def _sealed_values(sale: Sale, sealer: Sealer) -> dict[str, Any]:
    def place(field: str) -> str:
        return place_of_sale(sale.terms.sale_id, field)

    reference = sale.payment.reference if sale.payment else ""
    callbacks = [stored.callback_value(each) for each in sale.callbacks]
    return {
        "payment_reference": None,
        "payment_reference_sealed": sealer.seal(reference, place(REFERENCE)),
        "payment_reference_index": sealer.index(REFERENCE, reference),
        "callbacks": [],
        "callbacks_sealed": sealer.seal_json(callbacks, place("callbacks")),
        "closed_reason": "",
        "closed_reason_sealed": sealer.seal(sale.closed_reason, place("closed_reason")),
    }
