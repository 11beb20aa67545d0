"""What the process that sends webhooks needs to know."""

from dataclasses import dataclass, field
from datetime import timedelta

from gateway.sealing import SealingKeys
from gateway.webhooks.addresses import PUBLIC, Reachable


@dataclass(frozen=True, kw_only=True)
class WebhooksConfig(SealingKeys):
    """Read from LIHENG_GATEWAY_<FIELD>, or else from LIHENG_<FIELD>."""

    database_url: str = field(repr=False)
    amqp_url: str = field(repr=False)
    webhook_networks: Reachable = PUBLIC  # as in GatewayConfig
    webhook_lease_seconds: int = 30  # after which a delivery of a killed process is tried again
    webhook_kept_days: int = 30  # settled deliveries, with their bodies, for replays

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.webhook_lease_seconds)
