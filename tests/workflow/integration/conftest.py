"""Units of work on the fake and on the real database, under the same tests."""

from collections.abc import Callable, Iterator

import pytest

from chassis.database import begin, engine
from services.workflow.adapters.database import SqlWorkflowWork
from tests.workflow.begin import Begin
from tests.workflow.examples import NOON
from tests.workflow.integration.house import House, open_house
from tests.workflow.unit.fakes import fake_begin


@pytest.fixture
def sql_begin(database: str) -> Iterator[Begin]:
    bound = engine(database)
    yield begin(bound, SqlWorkflowWork)
    bound.dispose()


@pytest.fixture(scope="session")
def database(postgres_url: Callable[[str], str]) -> str:
    return postgres_url("workflow")


@pytest.fixture(params=["fake", "sql"])
def work(request: pytest.FixtureRequest) -> Begin:
    if request.param == "fake":
        return fake_begin()
    begin_sql: Begin = request.getfixturevalue("sql_begin")
    return begin_sql


@pytest.fixture(scope="session")
def opened(database: str) -> Iterator[House]:
    with open_house(database) as opened:
        yield opened


@pytest.fixture
def house(opened: House) -> House:
    """Every test begins at noon."""
    opened.now = NOON
    return opened
