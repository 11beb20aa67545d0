"""Requests about webhooks, made up from the document, with a database behind."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case

from gateway.config import GatewayConfig
from tests.gateway.conformity import DOCUMENTED
from tests.gateway.made_up import CHECKS
from tests.gateway.running import free_port, running
from tests.gateway.signing import Signing

schema = schemathesis.openapi.from_dict(DOCUMENTED).include(tag="webhooks")
schema.config.phases.coverage.enabled = False


@pytest.fixture(scope="module")
def kept_url(config: GatewayConfig, postgres_url: Callable[[str], str]) -> Iterator[str]:
    kept = replace(config, database_url=postgres_url("gateway"), address=f"127.0.0.1:{free_port()}")
    with running(kept) as url:
        yield url


@schema.parametrize()
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_webhooks_are_as_the_document_says(
    case: Case[Any], kept_url: str, signing: Signing
) -> None:
    for role in ("administrator", "adviser"):
        headers = {"Authorization": f"Bearer {signing.staff(role)}"}
        case.call_and_validate(base_url=f"{kept_url}/v1", headers=headers, checks=CHECKS)
