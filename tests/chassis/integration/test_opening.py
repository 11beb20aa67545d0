"""Transactions that are told, as they begin, what holds for them."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database import engine
from chassis.opening import open_with

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
