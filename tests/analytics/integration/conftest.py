"""The read models of this session, empty for each test."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from chassis.database import Engines, begin, engine, read_engine
from chassis.identity import Caller, set_caller
from chassis.scope import Reach
from services.analytics.adapters import tables
from services.analytics.adapters.database import SqlAnalyticsWork
from services.analytics.adapters.queries import AnalyticsQueries
from services.analytics.entrypoints.rpc import AnalyticsServicer
from tests.analytics.bus import NOON, SHANGHAI, Listener
from tests.tables import without_trail

EMPTIED = [table.name for table in without_trail(tables.metadata) if table.name != "freshness"]


@pytest.fixture(scope="session")
def engines(postgres_url: Callable[[str], str]) -> Iterator[Engines]:
    url = postgres_url("analytics")
    made = Engines(engine(url), read_engine(url))
    yield made
    made.close()


@pytest.fixture
def database(engines: Engines) -> sa.Engine:
    empty(engines.writes)
    return engines.writes


@pytest.fixture
def listener(database: sa.Engine) -> Listener:
    return Listener(begin(database, SqlAnalyticsWork))


@pytest.fixture
def queries(engines: Engines, database: sa.Engine) -> AnalyticsQueries:
    return AnalyticsQueries(engines.reads)


@pytest.fixture
def service(queries: AnalyticsQueries) -> AnalyticsServicer:
    """Called by whoever sees all of the institution, until a test says otherwise."""
    set_caller(Caller("s-management", reach=Reach.INSTITUTION))
    return AnalyticsServicer(queries, lambda: NOON, SHANGHAI)


def empty(database: sa.Engine) -> None:
    with database.begin() as connection:
        connection.execute(sa.text(f"TRUNCATE {', '.join(EMPTIED)}"))
        connection.execute(
            tables.freshness.update().values(events_applied=0, last_event_at=sa.null())
        )
