"""Who listens to an event: inside the suite as the code says it, outside as it is registered."""

from importlib import import_module

from chassis.consumers import registry
from chassis.subscriptions import types_of
from gateway.feed.hints import BY_TYPE
from gateway.feed.queues import BESIDE
from gateway.feed.words import KINDS
from gateway.webhooks.catalogue import TYPES
from proto.compiler import PROTO

REGISTRY = PROTO / "consumers.toml"

SERVICES = ("analytics", "customer", "product", "recording", "suitability", "workflow")


def listeners() -> dict[str, list[str]]:
    """Names by event type, sorted."""
    wanted = {service: _subscribed(service) for service in SERVICES}
    wanted["gateway (front-ends)"] = frozenset({*BY_TYPE, *BESIDE})
    wanted["gateway (custody)"] = frozenset(KINDS)
    wanted["webhooks"] = frozenset(TYPES)
    for consumer in registry(REGISTRY).values():
        wanted[consumer.name] = frozenset(consumer.events)
    types = sorted(frozenset().union(*wanted.values()))
    return {kind: [name for name, kinds in wanted.items() if kind in kinds] for kind in types}


def _subscribed(service: str) -> frozenset[str]:
    module = import_module(f"services.{service}.entrypoints.events")
    return types_of(getattr(module, f"{service.capitalize()}Events"))
