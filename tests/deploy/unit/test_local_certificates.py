from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis.tls import Certificates
from deploy.local import certificates, settings
from deploy.local.authority import ends, found
from deploy.local.secrets import Secrets, keep
from deploy.local.settings import Settings


@pytest.fixture
def stack(tmp_path: Path) -> Settings:
    return settings.read({"LIHENG_HOME": str(tmp_path)})


@pytest.fixture
def secrets(stack: Settings) -> Secrets:
    return Secrets(stack.home / "secrets")


def texts(stack: Settings, owner: str) -> list[str]:
    return [file.read_text() for file in certificates.files(stack, owner)]


def test_every_process_gets_a_certificate_of_its_own(stack: Settings, secrets: Secrets) -> None:
    certificates.renew(stack, secrets)

    issued = {texts(stack, owner)[0] for owner in certificates.OWNERS}
    assert len(issued) == len(certificates.OWNERS) == 7
    for owner in certificates.OWNERS:
        Certificates(*certificates.files(stack, owner))


def test_what_is_good_stays(stack: Settings, secrets: Secrets) -> None:
    certificates.renew(stack, secrets)
    before = texts(stack, "customer")

    certificates.renew(stack, secrets)

    assert texts(stack, "customer") == before


def test_what_ends_soon_is_renewed(stack: Settings, secrets: Secrets) -> None:
    certificates.renew(stack, secrets)
    old = secrets.authority().issue("customer", ["localhost"], certificates.RENEWED_BEFORE)
    certificate, key, _ = certificates.files(stack, "customer")
    keep(certificate, old.certificate)
    keep(key, old.key)

    certificates.renew(stack, secrets)

    left = ends(texts(stack, "customer")[0]) - datetime.now(UTC)
    assert left > certificates.LIVES - timedelta(minutes=1)


def test_what_is_broken_or_of_another_authority_is_issued_anew(
    stack: Settings, secrets: Secrets
) -> None:
    certificates.renew(stack, secrets)
    keep(certificates.files(stack, "product")[1], "half a key")
    keep(certificates.files(stack, "workflow")[2], found("another").certificate)

    certificates.renew(stack, secrets)

    for owner in ("product", "workflow"):
        Certificates(*certificates.files(stack, owner))
    assert texts(stack, "workflow")[2] == secrets.authority().certificate


def test_only_the_owner_may_read_a_key(stack: Settings, secrets: Secrets) -> None:
    certificates.renew(stack, secrets)

    assert certificates.files(stack, "gateway")[1].stat().st_mode & 0o777 == 0o600
