"""What the gateway needs to know."""

from dataclasses import dataclass, field

from gateway.sealing import SealingKeys
from gateway.webhooks.addresses import PUBLIC, Reachable


@dataclass(frozen=True, kw_only=True)
class GatewayConfig(SealingKeys):
    """Read from LIHENG_GATEWAY_<FIELD>, or else from LIHENG_<FIELD>."""

    customer_rpc_address: str  # host:port, or a name that resolves to every pod
    product_rpc_address: str
    suitability_rpc_address: str
    recording_rpc_address: str
    workflow_rpc_address: str
    analytics_rpc_address: str
    database_url: str = field(repr=False)  # the gateway's own
    amqp_url: str = field(repr=False)
    webhook_networks: Reachable = PUBLIC  # private ones that webhooks may go to; commas
    feed_kept: str = "1h"  # how far back clients of the feed can go; fixed when the stream is made
    caller_signing_key: str = field(repr=False)  # private Ed25519 JWK, or a set
    oidc_issuer: str  # exactly as the provider's tokens say
    oidc_authority: str = ""  # file of certificates to trust it by; else the public ones
    oidc_audience: str = "liheng"
    oidc_subject_claim: str = "sub"  # dotted paths into a token's claims
    oidc_roles_claim: str = "roles"
    oidc_team_claim: str = "team_id"
    oidc_branch_claim: str = "branch_id"
    oidc_client_id: str = ""  # with its secret: asks the provider whether sessions go on
    oidc_client_secret: str = field(default="", repr=False)
    oidc_acr_values: str = ""  # of the provider, that mean a second factor; with spaces between
    second_factor: bool = True  # privileged roles need one
    systems_need_certificates: bool = False  # and tokens bound to them
    terminator_secret: str = field(default="", repr=False)  # with client certificates in headers
    cors_origins: str = ""  # separated by commas
    address: str = "127.0.0.1:8080"  # host:port to listen on
    listen_certificate: str = ""  # PEM files; with them it listens over TLS of its own
    listen_key: str = ""
    client_authority: str = ""  # PEM file; clients may show certificates of it
    budgets: str = ""  # file in the place of gateway/limits.toml
    trusted_proxies: str = ""  # whose X-Forwarded-For counts; separated by commas
    tls_certificate: str = ""  # PEM files; with all three, services are called over mutual TLS
    tls_key: str = ""
    tls_authority: str = ""
    plaintext: bool = False  # without them, even to services elsewhere
    probe_host: str = "127.0.0.1"
    probe_port: int
    log_level: str = "INFO"

    @property
    def allowed_origins(self) -> list[str]:
        return [origin for origin in self.cors_origins.split(",") if origin]

    @property
    def rpc_addresses(self) -> dict[str, str]:
        return {
            "customer": self.customer_rpc_address,
            "product": self.product_rpc_address,
            "suitability": self.suitability_rpc_address,
            "recording": self.recording_rpc_address,
            "workflow": self.workflow_rpc_address,
            "analytics": self.analytics_rpc_address,
        }

    @property
    def host(self) -> str:
        return self.address.rpartition(":")[0]

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])
