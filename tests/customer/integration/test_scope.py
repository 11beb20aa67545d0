"""Who sees which customers, and that SQL and the domain agree on it."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.database import engine
from chassis.paging import Page
from chassis.scope import Reach, Scope
from services.customer.adapters.queries import CustomerFilter, CustomerQueries
from services.customer.domain.customer import Customer, Origin, Person, State
from services.customer.domain.staff import Assignment
from services.customer.usecases.ports import CustomerWork
from tests.customer.integration.stores import SEALER, Begin, emptied, migrated, sql_begin
from tests.customer.unit.fakes import fake_begin
from tests.customer.unit.people import NOON, TODAY, somebody

STAFF = ("", "s-1", "s-2")
TEAMS = ("", "t-1", "t-2")
BRANCHES = ("", "b-1", "b-2")
PAGE = Page.asked(200, "")

assignments = st.builds(
    Assignment, st.sampled_from(STAFF), st.sampled_from(TEAMS), st.sampled_from(BRANCHES)
)
people = st.lists(st.tuples(assignments, st.sampled_from(STAFF)), max_size=6)
scopes = st.builds(
    Scope,
    reach=st.sampled_from(Reach),
    staff_id=st.sampled_from(STAFF),
    team_id=st.sampled_from(TEAMS),
    branch_id=st.sampled_from(BRANCHES),
    shared_owners=st.frozensets(st.sampled_from(STAFF[1:])),
    shared_subjects=st.frozensets(st.sampled_from(("c-0", "c-1"))),
)


def person(number: int, to: Assignment, registered_by: str) -> Customer:
    return Customer(
        customer_id=f"c-{number}",
        state=State.PROSPECT,
        person=Person(name="林安达"),
        origin=Origin("walk_in", registered_by=registered_by),
        created_at=NOON,
        updated_at=NOON,
        assignment=to,
    )


@pytest.fixture(scope="module")
def database(create_database: Callable[[str], str]) -> Iterator[sa.Engine]:
    bound = engine(migrated(create_database("customer_scope")))
    yield bound
    bound.dispose()


def scoped(name: str, database: sa.Engine, customers: list[Customer], scope: Scope) -> Begin:
    """A work that sees *scope*, in a store that holds *customers*."""
    if name == "sql":
        emptied(database)
        with sql_begin(database)() as work:
            work.customers.add(*customers)
            work.commit()
        return sql_begin(database, scope)
    begin = fake_begin(scope)
    with begin() as fake:
        fake.customers.add(*customers)
        fake.commit()
    return begin


def found(work: CustomerWork, customers: list[Customer]) -> list[str]:
    asked = [customer.customer_id for customer in customers]
    return [customer_id for customer_id in asked if work.customers.find(customer_id)]


@given(people, scopes)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_lists_and_changes_reach_exactly_what_the_domain_says(
    database: sa.Engine, described: list[tuple[Assignment, str]], scope: Scope
) -> None:
    customers = [person(number, *each) for number, each in enumerate(described)]
    begin = scoped("sql", database, customers, scope)
    expected = [each.customer_id for each in customers if each.seen_by(scope)]

    with begin() as work:
        changeable = found(work, customers)
    queries = CustomerQueries(database, SEALER, lambda: scope)
    listed, _ = queries.page(CustomerFilter(today=TODAY), "created_at", PAGE)

    assert changeable == expected
    assert sorted(row["shown"]["customer_id"] for row in listed) == sorted(expected)


@pytest.mark.parametrize("name", ["fake", "sql"])
@pytest.mark.parametrize(
    ("reach", "expected"),
    [
        (Reach.NONE, []),
        (Reach.OWN, ["c-0", "c-3"]),
        (Reach.TEAM, ["c-0", "c-1", "c-3"]),
        (Reach.BRANCH, ["c-0", "c-1", "c-2", "c-3"]),
        (Reach.INSTITUTION, ["c-0", "c-1", "c-2", "c-3", "c-4"]),
    ],
)
def test_each_reach_finds_its_own(
    database: sa.Engine, name: str, reach: Reach, expected: list[str]
) -> None:
    described = [
        (Assignment("s-1", "t-1", "b-1"), ""),
        (Assignment("s-2", "t-1", "b-1"), ""),
        (Assignment("s-3", "t-2", "b-1"), ""),
        (Assignment(), "s-1"),
        (Assignment("s-4", "t-4", "b-4"), "s-1"),
    ]
    customers = [person(number, *each) for number, each in enumerate(described)]
    scope = Scope(reach=reach, staff_id="s-1", team_id="t-1", branch_id="b-1")

    with scoped(name, database, customers, scope)() as work:
        assert found(work, customers) == expected


@pytest.mark.parametrize("name", ["fake", "sql"])
def test_an_identity_number_is_looked_up_in_any_scope_and_told_by_no_contested_claim(
    database: sa.Engine, name: str
) -> None:
    first, second = somebody("c-1"), somebody("c-2")
    for customer in (first, second):
        customer.person = Person(name="林安达", identity_number="440305196107305312")
    second.identity_contested = True
    nobodys = Scope(reach=Reach.OWN, staff_id="s-nobody")

    with scoped(name, database, [first, second], nobodys)() as work:
        holders = work.customers.by_identity(["440305196107305312"])

    assert [holder.customer_id for holder in holders.values()] == ["c-1"]
