"""A prepared select reads what the select reads, again and again."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from psycopg.errors import QueryCanceled

from chassis.database import read_engine
from chassis.prepared import Prepared

metadata = sa.MetaData()
clients = sa.Table(
    "prepared_clients",
    metadata,
    sa.Column("client_id", sa.Text, primary_key=True),
    sa.Column("owner_id", sa.Text, nullable=False),
    sa.Column("worth", sa.Numeric(20, 2), nullable=False),
)
ASKED = clients.c.client_id == sa.bindparam("client_id", type_=sa.Text)
ROWS = [
    {"client_id": "c-1", "owner_id": "s-ada", "worth": "1.50"},
    {"client_id": "c-2", "owner_id": "s-bo", "worth": "2.50"},
    {"client_id": "c-%s", "owner_id": "s-' OR true --", "worth": "3.50"},
]


@pytest.fixture(scope="module")
def engine(create_database: Callable[[str], str]) -> Iterator[sa.Engine]:
    made = read_engine(create_database("prepared"), connections=1)
    with made.connect() as connection:
        metadata.create_all(connection)
        connection.execute(clients.insert(), ROWS)
    yield made
    made.dispose()


@pytest.mark.parametrize(
    "where",
    [
        sa.true(),
        sa.false(),
        clients.c.owner_id == "s-' OR true --",
        clients.c.owner_id.in_(["s-ada", "s-bo"]),
        sa.or_(clients.c.owner_id.in_([]), clients.c.client_id.like("%2")),
    ],
    ids=str,
)
def test_the_rows_are_those_of_the_select(engine: sa.Engine, where: sa.ColumnElement[bool]) -> None:
    select = sa.select(clients).where(where).order_by(clients.c.client_id).limit(2)
    with engine.connect() as connection:
        expected = [row._asdict() for row in connection.execute(select)]

    found = [row._asdict() for row in Prepared(select).rows(engine)]

    assert found == expected


def test_what_is_asked_differs_each_time(engine: sa.Engine) -> None:
    owner_of = Prepared(sa.select(clients.c.owner_id).where(ASKED), "client_id")

    for row in [*ROWS, *ROWS]:
        (found,) = owner_of.rows(engine, client_id=row["client_id"])
        assert found.owner_id == row["owner_id"]
    assert owner_of.rows(engine, client_id="' OR true --") == []


def test_one_that_failed_leaves_its_connection_to_the_next(engine: sa.Engine) -> None:
    slow = Prepared(sa.select(sa.func.pg_sleep(60).cast(sa.Text)))
    with engine.connect() as connection:  # the only one there is
        connection.exec_driver_sql("SET statement_timeout = 50")

    with pytest.raises(QueryCanceled):
        slow.rows(engine)

    assert len(Prepared(sa.select(clients)).rows(engine)) == len(ROWS)
