"""Customers between the domain and table rows; personal data is sealed here."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from chassis.sealing.sealer import Sealer
from services.customer.adapters.sealing import place_of
from services.customer.domain.customer import Customer, Origin, Person, RiskLevel, State
from services.customer.domain.facts import Capacity, Facts, FactsSource, LegalKind
from services.customer.domain.identity_number import Sex
from services.customer.domain.kyc import Kyc, KycAnswers, KycState
from services.customer.domain.staff import Assignment


def to_customer(row: sa.Row[Any], numbers: Sequence[str], sealer: Sealer) -> Customer:
    return Customer(
        customer_id=row.customer_id,
        state=State(row.state),
        person=to_person(row, sealer),
        origin=Origin(row.source, row.campaign, row.lead_id, row.registered_by),
        created_at=row.created_at,
        updated_at=row.updated_at,
        kind=LegalKind(row.kind),
        numbers=tuple(numbers),
        tags=tuple(row.tags),
        assignment=Assignment(row.adviser_id, row.team_id, row.branch_id),
        assignment_sequence=row.assignment_sequence,
        kyc=to_kyc(row, sealer),
        facts=to_facts(row.facts),
        risk=RiskLevel(row.risk_level, row.risk_level_valid_until, row.risk_level_sequence),
        identity_contested=row.identity_contested,
        version=row.version,
    )


def to_person(row: sa.Row[Any], sealer: Sealer) -> Person:
    def opened(field: str) -> str:
        return sealer.open(getattr(row, f"{field}_sealed"), place_of(row.customer_id, field))

    return Person(
        name=opened("name"),
        phone=opened("phone"),
        identity_number=opened("identity"),
        sex=Sex(row.sex) if row.sex else None,
        born_on=row.born_on,
        wechat=opened("wechat"),
        address=opened("address"),
    )


def kyc_reason(customer_id: str, sealed: str, written: str, sealer: Sealer) -> str:
    """Reasons from before they were sealed are there as they were written."""
    return sealer.open(sealed, place_of(customer_id, "kyc_reason")) or written


def to_kyc(row: sa.Row[Any], sealer: Sealer) -> Kyc:
    return Kyc(
        kyc_id=row.kyc_id,
        state=KycState(row.kyc_state),
        submitted_by=row.kyc_submitted_by,
        submitted_at=row.kyc_submitted_at,
        reviewed_by=row.kyc_reviewed_by,
        reviewed_at=row.kyc_reviewed_at,
        reason=kyc_reason(row.customer_id, row.kyc_reason_sealed, row.kyc_reason, sealer),
        expires_on=row.kyc_expires_on,
    )


def to_values(customer: Customer, sealer: Sealer) -> dict[str, Any]:
    origin, to, risk = customer.origin, customer.assignment, customer.risk
    return {
        "customer_id": customer.customer_id,
        "customer_no": customer.customer_no,
        "state": customer.state,
        "kind": customer.kind,
        **person_values(customer, sealer),
        "identity_contested": customer.identity_contested,
        "tags": list(customer.tags),
        "source": origin.source,
        "campaign": origin.campaign,
        "lead_id": origin.lead_id,
        "registered_by": origin.registered_by,
        "adviser_id": to.adviser_id,
        "team_id": to.team_id,
        "branch_id": to.branch_id,
        "assignment_sequence": customer.assignment_sequence,
        **kyc_values(customer, sealer),
        "facts": facts_json(customer.facts),
        "risk_level": risk.level,
        "risk_level_valid_until": risk.valid_until,
        "risk_level_sequence": risk.sequence,
        "version": customer.version + 1,
        "created_at": customer.created_at,
        "updated_at": customer.updated_at,
    }


def person_values(customer: Customer, sealer: Sealer) -> dict[str, Any]:
    person = customer.person

    def sealed(field: str, text: str) -> str:
        return sealer.seal(text, place_of(customer.customer_id, field))

    return {
        "name_sealed": sealed("name", person.name),
        "name_index": sealer.index("name", person.name),
        "sex": person.sex or "",
        "identity_sealed": sealed("identity", person.identity_number),
        "identity_index": sealer.index("identity", person.identity_number),
        "phone_sealed": sealed("phone", person.phone),
        "phone_index": sealer.index("phone", person.phone),
        "wechat_sealed": sealed("wechat", person.wechat),
        "address_sealed": sealed("address", person.address),
        "born_on": person.born_on,
    }


def kyc_values(customer: Customer, sealer: Sealer) -> dict[str, Any]:
    kyc, place = customer.kyc, place_of(customer.customer_id, "kyc_reason")
    return {
        "kyc_id": kyc.kyc_id,
        "kyc_state": kyc.state,
        "kyc_submitted_by": kyc.submitted_by,
        "kyc_submitted_at": kyc.submitted_at,
        "kyc_reviewed_by": kyc.reviewed_by,
        "kyc_reviewed_at": kyc.reviewed_at,
        "kyc_reason": "",
        "kyc_reason_sealed": sealer.seal(kyc.reason, place),
        "kyc_expires_on": kyc.expires_on,
    }


def answers_text(answers: KycAnswers | None) -> str:
    return json.dumps(asdict(answers), ensure_ascii=False) if answers else ""


READERS: dict[str, Callable[[str], Any]] = {
    "born_on": date.fromisoformat,
    "kind": LegalKind,
    "investing_years": int,
    "relevant_work_years": int,
    "capacity": Capacity,
    "guardian_consent": lambda text: text == "true",
    "information_refused": lambda text: text == "true",
    "as_of": date.fromisoformat,
    "source": FactsSource,
}


def to_facts(stored: dict[str, str]) -> Facts:
    return Facts(**{name: READERS.get(name, Decimal)(text) for name, text in stored.items()})


def facts_json(facts: Facts) -> dict[str, str]:
    """What is known, as the contract writes it."""
    known = {field.name: getattr(facts, field.name) for field in fields(facts)}
    return {name: fact_text(value) for name, value in known.items() if value is not None}


def fact_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
