"""Leads, sales and the register in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.custody import SqlCustody
from chassis.database import SqlWork, already_exists
from chassis.errors import NotFound
from chassis.scope import Scope
from chassis.sealing.sealer import Sealer
from chassis.versions import changed_meanwhile, check
from services.workflow.adapters import tables
from services.workflow.adapters.announcements import to_message
from services.workflow.adapters.history import History
from services.workflow.adapters.lead_rows import lead_values, to_lead
from services.workflow.adapters.register import SqlRegister
from services.workflow.adapters.sale_rows import sale_values, to_sale
from services.workflow.adapters.sealing import REFERENCE
from services.workflow.adapters.seen import leads_seen, sales_seen
from services.workflow.domain.lead import Lead
from services.workflow.domain.sale import Sale
from services.workflow.domain.sale_states import SaleState
from services.workflow.usecases.ports import Announcement

leads = tables.leads
sales = tables.sales


class SqlLeads:
    def __init__(self, session: Session, sealer: Sealer, scope: Scope) -> None:
        self._session = session
        self._sealer = sealer
        self._seen = leads_seen(scope)

    def get(self, lead_id: str) -> Lead:
        row = self._session.execute(self._seen.where(leads.c.lead_id == lead_id)).one_or_none()
        if row is None:
            raise no_such_lead()
        check(lead_id, row.version)
        return to_lead(row, self._sealer)

    def claim_of_customer(self, customer_id: str) -> Sequence[Lead]:
        """In one order, so that two who claim do not wait for each other."""
        theirs = self._seen.where(leads.c.customer_id == customer_id)
        rows = self._session.execute(theirs.order_by(leads.c.lead_id).with_for_update())
        return [to_lead(row, self._sealer) for row in rows]

    def add(self, lead: Lead) -> bool:
        added = insert(leads).values(lead_values(lead, self._sealer)).on_conflict_do_nothing()
        if self._session.execute(added.returning(leads.c.lead_id)).one_or_none() is None:
            return False
        lead.version += 1
        self._keep(lead)
        return True

    def save(self, lead: Lead) -> None:
        mine = (leads.c.lead_id == lead.lead_id) & (leads.c.version == lead.version)
        _update(self._session, leads.update().where(mine).values(lead_values(lead, self._sealer)))
        lead.version += 1
        self._keep(lead)

    def _keep(self, lead: Lead) -> None:
        history = History(self._session, tables.lead_history, self._sealer)
        history.keep(lead, lead_id=lead.lead_id)


class SqlSales:
    def __init__(self, session: Session, sealer: Sealer, scope: Scope) -> None:
        self._session = session
        self._sealer = sealer
        self._seen = sales_seen(scope)

    def get(self, sale_id: str) -> Sale:
        return self._one(self._seen.where(sales.c.sale_id == sale_id))

    def claim(self, sale_id: str) -> Sale:
        found = self._seen.where(sales.c.sale_id == sale_id)
        return self._one(found.with_for_update(of=sales))

    def claim_cooled_off(self, at: datetime, limit: int) -> Sequence[Sale]:
        over = (
            self._seen.where(
                sales.c.state == SaleState.COOLING_OFF, sales.c.cooling_off_until <= at
            )
            .order_by(sales.c.cooling_off_until)
            .limit(limit)
            .with_for_update(of=sales, skip_locked=True)
        )
        return [to_sale(row, self._sealer) for row in self._session.execute(over)]

    def add(self, sale: Sale) -> None:
        self._session.execute(sales.insert().values(sale_values(sale, self._sealer)))
        self._saved(sale)

    def save(self, sale: Sale) -> None:
        self._check_paid_once(sale)
        mine = (sales.c.sale_id == sale.terms.sale_id) & (sales.c.version == sale.version)
        _update(self._session, sales.update().where(mine).values(sale_values(sale, self._sealer)))
        self._saved(sale)

    def _one(self, found: sa.Select[Any]) -> Sale:
        row = self._session.execute(found).one_or_none()
        if row is None:
            raise no_such_sale()
        check(row.sale_id, row.version)
        return to_sale(row, self._sealer)

    def _check_paid_once(self, sale: Sale) -> None:
        """Also against references that are in clear still, or indexed by the key before."""
        if sale.payment is None:
            return
        reference = sale.payment.reference
        indexes = list(self._sealer.indexes(REFERENCE, reference))
        known = sales.c.payment_reference_index.in_(indexes)
        same = known | (sales.c.payment_reference == reference)
        other = sa.select(sales.c.sale_id).where(same, sales.c.sale_id != sale.terms.sale_id)
        if self._session.execute(other.limit(1)).first() is not None:
            raise already_exists()

    def _saved(self, sale: Sale) -> None:
        sale.version += 1
        history = History(self._session, tables.sale_history, self._sealer)
        history.keep(sale, sale_id=sale.terms.sale_id)


class SqlWorkflowWork(SqlWork[Announcement]):
    """What the *scope* does not cover is not there."""

    def __init__(self, session: Session, sealer: Sealer, scope: Scope) -> None:
        super().__init__(session, tables.mailbox, to_message, "workflow")
        self.leads = SqlLeads(session, sealer, scope)
        self.sales = SqlSales(session, sealer, scope)
        self.register = SqlRegister(session, scope)
        self.custody = SqlCustody(session, tables.custody)


def _update(session: Session, statement: sa.Update) -> None:
    changed = session.execute(statement.returning(sa.literal(1))).one_or_none()
    if changed is None:
        raise changed_meanwhile()


def no_such_lead() -> NotFound:
    return NotFound("no_such_lead", "there is no such lead", "没有这条线索")


def no_such_sale() -> NotFound:
    return NotFound("no_such_sale", "there is no such sale", "没有这笔认购")
