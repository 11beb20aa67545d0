"""Every port of the stack: what it is for, and which one it is unless told otherwise.

All are below 22768, so that SeaweedFS's companions (each port + 10000) stay below the range the
kernel takes outgoing ports from.
"""

from dataclasses import dataclass

SERVICES = ("customer", "product", "suitability", "recording", "workflow", "analytics")
OWNERS = (*SERVICES, "gateway")  # of a database each
COMMANDS = ("rpc", "events", "relay")
COMPANION = 10000


@dataclass(frozen=True)
class Port:
    number: int
    purpose: str
    companion: bool = False  # its owner listens on number + COMPANION as well

    @property
    def highest(self) -> int:
        return self.number + COMPANION if self.companion else self.number


def _probes() -> dict[str, Port]:
    """One per process: of all services together, and of each service when they are split."""
    ports = {}
    for row, command in enumerate(COMMANDS):
        first = 18200 + 10 * row
        ports[f"probe_{command}"] = Port(first, f"health and metrics of {command}")
        for place, service in enumerate(SERVICES, start=1):
            purpose = f"health and metrics of {command}-{service}"
            ports[f"probe_{command}_{service}"] = Port(first + place, purpose)
    return ports


PORTS: dict[str, Port] = {
    "gateway": Port(18080, "REST API"),
    "identity": Port(18090, "sign-in of the example staff"),
    **{
        f"rpc_{service}": Port(18101 + place, f"gRPC of the {service} service")
        for place, service in enumerate(SERVICES)
    },
    **_probes(),
    "probe_gateway": Port(18240, "health and metrics of the gateway"),
    "probe_relay_gateway": Port(18241, "health and metrics of the gateway's relay"),
    "probe_webhooks_gateway": Port(18242, "health and metrics of what sends webhooks"),
    "postgres": Port(18432, "PostgreSQL"),
    "epmd": Port(18369, "RabbitMQ's name server"),
    "amqp": Port(18672, "RabbitMQ"),
    "amqp_management": Port(18673, "RabbitMQ's pages and HTTP API"),
    "amqp_dist": Port(18674, "RabbitMQ's command line"),
    "s3": Port(18333, "S3 server", companion=True),
    "s3_master": Port(18334, "S3 server: master", companion=True),
    "s3_volume": Port(18335, "S3 server: volumes", companion=True),
    "s3_filer": Port(18336, "S3 server: filer", companion=True),
    "s3_admin": Port(18337, "S3 server: administration", companion=True),
}
