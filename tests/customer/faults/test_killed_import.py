"""The process that applies a book is killed while it writes: all of it arrives, once."""

import os
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from chassis.database import engine
from chassis.dead_letters import letters_of
from chassis.ids import new_id
from chassis.runner import Runner
from services.customer.adapters import tables
from services.customer.usecases.start_import import StartImport, start_import
from tests.customer.integration.stores import INDEX_KEY, KEY, sql_begin
from tests.patience import until

ROOT = Path(__file__).parents[3]
BOOK = ROOT / "examples" / "client-book.xlsx"
WRITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND state <> 'idle' AND query LIKE 'INSERT INTO ' || :table || '%'"
)


class Service:
    """python -m services.customer on a database and a vhost of its own."""

    def __init__(self, database_url: str, amqp_url: str) -> None:
        self.bound = engine(database_url, connections=2)
        self._environ = os.environ | {
            "PYTHONPATH": f"{ROOT}:{ROOT / 'contracts'}",
            "LIHENG_CUSTOMER_DATABASE_URL": database_url,
            "LIHENG_CUSTOMER_RPC_ADDRESS": "127.0.0.1:0",
            "LIHENG_CUSTOMER_MASTER_KEYS": f"m1:{b64encode(KEY).decode()}",
            "LIHENG_CUSTOMER_FIELD_KEY": b64encode(KEY).decode(),
            "LIHENG_CUSTOMER_INDEX_KEY": b64encode(INDEX_KEY).decode(),
            "LIHENG_AMQP_URL": amqp_url,
            "LIHENG_CALLER_KEY": "unused",
            "LIHENG_PROBE_PORT": "0",
        }
        self.run("migrate").wait(60)

    def run(self, command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "services.customer", command],
            cwd=ROOT,
            env=self._environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @contextmanager
    def running(self, command: str) -> Iterator[subprocess.Popen[bytes]]:
        """Killed at the end, as anything may be at any time."""
        process = self.run(command)
        try:
            yield process
        finally:
            process.kill()
            process.wait(10)

    def writes_into(self, table: str) -> bool:
        with self.bound.connect() as connection:
            return bool(connection.execute(WRITING, {"table": table}).scalar_one())

    def count(self, table: sa.Table) -> int:
        with self.bound.connect() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()

    def announced(self) -> Counter[str]:
        with self.bound.connect() as connection:
            types = connection.execute(sa.select(tables.mailbox.outbox.c.type)).scalars()
            return Counter(name.rpartition(".")[2] for name in types)


@pytest.fixture
def service(
    create_database: Callable[[str], str], create_vhost: Callable[[str], str]
) -> Iterator[tuple[Service, str]]:
    amqp_url = create_vhost("killed-import")
    service = Service(create_database("killed_import"), amqp_url)
    yield service, amqp_url
    service.bound.dispose()


def start(service: Service) -> None:
    command = StartImport(
        import_id=new_id(),
        file_name=BOOK.name,
        content=BOOK.read_bytes(),
        by="s-ops",
        roles=frozenset({"operations"}),
        at=datetime(2026, 11, 23, 4, tzinfo=UTC),
    )
    Runner(sql_begin(service.bound))(start_import, command)


@pytest.mark.timeout(300)
def test_a_book_whose_process_is_killed_is_applied_once(service: tuple[Service, str]) -> None:
    customer, amqp_url = service
    start(customer)

    with customer.running("relay"):
        for table in ("customers", "transactions"):
            with customer.running("events"):
                until(f"writing {table}", partial(customer.writes_into, table), seconds=90)
            assert customer.count(tables.customers) == 0
        with customer.running("events"):
            until("the book", lambda: customer.count(tables.customers), seconds=120)

    told = customer.announced()
    assert customer.count(tables.customers) == told["CustomerOnboarded"] == 1960
    assert customer.count(tables.transactions) == 8184
    assert (told["BookApplied"], told["CatalogueImported"]) == (1, 1)
    with letters_of("customer", amqp_url) as letters:
        assert list(letters) == []
