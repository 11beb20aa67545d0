"""Copies of staff, customers, their KYC and products in PostgreSQL."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.custody import put_newer
from chassis.scope import Scope
from services.workflow.adapters.sale_rows import to_adviser
from services.workflow.adapters.seen import customers_seen
from services.workflow.adapters.tables import customers, kyc, products, staff
from services.workflow.domain.actor import Adviser
from services.workflow.domain.register import Product, StaffMember


class SqlRegister:
    def __init__(self, session: Session, scope: Scope) -> None:
        self._session = session
        self._customers_seen = customers_seen(scope)

    def staff_member(self, staff_id: str) -> StaffMember | None:
        row = self._session.execute(
            sa.select(staff).where(staff.c.staff_id == staff_id)
        ).one_or_none()
        return _member(row) if row else None

    def put_staff_member(self, member: StaffMember, sequence: int) -> None:
        values = {
            "staff_id": member.staff_id,
            "roles": sorted(member.roles),
            "team_id": member.team_id,
            "branch_id": member.branch_id,
            "active": member.active,
            "sequence": sequence,
        }
        put_newer(self._session, staff, values)

    def product(self, product_id: str) -> Product | None:
        found = sa.select(products.c.state).where(products.c.product_id == product_id)
        state = self._session.scalar(found)
        return Product(product_id, state) if state else None

    def put_product(self, product: Product, sequence: int) -> None:
        values = {"product_id": product.product_id, "state": product.state, "sequence": sequence}
        put_newer(self._session, products, values)

    def served_by(self, customer_id: str) -> Adviser | None:
        found = self._customers_seen.where(customers.c.customer_id == customer_id)
        row = self._session.execute(found).one_or_none()
        return to_adviser(row) if row else None

    def put_customer(self, customer_id: str, sequence: int) -> None:
        values = {"customer_id": customer_id, "sequence": sequence}
        put_newer(self._session, customers, values)

    def kyc_expires_on(self, customer_id: str) -> date | None:
        found = sa.select(kyc.c.expires_on).where(kyc.c.customer_id == customer_id)
        return self._session.scalar(found)

    def put_kyc(self, customer_id: str, expires_on: date | None, sequence: int) -> None:
        values = {"customer_id": customer_id, "expires_on": expires_on, "sequence": sequence}
        put_newer(self._session, kyc, values)


def _member(row: sa.Row[Any]) -> StaffMember:
    return StaffMember(
        staff_id=row.staff_id,
        roles=frozenset(row.roles),
        team_id=row.team_id,
        branch_id=row.branch_id,
        active=row.active,
    )
