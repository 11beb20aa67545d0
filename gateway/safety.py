"""What the gateway does not start with."""

from urllib.parse import urlsplit

from chassis import tls
from chassis.config import ConfigurationError
from gateway.config import GatewayConfig


def check(config: GatewayConfig) -> None:
    tls.certificates(config, config.rpc_addresses.values())
    told = urlsplit(config.oidc_issuer)
    if not (told.scheme == "https" or tls.on_this_machine(f"{told.hostname}:") or config.plaintext):
        raise ConfigurationError("LIHENG_OIDC_ISSUER must begin with https://")
    if config.oidc_client_id and not config.oidc_client_secret:
        raise ConfigurationError("LIHENG_OIDC_CLIENT_SECRET is missing beside its client id")
