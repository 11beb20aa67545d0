"""The customer service's work on a fresh database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

import sqlalchemy as sa

from chassis.database import begin
from chassis.migrations import migrate
from chassis.scope import EVERYTHING, Scope
from chassis.sealing.keyring import FixedKeyring
from chassis.sealing.sealer import Sealer
from services.customer.adapters import tables
from services.customer.adapters.database import SqlCustomerWork
from services.customer.adapters.sealing import index_keys
from services.customer.bootstrap import SERVICE
from services.customer.usecases.ports import CustomerWork
from tests.tables import without_trail

Begin = Callable[[], AbstractContextManager[CustomerWork]]

KEY, INDEX_KEY = bytes(32), b"i" * 32
SEALER = Sealer(FixedKeyring({"k1": KEY}, "k1"), index_keys(INDEX_KEY))


def sql_begin(engine: sa.Engine, scope: Scope = EVERYTHING) -> Begin:
    return begin(engine, partial(SqlCustomerWork, sealer=SEALER, scope=scope))


def migrated(url: str) -> str:
    migrate(url, SERVICE.migrations)
    return url


def emptied(engine: sa.Engine) -> None:
    """All tables as they are after the migration; the trail stays."""
    names = ", ".join(table.name for table in without_trail(tables.metadata))
    with engine.begin() as connection:
        connection.execute(sa.text(f"TRUNCATE {names}"))
