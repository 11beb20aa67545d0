"""Leads, sales and the register in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.custody import SqlCustody
from chassis.database import SqlWork
from chassis.errors import NotFound
from chassis.scope import Scope
from chassis.versions import changed_meanwhile, check
from services.workflow.adapters import tables
from services.workflow.adapters.announcements import to_message
from services.workflow.adapters.lead_rows import lead_values, to_lead
from services.workflow.adapters.register import SqlRegister
from services.workflow.adapters.sale_rows import sale_values, to_sale
from services.workflow.adapters.seen import leads_seen, sales_seen
from services.workflow.domain.history import Change
from services.workflow.domain.lead import Lead
from services.workflow.domain.sale import Sale
from services.workflow.domain.sale_states import SaleState
from services.workflow.usecases.ports import Announcement

leads = tables.leads
sales = tables.sales


class SqlLeads:
    def __init__(self, session: Session, scope: Scope) -> None:
        self._session = session
        self._seen = leads_seen(scope)

    def get(self, lead_id: str) -> Lead:
        row = self._session.execute(self._seen.where(leads.c.lead_id == lead_id)).one_or_none()
        if row is None:
            raise no_such_lead()
        check(lead_id, row.version)
        return to_lead(row)

    def claim_of_customer(self, customer_id: str) -> Sequence[Lead]:
        """In one order, so that two who claim do not wait for each other."""
        theirs = self._seen.where(leads.c.customer_id == customer_id)
        rows = self._session.execute(theirs.order_by(leads.c.lead_id).with_for_update())
        return [to_lead(row) for row in rows]

    def add(self, lead: Lead) -> bool:
        added = insert(leads).values(lead_values(lead)).on_conflict_do_nothing()
        if self._session.execute(added.returning(leads.c.lead_id)).one_or_none() is None:
            return False
        lead.version += 1
        _keep_history(self._session, tables.lead_history, lead, lead_id=lead.lead_id)
        return True

    def save(self, lead: Lead) -> None:
        mine = (leads.c.lead_id == lead.lead_id) & (leads.c.version == lead.version)
        _update(self._session, leads.update().where(mine).values(lead_values(lead)))
        lead.version += 1
        _keep_history(self._session, tables.lead_history, lead, lead_id=lead.lead_id)


class SqlSales:
    def __init__(self, session: Session, scope: Scope) -> None:
        self._session = session
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
        return [to_sale(row) for row in self._session.execute(over)]

    def add(self, sale: Sale) -> None:
        self._session.execute(sales.insert().values(sale_values(sale)))
        self._saved(sale)

    def save(self, sale: Sale) -> None:
        mine = (sales.c.sale_id == sale.terms.sale_id) & (sales.c.version == sale.version)
        _update(self._session, sales.update().where(mine).values(sale_values(sale)))
        self._saved(sale)

    def _one(self, found: sa.Select[Any]) -> Sale:
        row = self._session.execute(found).one_or_none()
        if row is None:
            raise no_such_sale()
        check(row.sale_id, row.version)
        return to_sale(row)

    def _saved(self, sale: Sale) -> None:
        sale.version += 1
        _keep_history(self._session, tables.sale_history, sale, sale_id=sale.terms.sale_id)


class SqlWorkflowWork(SqlWork[Announcement]):
    """What the *scope* does not cover is not there."""

    def __init__(self, session: Session, scope: Scope) -> None:
        super().__init__(session, tables.mailbox, to_message, "workflow")
        self.leads = SqlLeads(session, scope)
        self.sales = SqlSales(session, scope)
        self.register = SqlRegister(session, scope)
        self.custody = SqlCustody(session, tables.custody)


def _update(session: Session, statement: sa.Update) -> None:
    changed = session.execute(statement.returning(sa.literal(1))).one_or_none()
    if changed is None:
        raise changed_meanwhile()


def _keep_history(session: Session, table: sa.Table, of: Lead | Sale, **key: str) -> None:
    """Move the changes that the entity carries into its history."""
    rows = [key | {"version": of.version} | _change_values(change) for change in of.changes]
    if rows:
        session.execute(table.insert(), rows)
    of.changes.clear()


def _change_values(change: Change) -> dict[str, Any]:
    return {
        "what": change.what,
        "by": change.by,
        "at": change.at,
        "state": change.state,
        "details": dict(change.details),
    }


def no_such_lead() -> NotFound:
    return NotFound("no_such_lead", "there is no such lead", "没有这条线索")


def no_such_sale() -> NotFound:
    return NotFound("no_such_sale", "there is no such sale", "没有这笔认购")
