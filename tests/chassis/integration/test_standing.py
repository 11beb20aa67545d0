"""Connections that the server closed meanwhile."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from chassis.database import engine, read_engine

SELF = sa.text("SELECT pg_backend_pid()")


def writing(url: str) -> sa.Engine:
    return engine(url, ping=True)


@pytest.fixture(params=[writing, read_engine], ids=["write", "read"])
def bound(request: pytest.FixtureRequest, postgres_url: Callable[[str], str]) -> Any:
    made = request.param(postgres_url("suitability"))
    yield made
    made.dispose()


def used(bound: sa.Engine) -> int:
    with bound.connect() as connection:
        return int(connection.execute(SELF).scalar_one())


def terminate(bound: sa.Engine, pid: int) -> None:
    url = bound.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as another:
        another.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_a_connection_that_the_server_closed_is_replaced_unseen(bound: sa.Engine) -> None:
    first = used(bound)
    terminate(bound, first)

    second = used(bound)

    assert second != first
    assert used(bound) == second
