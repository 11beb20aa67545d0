"""What one service seals with: its keys, and all it has sealed."""

from collections.abc import Callable, Sequence
from functools import partial

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from chassis.sealing.columns import SealedTables, holds_sealed, uses
from chassis.sealing.command import Desk
from chassis.sealing.command import run as run_command
from chassis.sealing.config import SealingConfig
from chassis.sealing.data_keys import DataKeys, FirstKey
from chassis.sealing.index import IndexKeys
from chassis.sealing.keyring import SqlKeyring
from chassis.sealing.master_keys import ConfiguredMasterKeys
from chassis.sealing.resealing import Resealing
from chassis.sealing.sealer import Sealer
from chassis.sealing.unreadable import Unreadable


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
        self.engine = engine
        self._tables = tables
        masters = ConfiguredMasterKeys(config.master_keys)
        self.keys = DataKeys(engine, masters, config.sealing, holds_sealed(tables), first)
        self.sealer = Sealer(SqlKeyring(self.keys), index_keys)

    def command(
        self, program: str, argv: Sequence[str], reindex: Callable[[], bool] | None = None
    ) -> int:
        """`keys argv`, as *program* has it."""
        desk = Desk(
            program=program,
            keys=self.keys,
            uses=partial(uses, self.engine, self._tables),
            resealing=Resealing(self.engine, self._tables, self.sealer, print),
            reindex=reindex,
        )
        return run_command(argv, desk)

    def ready(self) -> bool:
        """The current data key opens under a master key of this process."""
        try:
            return bool(self.sealer.current_key)
        except (Unreadable, SQLAlchemyError):
            return False

    def close(self) -> None:
        self.engine.dispose()
