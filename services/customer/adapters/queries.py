"""What the customer service answers, read without a transaction."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from chassis.paging import Order, Page, order_named
from chassis.prepared import Prepared
from chassis.scope import Reach, Scope
from chassis.sealing.sealer import Sealer
from services.customer.adapters import statements
from services.customer.adapters.access_queries import AccessQueries
from services.customer.adapters.customers import no_such_customer
from services.customer.adapters.registers import no_such_import
from services.customer.adapters.tables import (
    customer_numbers,
    customers,
    import_notes,
    imports,
    staff,
    transactions,
)
from services.customer.adapters.written import Written, read
from services.customer.domain.kyc import KycState
from services.customer.domain.searching import searchable_identity, searchable_phone

ORDERS = {
    "customer_no": Order((customers.c.customer_no, customers.c.customer_id)),
    "-customer_no": Order((customers.c.customer_no, customers.c.customer_id), descending=True),
    "aum": Order((customers.c.aum, customers.c.customer_id)),
    "-aum": Order((customers.c.aum, customers.c.customer_id), descending=True),
    "created_at": Order((customers.c.created_at, customers.c.customer_id)),
    "-created_at": Order((customers.c.created_at, customers.c.customer_id), descending=True),
}
INDEXED = {
    "name": customers.c.name_index,
    "phone": customers.c.phone_index,
    "identity": customers.c.identity_index,
}
TRADES_NEWEST_FIRST = Order(
    (transactions.c.traded_on, transactions.c.transaction_id), descending=True
)
IMPORTS_NEWEST_FIRST = Order((imports.c.received_at, imports.c.import_id), descending=True)
NOTES_AS_FOUND = Order((import_notes.c.place,))

IDENTITY = re.compile(r"\d{17}[\dX]", re.ASCII)

Rows = Sequence[sa.Row[Any]]


@dataclass(frozen=True, kw_only=True)
class CustomerFilter:
    today: date
    adviser_id: str = ""
    team_id: str = ""
    state: str = ""
    kyc_state: str = ""
    risk_level: str = ""
    q: str = ""  # exactly a customer number, or what *by_person* allows
    by_person: bool = False  # whether *q* may be a name, phone or identity number
    unserved: bool = False  # without an active adviser

    def narrow(self, statement: sa.Select[Any], sealer: Sealer) -> sa.Select[Any]:
        for column, value in (
            (customers.c.adviser_id, self.adviser_id),
            (customers.c.team_id, self.team_id),
            (customers.c.state, self.state),
            (customers.c.risk_level, self.risk_level),
        ):
            if value:
                statement = statement.where(column == value)
        if self.kyc_state:
            statement = statement.where(*self._kyc())
        if self.unserved:
            statement = statement.where(sa.func.coalesce(staff.c.active, sa.false()).is_(False))
        return statement.where(self._called(sealer)) if self.q else statement

    def _kyc(self) -> Sequence[sa.ColumnElement[bool]]:
        approved = customers.c.kyc_state == KycState.APPROVED
        expired = customers.c.kyc_expires_on <= self.today
        if self.kyc_state == KycState.EXPIRED:
            return approved, expired
        if self.kyc_state == KycState.APPROVED:
            return approved, sa.not_(expired)
        return (customers.c.kyc_state == self.kyc_state,)

    def _called(self, sealer: Sealer) -> sa.ColumnElement[bool]:
        """One look into each index: an OR over all of them would read every customer."""
        numbered = sa.select(customer_numbers.c.customer_id).where(
            customer_numbers.c.customer_no == self.q.upper()
        )
        persons = self._persons(sealer) if self.by_person else []
        return customers.c.customer_id.in_(sa.union(numbered, *persons))

    @property
    def everybody(self) -> bool:
        return self == CustomerFilter(today=self.today, by_person=self.by_person)

    @property
    def persons_sought(self) -> tuple[str, ...]:
        """By which numbers of a person somebody is looked for."""
        if not self.by_person:
            return ()
        if IDENTITY.fullmatch(searchable_identity(self.q)):
            return ("identity_number",)
        return ("phone",) if searchable_phone(self.q) else ()

    def _persons(self, sealer: Sealer) -> Sequence[sa.Select[Any]]:
        return [
            sa.select(customers.c.customer_id).where(column.in_(indexes))
            for kind, column in INDEXED.items()
            if (indexes := sealer.indexes(kind, self.q))
        ]


@lru_cache(maxsize=statements.SCOPES)
def first_page(scope: Scope, sort: str, limit: int) -> Prepared:
    """What is asked most."""
    order = order_named(sort, ORDERS, "customer_no")
    return Prepared(order.page(statements.listed(scope), Page(limit)))


class CustomerQueries:
    """What is out of the caller's scope is not there."""

    def __init__(self, engine: sa.Engine, sealer: Sealer, scope: Callable[[], Scope]) -> None:
        self._engine = engine
        self._sealer = sealer
        self._scope = scope
        self.access = AccessQueries(engine, scope)

    def view(self, customer_id: str) -> Written:
        """The 360° view in one row, with holdings and family."""
        rows = statements.view(self._scope()).rows(self._engine, customer_id=customer_id)
        if not rows:
            raise no_such_customer()
        return read(rows[0])

    def page(self, wanted: CustomerFilter, sort: str, page: Page) -> tuple[list[Written], str]:
        order = order_named(sort, ORDERS, "customer_no")
        scope = self._scope()
        if wanted.everybody and not page.cursor:
            found = first_page(scope, sort, page.limit).rows(self._engine)
        else:
            narrowed = wanted.narrow(statements.listed(scope), self._sealer)
            found = self._all(order.page(narrowed, page))
        rows, following = order.cut(found, page)
        return [read(row) for row in rows], following

    def holdings(self, customer_id: str) -> Rows:
        return self._of_customer(statements.holdings(self._scope()), customer_id)

    def transactions(self, customer_id: str, page: Page) -> tuple[Rows, str]:
        theirs = TRADES_NEWEST_FIRST.page(statements.trades(self._scope()), page)
        rows = self._of_customer(theirs, customer_id)
        return TRADES_NEWEST_FIRST.cut(rows, page)

    def staff(self, role: str, team_id: str, state: str) -> Rows:
        members = sa.select(staff).order_by(staff.c.staff_id)
        if role:
            members = members.where(staff.c.roles.contains([role]))
        if team_id:
            members = members.where(staff.c.team_id == team_id)
        if state:
            members = members.where(staff.c.active == (state == "active"))
        return self._all(members)

    def one_import(self, import_id: str) -> sa.Row[Any]:
        rows = self._all(self._imports().where(imports.c.import_id == import_id))
        if not rows:
            raise no_such_import()
        return rows[0]

    def imports(self, page: Page) -> tuple[Rows, str]:
        rows = self._all(IMPORTS_NEWEST_FIRST.page(self._imports(), page))
        return IMPORTS_NEWEST_FIRST.cut(rows, page)

    def notes(self, import_id: str, severity: str, page: Page) -> tuple[Rows, str]:
        self.one_import(import_id)
        found = sa.select(import_notes).where(import_notes.c.import_id == import_id)
        if severity:
            found = found.where(import_notes.c.severity == severity)
        return NOTES_AS_FOUND.cut(self._all(NOTES_AS_FOUND.page(found, page)), page)

    def _imports(self) -> sa.Select[Any]:
        """A book is about everybody's clients."""
        everything = self._scope().reach is Reach.INSTITUTION
        return sa.select(imports).where(sa.true() if everything else sa.false())

    def _of_customer(self, statement: sa.Executable, customer_id: str) -> Rows:
        """Only when there are none it is asked whether there is such a customer."""
        rows = self._all(statement, {"customer_id": customer_id})
        if not rows:
            self._one(statements.exists(self._scope()), {"customer_id": customer_id})
        return rows

    def _one(self, statement: sa.Executable, values: Mapping[str, Any]) -> sa.Row[Any]:
        rows = self._all(statement, values)
        if not rows:
            raise no_such_customer()
        return rows[0]

    def _all(self, statement: sa.Executable, values: Mapping[str, Any] | None = None) -> Rows:
        with self._engine.connect() as connection:
            return connection.execute(statement, values).all()
