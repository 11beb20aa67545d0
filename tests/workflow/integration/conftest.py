"""Units of work on the fake and on the real database, under the same tests."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import pytest

from chassis.database import begin, engine
from chassis.ids import new_id
from chassis.scope import EVERYTHING, Scope
from services.workflow.adapters.database import SqlWorkflowWork
from services.workflow.usecases.ports import WorkflowWork
from tests.workflow.begin import Begin
from tests.workflow.examples import NOON
from tests.workflow.integration.house import House, open_house
from tests.workflow.integration.sealed import sealer_of
from tests.workflow.unit.fakes import fake_begin


@pytest.fixture
def sql_begin(database: str) -> Iterator[Begin]:
    bound = engine(database)
    sealer = sealer_of(bound)

    def begin_sql(scope: Scope = EVERYTHING) -> AbstractContextManager[WorkflowWork]:
        return begin(bound, partial(SqlWorkflowWork, sealer=sealer, scope=scope))()

    yield begin_sql
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


@pytest.fixture
def client(house: House) -> str:
    """A client whom Ada looks after."""
    customer_id = new_id()
    house.onboard(customer_id)
    return customer_id
