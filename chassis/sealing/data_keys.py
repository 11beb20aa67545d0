"""The data keys of one service, wrapped, in its database."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from chassis.config import ConfigurationError
from chassis.sealing.algorithm import Algorithm
from chassis.sealing.ciphers import Box, new_key
from chassis.sealing.master_keys import MasterKeys
from chassis.sealing.tables import data_keys_table

data_keys = data_keys_table(sa.MetaData())

KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
NUMBERED = re.compile(r"k(\d{1,9})", re.ASCII)
ONE_AT_A_TIME = sa.text("LOCK TABLE data_keys IN SHARE ROW EXCLUSIVE MODE")  # readers go on
IN_ORDER = sa.select(data_keys).order_by(data_keys.c.created_at, data_keys.c.key_id)


@dataclass(frozen=True)
class DataKey:
    key_id: str
    algorithm: str
    wrapped: bytes
    kek_id: str
    created_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True)
class FirstKey:
    """The one that sealed everything before there was a table of keys."""

    key_id: str
    key: bytes


class DataKeys:
    """*holds* asks whether anything is sealed: then there must be a key to it."""

    def __init__(
        self,
        engine: sa.Engine,
        masters: MasterKeys,
        algorithm: Algorithm,
        holds: sa.Select[tuple[bool]],
        first: FirstKey | None = None,
    ) -> None:
        self._engine = engine
        self._masters = masters
        self._algorithm = algorithm
        self._holds = holds
        self._first = first

    def all(self) -> Sequence[DataKey]:
        """Oldest first; at the very first call, one is made."""
        with self._engine.connect() as connection:
            found = read(connection)
        return found or self._begin()

    def rotate(self) -> str:
        """Make a new current key; what runs seals with it within a second."""
        with self._engine.begin() as connection:
            connection.execute(ONE_AT_A_TIME)
            key_id = next_id(read(connection))
            self._add(connection, key_id, self._algorithm, new_key(self._algorithm))
        return key_id

    def rewrap(self) -> int:
        """Wrap with the current master key what another one wrapped."""
        with self._engine.begin() as connection:
            connection.execute(ONE_AT_A_TIME)
            others = [key for key in read(connection) if key.kek_id != self._masters.current]
            for key in others:
                wrapped = self._masters.wrap(self._unwrap(key), about(key.key_id, key.algorithm))
                connection.execute(
                    data_keys.update()
                    .where(data_keys.c.key_id == key.key_id)
                    .values(wrapped=wrapped, kek_id=self._masters.current)
                )
        return len(others)

    def retire(self, key_id: str) -> None:
        """Note that nothing is sealed with it any more; it can still open what turns up."""
        with self._engine.begin() as connection:
            connection.execute(
                data_keys.update()
                .where(data_keys.c.key_id == key_id)
                .where(data_keys.c.retired_at.is_(None))
                .values(retired_at=sa.func.clock_timestamp())
            )

    def now(self) -> datetime:
        """By the clock that dates the keys."""
        with self._engine.connect() as connection:
            now: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
        return now

    def box(self, key: DataKey) -> Box:
        return Box(Algorithm(key.algorithm), self._unwrap(key))

    def _begin(self) -> Sequence[DataKey]:
        with self._engine.begin() as connection:
            connection.execute(ONE_AT_A_TIME)
            if not read(connection):
                self._add_first(connection)
            return read(connection)

    def _add_first(self, connection: sa.Connection) -> None:
        if self._first is not None:
            first = self._first
            self._add(connection, first.key_id, Algorithm.AES_256_GCM, first.key)
        elif connection.execute(self._holds).scalar_one():
            raise ConfigurationError(
                "personal data is sealed with a key that is nowhere: bring back the table "
                "data_keys from a backup (of the customer service before it had one: field_key)"
            )
        else:
            self._add(connection, "k1", self._algorithm, new_key(self._algorithm))

    def _add(
        self, connection: sa.Connection, key_id: str, algorithm: Algorithm, key: bytes
    ) -> None:
        connection.execute(
            data_keys.insert().values(
                key_id=key_id,
                algorithm=algorithm,
                wrapped=self._masters.wrap(key, about(key_id, algorithm)),
                kek_id=self._masters.current,
                created_at=sa.func.clock_timestamp(),
            )
        )

    def _unwrap(self, key: DataKey) -> bytes:
        return self._masters.unwrap(key.wrapped, about(key.key_id, key.algorithm), key.kek_id)


def read(connection: sa.Connection) -> Sequence[DataKey]:
    return [DataKey(*row) for row in connection.execute(IN_ORDER)]


def current(keys: Sequence[DataKey]) -> DataKey:
    """The newest: rotating is all it takes, and only older ones can be retired."""
    return keys[-1]


def next_id(keys: Sequence[DataKey]) -> str:
    numbers = [int(found[1]) for key in keys if (found := NUMBERED.fullmatch(key.key_id))]
    return f"k{max(numbers, default=0) + 1}"


def about(key_id: str, algorithm: str) -> bytes:
    """A wrapped key is good under its own name and for its own algorithm only."""
    return f"data-key/{key_id}/{algorithm}".encode()


def first_key(key_id: str, key: bytes) -> FirstKey | None:
    if not key:
        return None
    if len(key) != Algorithm.AES_256_GCM.key_bytes or not KEY_ID.fullmatch(key_id):
        raise ConfigurationError("field_key has 32 bytes, and an id of letters and digits")
    return FirstKey(key_id, key)
