from collections.abc import Callable
from importlib import import_module

import pytest
import sqlalchemy as sa

from deploy.local import drafting
from deploy.local.ports import OWNERS

CreateDatabase = Callable[[str], str]


@pytest.mark.parametrize("owner", OWNERS)
def test_the_tables_are_what_the_migrations_make(
    owner: str, create_database: CreateDatabase
) -> None:
    tables = drafting.tables_of(owner)

    lines, _ = drafting.difference(create_database(owner), owner, tables)

    assert lines == []


def test_a_new_column_is_drafted(create_database: CreateDatabase) -> None:
    tables = sa.MetaData()
    for table in import_module("services.customer.adapters.tables").metadata.tables.values():
        table.to_metadata(tables)
    some_table = next(iter(tables.tables.values()))
    some_table.append_column(sa.Column("nationality", sa.Text))

    lines, _ = drafting.difference(create_database("customer"), "customer", tables)

    assert [line for line in lines if "add_column" in line and "nationality" in line]
