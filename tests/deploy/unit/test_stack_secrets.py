import json
from pathlib import Path

import pytest

from deploy.local import environment, settings
from deploy.local.ports import SERVICES
from deploy.local.secrets import Secrets


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    return Secrets(tmp_path / "secrets")


def test_a_secret_stays_the_same(secrets: Secrets) -> None:
    assert secrets.password("postgres") == secrets.password("postgres")


def test_every_stack_has_secrets_of_its_own(secrets: Secrets, tmp_path: Path) -> None:
    assert secrets.password("postgres") != Secrets(tmp_path / "other").password("postgres")


def test_only_the_owner_may_read_a_secret(secrets: Secrets) -> None:
    secrets.password("postgres")

    modes = {path.stat().st_mode & 0o777 for path in (secrets.folder, *secrets.folder.iterdir())}
    assert modes == {0o700, 0o600}


def test_the_private_part_of_the_callers_key_stays_with_the_gateway(secrets: Secrets) -> None:
    stack = settings.read({})
    private = json.loads(secrets.signing_key())["d"]

    assert private in str(environment.of_gateway(stack, secrets))
    assert private not in str(environment.of_services(stack, secrets, SERVICES))


def test_a_service_is_not_told_the_secrets_of_another(secrets: Secrets) -> None:
    told = environment.of_services(settings.read({}), secrets, ["product"])

    assert set(told) == {
        "LIHENG_AMQP_URL",
        "LIHENG_CALLER_KEY",
        "LIHENG_PRODUCT_DATABASE_URL",
        "LIHENG_PRODUCT_RPC_ADDRESS",
        "LIHENG_PRODUCT_TLS_CERTIFICATE",
        "LIHENG_PRODUCT_TLS_KEY",
        "LIHENG_PRODUCT_TLS_AUTHORITY",
    }
