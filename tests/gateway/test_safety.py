from dataclasses import replace
from typing import Any

import pytest

from chassis.config import ConfigurationError
from gateway.app import make
from gateway.config import GatewayConfig


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"oidc_issuer": "http://sso.example/realms/bank"}, "must begin with https"),
        ({"oidc_issuer": "sso.example"}, "must begin with https"),
        ({"oidc_client_id": "gateway"}, "CLIENT_SECRET is missing"),
        ({"customer_rpc_address": "customer:9000"}, "can be reached from elsewhere"),
        ({"tls_key": "/a/file"}, "go together"),
    ],
    ids=str,
)
def test_it_does_not_start_unsafely(
    config: GatewayConfig, changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        make(replace(config, **changed))


@pytest.mark.parametrize(
    "changed",
    [
        {"oidc_issuer": "https://sso.example/realms/bank"},
        {"oidc_issuer": "http://[::1]:18090"},
        {"oidc_issuer": "http://sso.mesh", "customer_rpc_address": "customer:9000"},
    ],
    ids=str,
)
def test_it_starts_safely_or_when_told_that_something_else_encrypts(
    config: GatewayConfig, changed: dict[str, Any]
) -> None:
    assert make(replace(config, plaintext="mesh" in str(changed), **changed))
