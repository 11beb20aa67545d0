"""The example book, imported into PostgreSQL."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa

from chassis.database import engine
from chassis.ids import new_id
from chassis.runner import Runner
from services.customer.adapters import tables
from services.customer.domain.importing import Import, ImportState
from services.customer.domain.staff import Member
from services.customer.usecases.apply_import import ApplyImport, apply_import
from services.customer.usecases.ports import CustomerWork
from services.customer.usecases.start_import import StartImport, start_import
from tests.customer.integration.stores import Begin, migrated, sql_begin
from tests.customer.unit.books import book_of, xlsx
from tests.tables import without_trail

EXAMPLES = Path(__file__).parents[3] / "examples"
BOOK = EXAMPLES / "client-book.xlsx"
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)

N = TypeVar("N")
PERSONAL = ("庄秀荣", "440305196107305312", "17486205798", "西藏自治区飞市", "guiyinghuang")


class Killed(Exception):
    """The process ended here."""


@dataclass
class Office:
    """A database with the example institution's staff, and what was imported into it."""

    bound: sa.Engine
    begin: Begin
    imported: Import | None = None
    file_at_rest: bytes = b""


@pytest.fixture(scope="module")
def open_office(create_database: Callable[[str], str]) -> Iterator[Callable[[], Office]]:
    engines: list[sa.Engine] = []

    def opened() -> Office:
        bound = engine(migrated(create_database("customer_import")))
        engines.append(bound)
        begin = sql_begin(bound)
        with begin() as work:
            for person in json.loads((EXAMPLES / "institution.json").read_text())["staff"]:
                work.staff.put(Member(**{**person, "roles": tuple(person["roles"])}))
            work.commit()
        return Office(bound, begin)

    yield opened
    for bound in engines:
        bound.dispose()


@pytest.fixture(scope="module")
def office(open_office: Callable[[], Office]) -> Office:
    """After the example book was imported."""
    office = open_office()
    import_id = start(office.begin, BOOK.read_bytes())
    with office.bound.connect() as connection:
        at_rest = connection.execute(sa.select(tables.import_files.c.content_sealed)).scalar_one()
    office.file_at_rest = at_rest
    office.imported = apply(office.begin, import_id)
    return office


def start(begin: Begin, content: bytes) -> str:
    command = StartImport(
        import_id=new_id(),
        file_name=BOOK.name,
        content=content,
        by="s-ops",
        roles=frozenset({"operations"}),
        at=NOON,
    )
    Runner(begin)(start_import, command)
    return command.import_id


def apply(begin: Begin, import_id: str) -> Import:
    """As the events process does, once per message."""
    command = ApplyImport(import_id=import_id, new_id=new_id, today=date(2026, 11, 23), at=NOON)
    Runner(begin)(apply_import, command, once=import_id)
    with begin() as work:
        return work.imports.get(import_id)


def announced(office: Office) -> Counter[str]:
    with office.bound.connect() as connection:
        types = connection.execute(sa.select(tables.mailbox.outbox.c.type)).scalars()
        return Counter(name.rpartition(".")[2] for name in types)


def count(office: Office, table: sa.Table) -> int:
    with office.bound.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def total(office: Office, amount: sa.Column[N]) -> N:
    with office.bound.connect() as connection:
        return connection.execute(sa.select(sa.func.sum(amount))).scalar_one()


def holders(office: Office, table: sa.Table) -> int:
    distinct = sa.select(sa.func.count(sa.distinct(table.c.customer_id)))
    with office.bound.connect() as connection:
        return connection.execute(distinct).scalar_one()


def dump(office: Office) -> str:
    with office.bound.connect() as connection:
        return "\n".join(
            str(row)
            for table in without_trail(tables.metadata)
            for row in connection.execute(sa.select(table))
        )


def test_the_whole_book_is_on_file_to_the_cent(office: Office) -> None:
    assert office.imported is not None
    assert office.imported.result is not None
    assert office.imported.result.plain() == {
        "customer_rows": 2055,
        "customers": 1960,
        "customers_created": 1960,
        "customers_updated": 0,
        "customers_unchanged": 0,
        "duplicate_rows": 55,
        "rejected_rows": 40,
        "products": 60,
        "holdings": 3904,
        "transactions": 8184,
        "family_links": 157,
        "aum": "10465571902.00",
        "warnings": 0,
        "skipped_holdings": 67,
        "skipped_transactions": 142,
    }
    assert count(office, tables.customers) == 1960
    assert count(office, tables.customer_numbers) == 2015
    assert count(office, tables.transactions) == 8184
    assert count(office, tables.family_links) == 157
    assert total(office, tables.lots.c.market_value) == Decimal("10465571902.00")
    assert total(office, tables.customers.c.aum) == Decimal("10465571902.00")


def test_every_customer_is_announced_once(office: Office) -> None:
    told = announced(office)

    assert told["CustomerOnboarded"] == 1960
    assert told["CatalogueImported"] == told["BookApplied"] == 1
    assert told["HoldingsChanged"] == holders(office, tables.lots)
    assert told["TransactionsRecorded"] == holders(office, tables.transactions)


def test_every_customer_gets_their_adviser(office: Office) -> None:
    served = sa.select(sa.func.count(sa.distinct(tables.customers.c.adviser_id))).where(
        tables.customers.c.adviser_id != "", tables.customers.c.team_id != ""
    )
    nobody = sa.select(sa.func.count()).where(tables.customers.c.adviser_id == "")

    with office.bound.connect() as connection:
        assert connection.execute(served).scalar_one() == 24
        assert connection.execute(nobody).scalar_one() == 0


def test_personal_data_is_nowhere_in_the_clear(office: Office) -> None:
    everything = dump(office)

    assert b"PK\x03\x04" not in office.file_at_rest[:64]
    assert count(office, tables.import_files) == 0
    for personal in PERSONAL:
        assert personal not in everything


def test_a_redelivered_import_is_applied_once(office: Office) -> None:
    assert office.imported is not None
    before = announced(office)

    apply(office.begin, office.imported.import_id)

    assert announced(office) == before


def test_importing_twice_changes_and_announces_nothing(office: Office) -> None:
    before, versions = announced(office), total(office, tables.customers.c.version)

    again = apply(office.begin, start(office.begin, BOOK.read_bytes()))

    assert again.result is not None
    assert (again.result.customers_unchanged, again.result.customers_updated) == (1960, 0)
    assert announced(office) - before == {"BookReceived": 1, "BookApplied": 1}
    assert count(office, tables.lots) == 3904
    assert count(office, tables.transactions) == 8184
    assert count(office, tables.fact_versions) == total(office, tables.customers.c.version)
    assert total(office, tables.customers.c.version) == versions


def test_an_import_that_dies_half_way_leaves_nothing_and_is_applied_when_it_comes_again(
    open_office: Callable[[], Office],
) -> None:
    office = open_office()
    import_id = start(office.begin, xlsx(book_of()))
    command = ApplyImport(import_id=import_id, new_id=new_id, today=date(2026, 11, 23), at=NOON)

    def die_at_the_end(command: ApplyImport, work: CustomerWork) -> None:
        apply_import(command, work)
        raise Killed

    with pytest.raises(Killed):
        Runner(office.begin)(die_at_the_end, command, once=import_id)
    assert count(office, tables.customers) == count(office, tables.import_notes) == 0
    assert announced(office) == {"BookReceived": 1}

    done = apply(office.begin, import_id)

    assert done.state is ImportState.APPLIED
    assert count(office, tables.customers) == 2


def test_a_refused_book_leaves_its_reason_and_nothing_else(
    open_office: Callable[[], Office],
) -> None:
    office = open_office()

    done = apply(office.begin, start(office.begin, b"%PDF-1.7 not a book"))

    assert done.state is ImportState.REFUSED
    assert done.reason is not None
    assert done.reason.code == "not_a_workbook"
    assert count(office, tables.customers) == count(office, tables.import_files) == 0
    assert announced(office) == {"BookReceived": 1, "BookRefused": 1}
