"""Two institutions side by side, with one provider that both trust."""

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module

import pytest
import uuid_utils
from hypothesis import settings

from chassis import custody
from chassis.trail import Entry
from chassis.trail.refusals import Refusals
from gateway.takings import Takings
from services.recording.adapters.bucket import Bucket, prepare
from tests.gateway.fakes import FakeProvider
from tests.gateway.signing import AUDIENCE, Signing
from tests.noninterference.cast import NOW
from tests.noninterference.ids import IDS
from tests.noninterference.serving import Servers, stack_running
from tests.noninterference.stacks import Stack
from tests.servers import S3

# Pairs of worlds per role; a pair takes seconds.
WORLDS = 50 if settings.get_current_profile_name() == "thorough" else 2

WEBHOOKS = (
    "gateway.routes.deliveries",
    "gateway.routes.webhooks",
    "gateway.webhooks.desk",
    "gateway.webhooks.repeats",
)
SECRET = "whsec_" + "A" * 43 + "="


class Untold(Takings):
    def to_tell(self, caller: str, operation: str, rows: int) -> int:
        return 0


class EachRefusal(Refusals):
    def to_write(self, source: str, entry: Entry) -> list[Entry]:
        return [entry]


@pytest.fixture(scope="session")
def patched() -> Iterator[None]:
    """Ids depend on what they are for; grants count at once, as worlds change in an instant.

    Webhooks are made now, under one secret; nothing is written down by how fast people ask.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module in map(import_module, WEBHOOKS):
            patch.setattr(module, "system_clock", lambda: NOW)
        patch.setattr(import_module("gateway.routes.webhooks"), "new_secret", lambda: SECRET)
        patch.setattr(import_module("gateway.trail"), "Takings", Untold)
        for name in ("gateway.trail", "chassis.trail.rpc"):
            patch.setattr(import_module(name), "Refusals", EachRefusal)
        patch.setattr(uuid_utils, "uuid7", IDS)
        patch.setattr(custody, "Scopes", partial(custody.Scopes, fresh_for=0.0))
        yield


@pytest.fixture(scope="session")
def provider() -> Iterator[FakeProvider]:
    made = FakeProvider()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def signing(provider: FakeProvider) -> Signing:
    made = Signing(provider.issuer)
    provider.keys.append(made.public)
    return made


@pytest.fixture(scope="session")
def servers(
    create_database: Callable[[str], str], create_vhost: Callable[[str], str], s3: S3
) -> Servers:
    prepare(Bucket(s3.endpoint, s3.access_key, s3.secret_key, s3.bucket))
    return Servers(create_database, create_vhost, s3)


@pytest.fixture(scope="session")
def stacks(
    patched: None,
    servers: Servers,
    provider: FakeProvider,
    signing: Signing,
) -> Iterator[tuple[Stack, Stack]]:
    with (
        stack_running(servers, provider.issuer, AUDIENCE) as one,
        stack_running(servers, provider.issuer, AUDIENCE) as other,
    ):
        yield one, other
