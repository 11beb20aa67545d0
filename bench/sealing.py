"""Sealing, opening and resealing, each beside what it is made of.

Seal and open stand beside the bare AES-256-GCM of the library with a nonce made for each text;
SM4-GCM beside the bare SM4-GCM; resealing beside bare updates of as many rows in as large
transactions.
"""

import os
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.figure import Figure, show
from chassis.database import engine
from chassis.migrations import migrate
from chassis.sealing.algorithm import Algorithm
from chassis.sealing.ciphers import Box, new_key
from chassis.sealing.columns import holds_sealed
from chassis.sealing.data_keys import DataKeys
from chassis.sealing.keyring import Named, SqlKeyring
from chassis.sealing.master_keys import ConfiguredMasterKeys
from chassis.sealing.resealing import Resealing
from chassis.sealing.sealer import Sealer
from services.customer.adapters.sealed_columns import SEALED
from services.customer.adapters.sealing import index_keys, place_of
from services.customer.adapters.tables import customers

TEXT = "浙江省杭州市西湖区文三路1号"
PLACE = "customer/019a20a5-5c0e-7c4e-9f0e-0a4f3b1f5d11/address"
ROUNDS = 7
TEXTS = 20_000
ROWS = 4_000
BATCH = 200
FIELDS = ("name", "identity", "phone", "wechat", "address")
UPDATE = (
    customers.update()
    .where(customers.c.customer_id == sa.bindparam("row_key"))
    .values({f"{field}_sealed": sa.bindparam(f"new_{field}") for field in FIELDS})
)


class OneKey:
    """A key ring without a table."""

    def __init__(self, algorithm: Algorithm) -> None:
        self._named = Named("k1", Box(algorithm, new_key(algorithm)))

    def current(self) -> Named:
        return self._named

    def of(self, key_id: str) -> Box:
        return self._named.box


def measure(database_url: str) -> None:
    """Print one JSON line per figure. *database_url* is an empty database."""
    texts()
    rows(database_url)


def texts() -> None:
    floors = {Algorithm.AES_256_GCM: bare_aes(), Algorithm.SM4_GCM: bare_sm4()}
    for algorithm, (bare_seal, bare_open) in floors.items():
        sealer = Sealer(OneKey(algorithm), index_keys(bytes(32)))
        sealed = sealer.seal(TEXT, PLACE)
        compare(f"sealing.seal.{algorithm}", partial(sealer.seal, TEXT, PLACE), bare_seal)
        compare(f"sealing.open.{algorithm}", partial(sealer.open, sealed, PLACE), bare_open)


def compare(name: str, ours: Callable[[], Any], floor: Callable[[], Any]) -> None:
    """The median of several rounds, each in turn, so that noise meets both alike."""
    measured = [(per_second(ours), per_second(floor)) for _ in range(ROUNDS)]
    rate, bare = (median(each) for each in zip(*measured, strict=True))
    show(Figure(name, rate, "1/s", "the cipher of the library alone", bare))


def per_second(work: Callable[[], Any]) -> float:
    started = perf_counter()
    for _ in range(TEXTS):
        work()
    return TEXTS / (perf_counter() - started)


def bare_aes() -> tuple[Callable[[], bytes], Callable[[], bytes]]:
    cipher, text, place = AESGCM(os.urandom(32)), TEXT.encode(), PLACE.encode()
    nonce = os.urandom(12)
    sealed = cipher.encrypt(nonce, text, place)
    return (
        lambda: cipher.encrypt(os.urandom(12), text, place),
        lambda: cipher.decrypt(nonce, sealed, place),
    )


def bare_sm4() -> tuple[Callable[[], bytes], Callable[[], bytes]]:
    key, text, place = algorithms.SM4(os.urandom(16)), TEXT.encode(), PLACE.encode()

    def seal(nonce: bytes) -> tuple[bytes, bytes]:
        sealing = Cipher(key, modes.GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(place)
        return sealing.update(text) + sealing.finalize(), sealing.tag

    nonce = os.urandom(12)
    sealed, tag = seal(nonce)

    def opened() -> bytes:
        opening = Cipher(key, modes.GCM(nonce, tag)).decryptor()
        opening.authenticate_additional_data(place)
        return opening.update(sealed) + opening.finalize()

    return lambda: seal(os.urandom(12))[0], opened


def rows(database_url: str) -> None:
    from services.customer.bootstrap import SERVICE

    migrate(database_url, SERVICE.migrations)
    bound = engine(database_url, connections=2)
    masters = ConfiguredMasterKeys({"m1": bytes(32)})
    keys = DataKeys(bound, masters, Algorithm.AES_256_GCM, holds_sealed(SEALED))
    fill(bound, Sealer(SqlKeyring(keys), index_keys(bytes(32))))
    measured = [(resealed(bound, keys), updated(bound)) for _ in range(3)]
    bound.dispose()
    rate, bare = (median(each) for each in zip(*measured, strict=True))
    show(Figure("sealing.reseal", rate, "rows/s", "bare updates in equal batches", bare))


def fill(bound: sa.Engine, sealer: Sealer) -> None:
    empty: dict[str, Any] = {
        column.name: {"ARRAY": [], "JSONB": {}}.get(type(column.type).__name__, "")
        for column in customers.columns
        if not column.nullable and isinstance(column.type, sa.Text | sa.ARRAY | sa.JSON)
    }
    numbers = {"version": 1, "assignment_sequence": 0, "risk_level_sequence": 0}
    made = {"created_at": sa.func.now(), "updated_at": sa.func.now(), "name_index": b"n"}
    with bound.begin() as connection:
        for place in range(ROWS):
            customer_id = f"c-{place:06d}"
            sealed = {
                f"{field}_sealed": sealer.seal(TEXT, place_of(customer_id, field))
                for field in FIELDS
            }
            values = empty | numbers | made | sealed | {"customer_id": customer_id}
            connection.execute(customers.insert().values(values))


def resealed(bound: sa.Engine, keys: DataKeys) -> float:
    keys.rotate()
    sealer = Sealer(SqlKeyring(keys), index_keys(bytes(32)))
    started = perf_counter()
    done = Resealing(bound, SEALED, sealer, lambda line: None).run()
    return done / (perf_counter() - started)


def updated(bound: sa.Engine) -> float:
    """The same columns, with texts that need no key."""
    values = {f"new_{field}": "k0." + "x" * 90 for field in FIELDS}
    with bound.connect() as connection:
        before = connection.execute(sa.select(customers)).all()
    started = perf_counter()
    for first in range(0, ROWS, BATCH):
        batch = before[first : first + BATCH]
        with bound.begin() as connection:
            connection.execute(UPDATE, [{"row_key": row.customer_id, **values} for row in batch])
    rate = ROWS / (perf_counter() - started)
    restore(bound, before)
    return rate


def restore(bound: sa.Engine, before: Sequence[sa.Row[Any]]) -> None:
    rows = [
        {"row_key": row.customer_id}
        | {f"new_{field}": getattr(row, f"{field}_sealed") for field in FIELDS}
        for row in before
    ]
    with bound.begin() as connection:
        connection.execute(UPDATE, rows)
