"""What one service seals with: its keys, and all it has sealed."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from chassis.config import read
from chassis.database import engine as engine_at
from chassis.sealing.columns import SealedTables, holds_sealed, uses
from chassis.sealing.command import Desk
from chassis.sealing.command import run as run_command
from chassis.sealing.config import SealingConfig
from chassis.sealing.data_keys import DataKeys, FirstKey
from chassis.sealing.index import IndexKeys
from chassis.sealing.keyring import SqlKeyring
from chassis.sealing.master_keys import ConfiguredMasterKeys
from chassis.sealing.reindexing import Reindexing
from chassis.sealing.resealing import Resealing
from chassis.sealing.sealer import Sealer
from chassis.sealing.unreadable import Unreadable

K = TypeVar("K", bound=SealingConfig)


class Vault:
    """*engine* is for keys only: they are read in the middle of other transactions."""

    def __init__(
        self,
        config: SealingConfig,
        engine: sa.Engine,
        tables: SealedTables,
        index_keys: IndexKeys | None = None,
        first: FirstKey | None = None,
    ) -> None:
        self._engine = engine
        self._tables = tables
        masters, holds = ConfiguredMasterKeys(config.master_keys), holds_sealed(tables)
        self.keys = DataKeys(engine, masters, config.sealing, holds, first)
        self.sealer = Sealer(SqlKeyring(self.keys), index_keys)

    def desk(self, program: str, say: Callable[[str], None]) -> Desk:
        """What the command `keys` of *program* works with."""
        anew = [Reindexing(self._engine, of, self.sealer, say) for of in self._tables if of.indexed]

        def reindex() -> bool:
            whole = [each.run() for each in anew]
            return all(whole)

        return Desk(
            program=program,
            keys=self.keys,
            uses=partial(uses, self._engine, self._tables),
            resealing=Resealing(self._engine, self._tables, self.sealer, say),
            reindex=reindex if anew else None,
        )

    def ready(self) -> bool:
        """The current data key opens under a master key of this process."""
        try:
            return bool(self.sealer.current_key)
        except (Unreadable, SQLAlchemyError):
            return False

    def close(self) -> None:
        self._engine.dispose()


def keys_command(
    name: str, kind: type[K], vault: Callable[[K, sa.Engine], Vault]
) -> Callable[[Sequence[str]], int]:
    """`python -m services.NAME keys`, which needs no more of the configuration than *kind*."""

    def keys(argv: Sequence[str]) -> int:
        config = read(kind, name, os.environ)
        opened = vault(config, engine_at(config.database_url, connections=2))
        try:
            return run_command(argv, opened.desk(f"python -m services.{name}", print))
        finally:
            opened.close()

    return keys
