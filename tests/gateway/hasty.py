"""A gateway that waits for nobody, so that tests of slow clients are quick."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from gateway.config import GatewayConfig
from gateway.connection import Bounds, Connection
from tests.gateway.running import free_port, running

SECOND = 0.6


class Hasty(Connection):
    bounds = Bounds(head_seconds=SECOND, body_seconds=SECOND, connections=20)


@pytest.fixture(scope="module")
def hasty(config: GatewayConfig) -> Iterator[str]:
    with running(replace(config, address=f"127.0.0.1:{free_port()}"), protocol=Hasty) as url:
        yield url
