"""The six services, as the gateway calls them: balanced, guarded, reads tried again."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import grpc
from google.protobuf.descriptor import FileDescriptor

from chassis.tls import Certificates, certificates
from gateway.channels import open_channel
from gateway.config import GatewayConfig
from gateway.guard import Guard
from liheng.analytics.v1 import analytics_pb2
from liheng.analytics.v1.analytics_pb2_grpc import AnalyticsServiceStub
from liheng.customer.v1 import customer_pb2
from liheng.customer.v1.customer_pb2_grpc import CustomerServiceStub
from liheng.operations.v1.operations_pb2_grpc import OperationsServiceStub
from liheng.product.v1 import product_pb2
from liheng.product.v1.product_pb2_grpc import ProductServiceStub
from liheng.recording.v1 import recording_pb2
from liheng.recording.v1.recording_pb2_grpc import RecordingServiceStub
from liheng.suitability.v1 import classes_pb2, packs_pb2, suitability_pb2
from liheng.suitability.v1.classes_pb2_grpc import CustomerClassServiceStub
from liheng.suitability.v1.packs_pb2_grpc import RehearsalServiceStub, RulePackServiceStub
from liheng.suitability.v1.suitability_pb2_grpc import SuitabilityServiceStub
from liheng.trail.v1.trail_pb2_grpc import TrailServiceStub
from liheng.workflow.v1 import workflow_pb2
from liheng.workflow.v1.workflow_pb2_grpc import WorkflowServiceStub

Req = TypeVar("Req")
Res = TypeVar("Res")
UnaryCall = grpc.aio.UnaryUnaryMultiCallable[Req, Res]

PATIENCE = 5.0  # seconds
LONG_PATIENCE = 60.0  # seconds; imports and seals move files
LARGEST_MESSAGE = 4 * 1024 * 1024  # bytes
READS = ("Get", "List")


def service_config(*contracts: FileDescriptor) -> str:
    """Balance over all addresses; try a read again, and nothing else.

    There is no timeout here: it fires far too early (docs/decisions).
    """
    retried = [
        {"service": service.full_name, "method": method.name}
        for contract in contracts
        for service in contract.services_by_name.values()
        for method in service.methods
        if method.name.startswith(READS)
    ]
    policy = {
        "maxAttempts": 4,
        "initialBackoff": "0.05s",
        "maxBackoff": "0.5s",
        "backoffMultiplier": 3,
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    return json.dumps(
        {
            "loadBalancingConfig": [{"round_robin": {}}],
            "methodConfig": [{"name": retried, "retryPolicy": policy}],
        }
    )


def connect(
    address: str, contracts: Sequence[FileDescriptor], certificates: Certificates | None = None
) -> grpc.aio.Channel:
    options = [
        ("grpc.service_config", service_config(*contracts)),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.min_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 1000),
        ("grpc.dns_min_time_between_resolutions_ms", 1000),
        ("grpc.max_receive_message_length", LARGEST_MESSAGE),
    ]
    return open_channel(address, options, certificates)


CONTRACTS = {
    "customer": (customer_pb2.DESCRIPTOR,),
    "product": (product_pb2.DESCRIPTOR,),
    "suitability": (
        suitability_pb2.DESCRIPTOR,
        packs_pb2.DESCRIPTOR,
        classes_pb2.DESCRIPTOR,
    ),
    "recording": (recording_pb2.DESCRIPTOR,),
    "workflow": (workflow_pb2.DESCRIPTOR,),
    "analytics": (analytics_pb2.DESCRIPTOR,),
}


@dataclass(frozen=True)
class GuardedCall(Generic[Req, Res]):
    """A method of a service, and what stands before it."""

    make: Callable[..., "grpc.aio.UnaryUnaryCall[Req, Res]"]
    guard: Guard


class GuardedChannel:
    """What stubs need of a channel; each of their methods knows its guard."""

    def __init__(self, channel: grpc.aio.Channel, service: str) -> None:
        self._channel = channel
        self._guard = Guard(service)

    def unary_unary(self, *asked: Any, **more: Any) -> GuardedCall[Any, Any]:
        return GuardedCall(self._channel.unary_unary(*asked, **more), self._guard)

    def stream_unary(self, *asked: Any, **more: Any) -> GuardedCall[Any, Any]:
        return GuardedCall(cast(Any, self._channel.stream_unary(*asked, **more)), self._guard)


class Services:
    """One channel per service, made in the loop that uses them."""

    def __init__(self, config: GatewayConfig) -> None:
        addresses = config.rpc_addresses
        own = certificates(config, addresses.values())
        channels = {name: connect(addresses[name], CONTRACTS[name], own) for name in CONTRACTS}
        self._channels = channels
        guarded = {
            service: cast(grpc.aio.Channel, GuardedChannel(channel, service))
            for service, channel in channels.items()
        }
        self.customer = CustomerServiceStub(guarded["customer"])
        self.product = ProductServiceStub(guarded["product"])
        self.suitability = SuitabilityServiceStub(guarded["suitability"])
        self.rule_packs = RulePackServiceStub(guarded["suitability"])
        self.rehearsals = RehearsalServiceStub(guarded["suitability"])
        self.customer_classes = CustomerClassServiceStub(guarded["suitability"])
        self.recording = RecordingServiceStub(guarded["recording"])
        self.workflow = WorkflowServiceStub(guarded["workflow"])
        self.analytics = AnalyticsServiceStub(guarded["analytics"])
        self.operations = {name: OperationsServiceStub(on) for name, on in guarded.items()}
        self.trails = {name: TrailServiceStub(channel) for name, channel in guarded.items()}

    async def close(self) -> None:
        await asyncio.gather(*(channel.close() for channel in self._channels.values()))
