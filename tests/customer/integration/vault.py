"""A customer database with something in every sealed column, and the keys to it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

import sqlalchemy as sa

from chassis.database import begin
from chassis.sealing.algorithm import Algorithm
from chassis.sealing.columns import holds_sealed, uses
from chassis.sealing.command import Desk
from chassis.sealing.data_keys import DataKeys, FirstKey
from chassis.sealing.index import IndexKeys
from chassis.sealing.keyring import SqlKeyring
from chassis.sealing.master_keys import ConfiguredMasterKeys
from chassis.sealing.reindexing import Reindexing
from chassis.sealing.resealing import Resealing
from chassis.sealing.sealer import Sealer
from services.customer.adapters import tables
from services.customer.adapters.database import SqlCustomerWork
from services.customer.adapters.sealed_columns import SEALED
from services.customer.adapters.sealing import index_keys as keyed
from services.customer.domain.importing import Import
from services.customer.domain.kyc import Kyc, KycRecord, KycState
from tests.customer.integration.customers import add, customer
from tests.customer.integration.stores import INDEX_KEY, KEY, Begin, emptied
from tests.customer.unit.people import ANSWERS, NOON

M1, M2 = b"1" * 32, b"2" * 32
FIRST = FirstKey("k1", KEY)
REJECTED = Kyc(
    kyc_id="kyc-1",
    state=KycState.REJECTED,
    submitted_by="s-wang",
    submitted_at=NOON,
    reviewed_by="s-review",
    reviewed_at=NOON,
    reason="林安达 did not sign",
)
BOOK = b"a book"


class Vault:
    """One process: what it knows of keys it learns from the table."""

    def __init__(
        self,
        engine: sa.Engine,
        masters: Mapping[str, bytes] | None = None,
        *,
        algorithm: Algorithm = Algorithm.AES_256_GCM,
        first: FirstKey | None = FIRST,
        index_keys: IndexKeys | None = None,
    ) -> None:
        self.engine = engine
        held = ConfiguredMasterKeys(masters or {"m1": M1})
        self.keys = DataKeys(engine, held, algorithm, holds_sealed(SEALED), first)
        self.sealer = Sealer(SqlKeyring(self.keys), index_keys or keyed(INDEX_KEY))
        self.begin: Begin = begin(engine, partial(SqlCustomerWork, sealer=self.sealer))
        self.said: list[str] = []
        self.resealing = Resealing(engine, SEALED, self.sealer, self.said.append)
        self.reindexing = Reindexing(engine, SEALED[0], self.sealer, self.said.append)

    @property
    def desk(self) -> Desk:
        return Desk("…", self.keys, self.uses, self.resealing, self.reindexing.run)

    def uses(self) -> Mapping[str, int]:
        return uses(self.engine, SEALED)

    def fill(self, count: int = 1) -> None:
        """Customers c-1 and so on; the first was rejected, and a book is waiting."""
        emptied(self.engine)
        somebody = [customer(f"c-{n}", n) for n in range(1, count + 1)]
        somebody[0].kyc = REJECTED
        add(self.begin, *somebody)
        with self.begin() as work:
            work.customers.keep_kyc(KycRecord(customer_id="c-1", kyc=REJECTED, answers=ANSWERS))
            received = Import(
                import_id="i-1",
                file_name="book.xlsx",
                digest="",
                received_by="s-ops",
                received_at=NOON,
            )
            work.imports.add(received, BOOK)
            work.commit()

    def check_all_is_readable(self) -> None:
        with self.begin() as work:
            read = work.customers.get("c-1")
            assert read.person == customer("c-1", 1).person
            assert read.kyc == REJECTED
            assert work.imports.content("i-1") == BOOK
            assert work.imports.get("i-1").file_name == "book.xlsx"

    def rows(self, table: sa.Table = tables.customers) -> Sequence[sa.Row[tuple[object, ...]]]:
        with self.engine.connect() as connection:
            return connection.execute(sa.select(table).order_by(*table.primary_key)).all()

    def age(self, by: timedelta) -> None:
        """As if all keys were made that long ago."""
        made = tables.data_keys.c.created_at
        with self.engine.begin() as connection:
            connection.execute(tables.data_keys.update().values(created_at=made - by))
