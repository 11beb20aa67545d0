"""What the workflow service seals with in tests: whoever opens a database has the same keys."""

import sqlalchemy as sa

from chassis.sealing.config import IndexedConfig
from chassis.sealing.sealer import Sealer
from chassis.sealing.vault import Vault
from services.workflow.bootstrap import vault
from tests.sealing import KEY, MASTERS, environ_of

ENVIRON = environ_of("workflow")


def vault_of(bound: sa.Engine, config: IndexedConfig | None = None) -> Vault:
    told = config or IndexedConfig(database_url="", master_keys=MASTERS, index_key=KEY)
    return vault(told, bound)


def sealer_of(bound: sa.Engine) -> Sealer:
    return vault_of(bound).sealer
