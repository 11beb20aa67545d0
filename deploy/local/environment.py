"""What each process of the application is told through its environment."""

from collections.abc import Mapping, Sequence

from deploy.local import certificates, postgres, rabbitmq, seaweed
from deploy.local.ports import SERVICES
from deploy.local.secrets import Secrets
from deploy.local.settings import CHECKOUT, Settings

AUDIENCE = "liheng"
GATEWAY = "gateway"  # the client as which the gateway asks the provider about sessions
SEALING = ("workflow", "recording")  # seal what was typed of clients, each under keys of its own
LICENCE = "fund_distributor"  # the example institution's


def of_services(settings: Settings, secrets: Secrets, services: Sequence[str]) -> dict[str, str]:
    """Only what these services need: no process gets the key of another's data."""
    environ = {
        "LIHENG_AMQP_URL": rabbitmq.url(settings, secrets),
        "LIHENG_CALLER_KEY": secrets.verifying_key(),
    }
    for service in services:
        prefix = f"LIHENG_{service.upper()}"
        environ[f"{prefix}_DATABASE_URL"] = postgres.service_url(settings, secrets, service)
        environ[f"{prefix}_RPC_ADDRESS"] = settings.address(f"rpc_{service}")
        environ |= certificates.told(settings, service)
        if service in SEALING:
            environ |= _sealing(service, secrets)
    own = {"customer": _customer, "suitability": _suitability, "recording": _recording}
    for service in services:
        if service in own:
            environ |= own[service](settings, secrets)
    return environ


def _sealing(service: str, secrets: Secrets) -> Mapping[str, str]:
    prefix = f"LIHENG_{service.upper()}"
    return {
        f"{prefix}_MASTER_KEYS": f"m1:{secrets.key(f'{service}-master')}",
        f"{prefix}_INDEX_KEY": secrets.key(f"{service}-index"),
    }


def _customer(_: Settings, secrets: Secrets) -> Mapping[str, str]:
    return {
        "LIHENG_CUSTOMER_MASTER_KEYS": f"m1:{secrets.key('master')}",
        "LIHENG_CUSTOMER_INDEX_KEY": secrets.key("index"),
        **_sealed_before(secrets),
    }


def _sealed_before(secrets: Secrets) -> Mapping[str, str]:
    """The key of a stack that was first started before there were data keys."""
    key = secrets.kept("field-key")
    return {"LIHENG_CUSTOMER_FIELD_KEY": key} if key else {}


def _suitability(_: Settings, __: Secrets) -> Mapping[str, str]:
    return {"LIHENG_SUITABILITY_LICENCE": LICENCE}


def _recording(settings: Settings, secrets: Secrets) -> Mapping[str, str]:
    return {
        "LIHENG_RECORDING_S3_ENDPOINT": settings.address("s3"),
        "LIHENG_RECORDING_S3_ACCESS_KEY": seaweed.RECORDER,
        "LIHENG_RECORDING_S3_SECRET_KEY": secrets.password(f"s3-{seaweed.RECORDER}"),
        "LIHENG_RECORDING_S3_BUCKET": seaweed.BUCKET,
        "LIHENG_RECORDING_S3_REGION": seaweed.REGION,
        "LIHENG_RECORDING_LICENCE": LICENCE,
    }


def of_gateway(settings: Settings, secrets: Secrets) -> dict[str, str]:
    """The gateway alone signs callers."""
    addresses = {
        f"LIHENG_{service.upper()}_RPC_ADDRESS": settings.address(f"rpc_{service}")
        for service in SERVICES
    }
    return {
        "LIHENG_GATEWAY_ADDRESS": settings.address("gateway"),
        "LIHENG_CALLER_SIGNING_KEY": secrets.signing_key(),
        "LIHENG_OIDC_ISSUER": settings.url("identity"),
        "LIHENG_OIDC_AUDIENCE": AUDIENCE,
        "LIHENG_OIDC_TEAM_CLAIM": "attributes.team_id",
        "LIHENG_OIDC_BRANCH_CLAIM": "attributes.branch_id",
        "LIHENG_OIDC_CLIENT_ID": GATEWAY,
        "LIHENG_OIDC_CLIENT_SECRET": secrets.password(GATEWAY),
        "LIHENG_GATEWAY_BUDGETS": str(CHECKOUT / "deploy" / "local" / "limits.toml"),
        "LIHENG_GATEWAY_SECOND_FACTOR": "false",  # the local provider's access tokens say no amr
        "LIHENG_PROBE_PORT": str(settings.ports["probe_gateway"]),
        **certificates.told(settings, "gateway"),
        **of_store(settings, secrets),
        **of_webhooks(secrets),
        **addresses,
    }


def of_store(settings: Settings, secrets: Secrets) -> dict[str, str]:
    """For what runs beside the gateway, on its database."""
    return {
        "LIHENG_AMQP_URL": rabbitmq.url(settings, secrets),
        "LIHENG_GATEWAY_DATABASE_URL": postgres.service_url(settings, secrets, "gateway"),
    }


def of_webhooks(secrets: Secrets) -> dict[str, str]:
    """On this machine webhooks may go to this machine, and in clear."""
    return {
        "LIHENG_GATEWAY_SEALING_KEY": secrets.key("gateway-sealing"),
        "LIHENG_GATEWAY_WEBHOOK_NETWORKS": "127.0.0.0/8",
    }


def of_tests(settings: Settings, secrets: Secrets) -> dict[str, str]:
    """The servers' administrators: tests make databases, virtual hosts and buckets of their own."""
    return {
        "LIHENG_TEST_POSTGRES_URL": postgres.superuser_url(settings, secrets),
        "LIHENG_TEST_AMQP_URL": rabbitmq.url(settings, secrets),
        "LIHENG_TEST_AMQP_API": rabbitmq.management_url(settings, secrets),
        "LIHENG_TEST_S3_ENDPOINT": settings.address("s3"),
        "LIHENG_TEST_S3_ACCESS_KEY": seaweed.ADMINISTRATOR,
        "LIHENG_TEST_S3_SECRET_KEY": secrets.password(f"s3-{seaweed.ADMINISTRATOR}"),
        "LIHENG_TEST_S3_REGION": seaweed.REGION,
    }
