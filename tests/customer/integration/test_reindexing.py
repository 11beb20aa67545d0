"""The key of the blind index changes while everybody is found."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from chassis.database import engine
from chassis.paging import Page
from chassis.scope import EVERYTHING
from chassis.sealing.command import run
from services.customer.adapters import tables
from services.customer.adapters.queries import CustomerFilter, CustomerQueries
from services.customer.adapters.sealing import index_keys
from tests.customer.integration.stores import INDEX_KEY, migrated
from tests.customer.integration.vault import Vault
from tests.customer.unit.books import identity
from tests.customer.unit.people import TODAY

NEW = b"n" * 32


@pytest.fixture(scope="module")
def bound(create_database: Callable[[str], str]) -> Iterator[sa.Engine]:
    bound = engine(migrated(create_database("customer_index")))
    yield bound
    bound.dispose()


@pytest.fixture
def old(bound: sa.Engine) -> Vault:
    vault = Vault(bound)
    vault.fill(count=3)
    return vault


def with_keys(old: Vault, *keys: bytes) -> Vault:
    return Vault(old.engine, index_keys=index_keys(*keys))


def found(vault: Vault, q: str) -> list[str]:
    queries = CustomerQueries(vault.engine, vault.sealer, lambda: EVERYTHING)
    wanted = CustomerFilter(today=TODAY, q=q, by_person=True)
    return [
        row["shown"]["customer_id"]
        for row in queries.page(wanted, "created_at", Page.asked(0, ""))[0]
    ]


def test_a_customer_is_found_by_either_key_until_all_are_indexed_anew(old: Vault) -> None:
    both, alone = with_keys(old, NEW, INDEX_KEY), with_keys(old, NEW)
    number = identity(2)
    assert found(both, number) == ["c-2"]
    assert found(alone, number) == []

    assert run(["reindex"], both.desk) == 0

    assert found(alone, number) == found(both, number) == ["c-2"]
    assert found(alone, "林 安达") == ["c-1", "c-2", "c-3"]
    assert found(alone, "+86 138-0013-8000") == ["c-1", "c-2", "c-3"]
    assert found(old, number) == []


def test_an_identity_is_known_under_the_previous_key_too(old: Vault) -> None:
    with with_keys(old, NEW, INDEX_KEY).begin() as work:
        known = work.customers.by_identity([identity(1), identity(3), identity(4)])

    assert {number: each.customer_id for number, each in known.items()} == {
        identity(1): "c-1",
        identity(3): "c-3",
    }


def test_indexing_anew_bumps_no_version_and_changes_nothing_the_second_time(old: Vault) -> None:
    both = with_keys(old, NEW, INDEX_KEY)
    versions = [row.version for row in old.rows()]
    both.reindexing.run()
    once = old.rows()

    assert both.reindexing.run()

    assert [row.version for row in once] == versions
    assert old.rows() == once


def test_two_with_one_identity_number_are_named(old: Vault) -> None:
    customers = tables.customers
    with old.engine.begin() as connection:
        first = customers.c.customer_id == "c-1"
        connection.execute(
            customers.update().where(first).values(identity_index=old.sealer.index("identity", "x"))
        )
        twin = customers.c.customer_id == "c-2"
        taken = old.sealer.index("identity", identity(1))
        connection.execute(customers.update().where(twin).values(identity_index=taken))

    assert run(["reindex"], old.desk) == 1

    assert "customers c-1: another row has the same value already" in old.said
