"""What the workflow service seals with in tests: whoever opens a database has the same keys."""

from base64 import b64encode

import sqlalchemy as sa

from chassis.config import Keys
from chassis.sealing.config import IndexedConfig
from chassis.sealing.sealer import Sealer
from chassis.sealing.vault import Vault
from services.workflow.bootstrap import vault

KEY = bytes(32)
ENVIRON = {
    "LIHENG_WORKFLOW_MASTER_KEYS": f"m1:{b64encode(KEY).decode()}",
    "LIHENG_WORKFLOW_INDEX_KEY": b64encode(KEY).decode(),
}


def vault_of(bound: sa.Engine, config: IndexedConfig | None = None) -> Vault:
    told = config or IndexedConfig(database_url="", master_keys=Keys(m1=KEY), index_key=KEY)
    return vault(told, bound)


def sealer_of(bound: sa.Engine) -> Sealer:
    return vault_of(bound).sealer
