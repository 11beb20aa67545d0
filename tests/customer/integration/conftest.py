"""Every CustomerWork, and the customer service's gRPC server, on databases of their own."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from chassis.config import Keys
from chassis.database import engine
from liheng.customer.v1.customer_pb2_grpc import CustomerServiceStub
from services.customer.bootstrap import rpc as customer_rpc
from services.customer.config import Config
from tests.calling import CALLER_KEY, served
from tests.customer.integration.calling import BOOK, NOW, Client, wang
from tests.customer.integration.stores import Begin, emptied, migrated, sql_begin
from tests.customer.unit.books import xlsx
from tests.customer.unit.fakes import fake_begin


@pytest.fixture(scope="module")
def rpc_database(create_database: Callable[[str], str]) -> Iterator[sa.Engine]:
    bound = engine(migrated(create_database("customer_rpc")))
    yield bound
    bound.dispose()


@pytest.fixture(scope="module")
def running(rpc_database: sa.Engine) -> Iterator[Client]:
    config = Config(
        database_url=rpc_database.url.render_as_string(hide_password=False),
        amqp_url="",
        rpc_address="127.0.0.1:0",
        caller_key=CALLER_KEY,
        master_keys=Keys(m1=b"m" * 32),
        field_key=bytes(32),
        index_key=b"i" * 32,
        largest_book=200_000,
    )
    with served(customer_rpc(config, lambda: NOW)) as channel:
        yield Client(CustomerServiceStub(channel), sql_begin(rpc_database))


@pytest.fixture
def client(running: Client, rpc_database: sa.Engine) -> Client:
    """On empty tables."""
    emptied(rpc_database)
    return running


@pytest.fixture
def filled(client: Client) -> Client:
    """With one adviser, who looks after the two clients of a small book."""
    client.call("PutStaff", "administrator", staff=wang())
    client.import_book(xlsx(BOOK))
    for customer_no in ("K1", "K2"):
        client.entrust(client.customer(customer_no).customer_id)
    return client


@pytest.fixture(scope="module")
def work_database(create_database: Callable[[str], str]) -> Iterator[sa.Engine]:
    bound = engine(migrated(create_database("customer_work")))
    yield bound
    bound.dispose()


@pytest.fixture(params=["fake", "sql"])
def work(request: pytest.FixtureRequest) -> Begin:
    if request.param == "fake":
        return fake_begin()
    bound: sa.Engine = request.getfixturevalue("work_database")
    emptied(bound)
    return sql_begin(bound)
