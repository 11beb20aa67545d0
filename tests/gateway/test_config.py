"""What is wrong in the environment is told by its name, before anything starts."""

import pytest

from chassis.config import ConfigurationError, read
from gateway.webhooks.config import WebhooksConfig

COMPLETE = {
    "LIHENG_GATEWAY_DATABASE_URL": "postgresql://here",
    "LIHENG_AMQP_URL": "amqp://here",
    "LIHENG_GATEWAY_SEALING_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
}


def test_private_networks_that_webhooks_may_go_to_are_read() -> None:
    config = read(
        WebhooksConfig,
        "gateway",
        COMPLETE | {"LIHENG_GATEWAY_WEBHOOK_NETWORKS": "10.1.0.0/16, fd00::/8"},
    )

    assert config.webhook_networks.allows("10.1.2.3")
    assert not config.webhook_networks.allows("10.2.2.3")


@pytest.mark.parametrize("networks", ["10.1.0.1/16", "somewhere", "10.0.0.0/33"])
def test_a_network_that_is_none_is_told_by_its_name(networks: str) -> None:
    with pytest.raises(ConfigurationError, match="LIHENG_GATEWAY_WEBHOOK_NETWORKS is not a valid"):
        read(WebhooksConfig, "gateway", COMPLETE | {"LIHENG_GATEWAY_WEBHOOK_NETWORKS": networks})
