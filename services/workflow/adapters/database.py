"""Leads, sales and the register in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.database import SqlWork, changed_meanwhile
from chassis.errors import NotFound
from services.workflow.adapters import tables
from services.workflow.adapters.announcements import to_message
from services.workflow.adapters.lead_rows import lead_values, to_lead
from services.workflow.adapters.register import SqlRegister
from services.workflow.adapters.sale_rows import sale_values, to_sale
from services.workflow.domain.history import Change
from services.workflow.domain.lead import Lead
from services.workflow.domain.sale import Sale
from services.workflow.domain.sale_states import SaleState
from services.workflow.usecases.ports import Announcement

leads = tables.leads
sales = tables.sales


class SqlLeads:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, lead_id: str) -> Lead:
        found = sa.select(leads).where(leads.c.lead_id == lead_id)
        row = self._session.execute(found).one_or_none()
        if row is None:
            raise no_such_lead()
        return to_lead(row)

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
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, sale_id: str) -> Sale:
        return self._one(sa.select(sales).where(sales.c.sale_id == sale_id))

    def claim(self, sale_id: str) -> Sale:
        return self._one(sa.select(sales).where(sales.c.sale_id == sale_id).with_for_update())

    def claim_cooled_off(self, at: datetime, limit: int) -> Sequence[Sale]:
        over = (
            sa.select(sales)
            .where(sales.c.state == SaleState.COOLING_OFF, sales.c.cooling_off_until <= at)
            .order_by(sales.c.cooling_off_until)
            .limit(limit)
            .with_for_update(skip_locked=True)
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
        return to_sale(row)

    def _saved(self, sale: Sale) -> None:
        sale.version += 1
        _keep_history(self._session, tables.sale_history, sale, sale_id=sale.terms.sale_id)


class SqlWorkflowWork(SqlWork[Announcement]):
    def __init__(self, session: Session) -> None:
        super().__init__(session, tables.mailbox, to_message, "workflow")
        self.leads = SqlLeads(session)
        self.sales = SqlSales(session)
        self.register = SqlRegister(session)


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
