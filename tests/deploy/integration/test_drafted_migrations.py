from collections.abc import Callable
from importlib import import_module

import pytest
import sqlalchemy as sa

from deploy.local import drafting
from deploy.local.ports import SERVICES

CreateDatabase = Callable[[str], str]


@pytest.mark.parametrize("service", SERVICES)
def test_the_tables_of_a_service_are_what_its_migrations_make(
    service: str, create_database: CreateDatabase
) -> None:
    tables = import_module(f"services.{service}.adapters.tables").metadata

    lines, _ = drafting.difference(create_database(service), service, tables)

    assert lines == []


def test_a_new_column_is_drafted(create_database: CreateDatabase) -> None:
    tables = sa.MetaData()
    for table in import_module("services.customer.adapters.tables").metadata.tables.values():
        table.to_metadata(tables)
    some_table = next(iter(tables.tables.values()))
    some_table.append_column(sa.Column("nationality", sa.Text))

    lines, _ = drafting.difference(create_database("customer"), "customer", tables)

    assert [line for line in lines if "add_column" in line and "nationality" in line]
