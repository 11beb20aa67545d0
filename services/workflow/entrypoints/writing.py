"""Write leads and sales as the contract's messages."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from chassis.decimals import plain
from chassis.moments import stamp
from liheng.workflow.v1 import workflow_pb2 as pb
from services.workflow.adapters.masking import mask_reference
from services.workflow.domain.callback import Callback
from services.workflow.domain.gates import Gate
from services.workflow.domain.lead import Lead
from services.workflow.domain.sale import Sale


def lead_message(lead: Lead) -> pb.Lead:
    return pb.Lead(
        lead_id=lead.lead_id,
        customer_id=lead.customer_id,
        state=lead.state,
        source=lead.source,
        campaign=lead.campaign,
        adviser_id=lead.adviser.staff_id,
        team_id=lead.adviser.team_id,
        contacts=[
            pb.LeadContact(
                contact_channel=contact.channel,
                note=contact.note,
                by=contact.by,
                at=stamp(contact.at),
            )
            for contact in lead.contacts
        ],
        dropped_reason=lead.dropped_reason,
        version=lead.version,
        created_at=stamp(lead.created_at),
        updated_at=stamp(lead.updated_at),
    )


def sale_message(sale: Sale, now: datetime, sees: Collection[str]) -> pb.Sale:
    """Some gates are passed by waiting, so they are shown as of now; *sees* as the caller's."""
    terms = sale.terms
    return pb.Sale(
        sale_id=terms.sale_id,
        customer_id=terms.customer_id,
        product_id=terms.product_id,
        adviser_id=terms.adviser_id,
        team_id=terms.team_id,
        amount=f"{terms.amount:.2f}",
        channel=sale.channel,
        initiated_by=sale.initiated_by,
        state=sale.state,
        gates=[gate_message(gate) for gate in sale.gates(now)],
        decision_id=sale.decision.decision_id if sale.decision else "",
        recording_id=sale.recording.recording_id if sale.recording else "",
        callbacks=[callback_message(callback) for callback in sale.callbacks],
        refund_amount=f"{sale.refund_amount:.2f}" if sale.refund_amount is not None else "",
        closed_reason=sale.closed_reason,
        version=sale.version,
        created_at=stamp(sale.created_at),
        updated_at=stamp(sale.updated_at),
        **settlement_fields(sale, sees),
    )


def settlement_fields(sale: Sale, sees: Collection[str]) -> dict[str, Any]:
    contract, payment, confirmation = sale.contract, sale.payment, sale.confirmation
    return {
        "contract_number": contract.number if contract else "",
        "signed_at": stamp(contract.at) if contract else None,
        "payment_reference": shown_reference(payment.reference, sees) if payment else "",
        "paid_at": stamp(payment.at) if payment else None,
        "cooling_off_until": stamp(sale.cooling_off_until),
        "units": plain(confirmation.units) if confirmation else "",
        "nav": plain(confirmation.nav) if confirmation else "",
        "confirmed_on": confirmation.confirmed_on.isoformat() if confirmation else "",
    }


def shown_reference(reference: str, sees: Collection[str]) -> str:
    return reference if "account" in sees else mask_reference(reference)


def gate_message(gate: Gate) -> pb.Gate:
    missing = gate.missing
    return pb.Gate(
        name=gate.name,
        state="open" if missing else "passed",
        rule_id=gate.rule_id,
        parameters=gate.parameters,
        missing_en=missing.en if missing else "",
        missing_zh=missing.zh if missing else "",
        to_confirm=missing.to_confirm if missing else (),
        holds_up=gate.stage,
    )


def callback_message(callback: Callback) -> pb.Callback:
    return pb.Callback(
        outcome=callback.outcome,
        by=callback.by,
        at=stamp(callback.at),
        method=callback.method,
        answers=callback.answers,
        reason=callback.reason,
    )
