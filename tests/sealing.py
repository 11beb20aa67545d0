"""What a service seals with in tests: whoever opens a database has the same keys."""

from base64 import b64encode
from collections.abc import Mapping

import sqlalchemy as sa

from chassis.config import Keys
from chassis.sealing.columns import SealedTables
from chassis.sealing.config import SealingConfig
from chassis.sealing.sealer import Sealer
from chassis.sealing.vault import Vault

KEY = bytes(32)
MASTERS = Keys(m1=KEY)


def environ_of(service: str) -> Mapping[str, str]:
    """For a process of its own."""
    key, prefix = b64encode(KEY).decode(), f"LIHENG_{service.upper()}"
    return {f"{prefix}_MASTER_KEYS": f"m1:{key}", f"{prefix}_INDEX_KEY": key}


def sealer_of(bound: sa.Engine, tables: SealedTables) -> Sealer:
    return Vault(SealingConfig(database_url="", master_keys=MASTERS), bound, tables).sealer
