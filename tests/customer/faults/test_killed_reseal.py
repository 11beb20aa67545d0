"""The command that reseals is killed while it writes: nothing is lost, and it goes on."""

import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from chassis.database import engine
from tests.customer.faults.test_killed_import import ROOT
from tests.customer.integration.stores import INDEX_KEY, KEY, migrated
from tests.customer.integration.vault import M1, Vault
from tests.patience import until

CUSTOMERS = 900
TEXTS = 5 * CUSTOMERS + 5  # the reason twice, the answers, the book and its name


@pytest.fixture
def vault(create_database: Callable[[str], str]) -> Iterator[Vault]:
    bound = engine(migrated(create_database("killed_reseal")))
    made = Vault(bound)
    made.fill(count=CUSTOMERS)
    yield made
    bound.dispose()


def started(bound: sa.Engine) -> subprocess.Popen[bytes]:
    environ = os.environ | {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'contracts'}",
        "LIHENG_CUSTOMER_DATABASE_URL": bound.url.render_as_string(hide_password=False),
        "LIHENG_CUSTOMER_MASTER_KEYS": f"m1:{b64encode(M1).decode()}",
        "LIHENG_CUSTOMER_FIELD_KEY": b64encode(KEY).decode(),
        "LIHENG_CUSTOMER_INDEX_KEY": b64encode(INDEX_KEY).decode(),
    }
    command = [sys.executable, "-m", "services.customer", "keys", "reseal"]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)


@pytest.mark.timeout(240)
def test_resealing_goes_on_where_it_was_killed(vault: Vault) -> None:
    vault.keys.rotate()

    killed = started(vault.engine)
    until("the first batch", lambda: vault.uses().get("k2"), seconds=60)
    killed.kill()
    killed.wait(10)
    meanwhile = vault.uses()
    vault.check_all_is_readable()

    assert sum(meanwhile.values()) == TEXTS
    assert started(vault.engine).wait(120) == 0
    assert vault.uses() == {"k2": TEXTS}
    vault.check_all_is_readable()
