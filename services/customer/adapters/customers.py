"""Customers in PostgreSQL."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.errors import NotFound
from chassis.scope import EVERYTHING, Scope
from chassis.sealing.sealer import Sealer
from chassis.versions import changed_meanwhile, check
from services.customer.adapters import tables
from services.customer.adapters.rows import answers_text, facts_json, to_customer, to_values
from services.customer.adapters.scoping import seen
from services.customer.adapters.sealing import place_of, place_of_kyc, place_of_unmasking
from services.customer.domain.customer import Customer
from services.customer.domain.facts import FactsVersion
from services.customer.domain.kyc import KycRecord, KycState
from services.customer.domain.unmasking import Unmasking

customers = tables.customers
numbers = tables.customer_numbers

TEXTS = sa.ARRAY(sa.Text)
BYTES = sa.ARRAY(sa.LargeBinary)


class SqlCustomers:
    def __init__(self, session: Session, sealer: Sealer, scope: Scope = EVERYTHING) -> None:
        self._session = session
        self._sealer = sealer
        self._seen = seen(scope)

    def get(self, customer_id: str) -> Customer:
        customer = self.find(customer_id)
        if customer is None:
            raise no_such_customer()
        check(customer_id, customer.version)
        return customer

    def find(self, customer_id: str) -> Customer | None:
        here = customers.c.customer_id == customer_id
        return next(iter(self._read(here, self._seen)), None)

    def by_identity(self, identity_numbers: Collection[str]) -> Mapping[str, Customer]:
        wanted = [
            index
            for number in identity_numbers
            for index in self._sealer.indexes("identity", number)
        ]
        theirs = customers.c.identity_index == sa.any_(sa.literal(wanted, BYTES))
        found = self._read(theirs, sa.not_(customers.c.identity_contested))
        return {customer.person.identity_number: customer for customer in found}

    def holders(self, customer_nos: Collection[str]) -> Mapping[str, str]:
        holding = (
            sa.select(numbers.c.customer_no, customers.c.customer_id, customers.c.identity_sealed)
            .join_from(numbers, customers)
            .where(numbers.c.customer_no == sa.any_(sa.literal(list(customer_nos), TEXTS)))
        )
        return {
            row.customer_no: self._sealer.open(
                row.identity_sealed, place_of(row.customer_id, "identity")
            )
            for row in self._session.execute(holding)
        }

    def add(self, *new: Customer) -> None:
        if new:
            self._session.execute(
                customers.insert(), [to_values(customer, self._sealer) for customer in new]
            )
            self._keep_numbers(new)
        for customer in new:
            customer.version += 1

    def save(self, *changed: Customer) -> None:
        for customer in changed:
            saved = self._session.execute(
                customers.update()
                .where(customers.c.customer_id == customer.customer_id)
                .where(customers.c.version == customer.version)
                .values(to_values(customer, self._sealer))
                .returning(customers.c.version)
            ).one_or_none()
            if saved is None:
                raise changed_meanwhile()
            customer.version = saved.version
        self._keep_numbers(changed)

    def count_of(self, adviser_id: str) -> int:
        theirs = sa.select(sa.func.count()).select_from(customers)
        counted = theirs.where(customers.c.adviser_id == adviser_id, self._seen)
        return self._session.execute(counted).scalar_one()

    def keep_kyc(self, record: KycRecord) -> None:
        kyc = record.kyc
        submitted = kyc.state is KycState.SUBMITTED
        place = place_of_kyc(record.customer_id, kyc.kyc_id)
        self._session.execute(
            tables.kyc_records.insert().values(
                customer_id=record.customer_id,
                kyc_id=kyc.kyc_id,
                state=kyc.state,
                done_by=kyc.submitted_by if submitted else kyc.reviewed_by,
                at=kyc.submitted_at if submitted else kyc.reviewed_at,
                reason="",
                reason_sealed=self._sealer.seal(kyc.reason, f"{place}/reason"),
                expires_on=kyc.expires_on,
                answers_sealed=self._sealer.seal(answers_text(record.answers), place),
            )
        )

    def keep_facts(self, versions: Iterable[FactsVersion]) -> None:
        rows = [
            {
                "customer_id": version.customer_id,
                "facts": facts_json(version.facts),
                "changed_by": version.changed_by,
                "at": version.at,
            }
            for version in versions
        ]
        if rows:
            self._session.execute(tables.fact_versions.insert(), rows)

    def keep_unmasking(self, unmasking: Unmasking) -> None:
        place = place_of_unmasking(unmasking.customer_id)
        self._session.execute(
            tables.unmaskings.insert().values(
                customer_id=unmasking.customer_id,
                fields=list(unmasking.fields),
                purpose=unmasking.purpose,
                note_sealed=self._sealer.seal(unmasking.note, place),
                shown_to=unmasking.shown_to,
                at=unmasking.at,
            )
        )

    def _read(self, *where: sa.ColumnElement[bool]) -> Sequence[Customer]:
        rows = self._session.execute(sa.select(customers).where(*where)).all()
        theirs = self._numbers([row.customer_id for row in rows])
        return [to_customer(row, theirs[row.customer_id], self._sealer) for row in rows]

    def _numbers(self, customer_ids: Sequence[str]) -> Mapping[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        if customer_ids:
            theirs = (
                sa.select(numbers.c.customer_id, numbers.c.customer_no)
                .where(numbers.c.customer_id == sa.any_(sa.literal(list(customer_ids), TEXTS)))
                .order_by(numbers.c.place)
            )
            for customer_id, number in self._session.execute(theirs):
                found[customer_id].append(number)
        return found

    def _keep_numbers(self, owners: Sequence[Customer]) -> None:
        rows: list[dict[str, Any]] = [
            {"customer_no": number, "customer_id": owner.customer_id, "place": place}
            for owner in owners
            for place, number in enumerate(owner.numbers)
        ]
        if rows:
            kept = insert(numbers)
            taken = kept.on_conflict_do_update(
                index_elements=["customer_no"],
                set_={"place": kept.excluded.place},
                where=numbers.c.customer_id == kept.excluded.customer_id,
            )
            self._session.execute(taken, rows)


def no_such_customer() -> NotFound:
    return NotFound("no_such_customer", "there is no such customer", "没有这位客户")
