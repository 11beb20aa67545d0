"""Transactions that are told, as they begin, what holds for them."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database import engine
from chassis.failures import is_outage
from chassis.opening import open_with
from chassis.outbox import conninfo

ODD = "it's \\ 100% :odd; ROLLBACK"


@pytest.fixture
def bound(postgres_url: Callable[[str], str]) -> Iterator[sa.Engine]:
    made = engine(postgres_url("suitability"), connections=1)
    yield made
    made.dispose()


def told(session: Session) -> object:
    return session.scalar(sa.text("SELECT current_setting('liheng.trail', true)"))


def test_what_holds_for_a_transaction_ends_with_it(bound: sa.Engine) -> None:
    with Session(bound) as session:
        open_with(session, **{"liheng.trail": ODD, "statement_timeout": "1234"})
        assert told(session) == ODD
        assert session.scalar(sa.text("SHOW statement_timeout")) == "1234ms"
        session.commit()

        assert not told(session)
        assert session.scalar(sa.text("SHOW statement_timeout")) == "30s"


def test_what_is_not_committed_is_taken_back(bound: sa.Engine) -> None:
    with bound.connect() as connection:
        connection.execute(sa.text("CREATE TABLE opened (number int)"))
        connection.rollback()
    with bound.begin() as connection:
        assert connection.scalar(sa.text("SELECT to_regclass('opened')")) is None


def test_one_transaction_has_one_moment(bound: sa.Engine) -> None:
    moment = sa.text("SELECT now()")
    with bound.connect() as connection:
        first = connection.scalar(moment)
        assert connection.scalar(moment) == first


def test_who_asks_for_no_transaction_gets_none(bound: sa.Engine) -> None:
    with bound.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("CREATE TABLE kept_at_once (number int)"))
        connection.rollback()
    with bound.begin() as connection:
        assert connection.scalar(sa.text("SELECT to_regclass('kept_at_once')")) is not None
        connection.execute(sa.text("DROP TABLE kept_at_once"))


def test_a_session_that_ended_before_its_transaction_began_is_an_outage(bound: sa.Engine) -> None:
    pid = sa.text("SELECT pg_backend_pid()")
    with bound.begin() as connection:
        first = connection.scalar(pid)
    with psycopg.connect(conninfo(shown(bound)), autocommit=True) as another:
        another.execute("SELECT pg_terminate_backend(%s, 5000)", [first])

    with pytest.raises(sa.exc.OperationalError) as raised, bound.begin():
        pass

    assert is_outage(raised.value)
    with bound.begin() as connection:
        assert connection.scalar(pid) != first


def shown(bound: sa.Engine) -> str:
    return bound.url.render_as_string(hide_password=False)
