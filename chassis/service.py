"""What a service hands to the process that runs it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from chassis.clock import Clock
from chassis.config import ServiceConfig

if TYPE_CHECKING:
    import grpc

    from chassis.answers import Answers
    from chassis.trail import Entry

C = TypeVar("C", bound=ServiceConfig)


@dataclass(frozen=True)
class RpcPart:
    """One gRPC server: how to fill it, and whether it can do its work."""

    name: str
    address: str  # host:port
    register: Callable[["grpc.Server"], None]
    services: tuple[str, ...]  # full names, for health and reflection
    ready: Callable[[], bool]
    close: Callable[[], None]
    threads: int = 8
    answers: "Answers | None" = None  # what is remembered under idempotency keys
    refused: "Callable[[str, Entry], None] | None" = None  # writes down whom it refused


@dataclass(frozen=True)
class Service(Generic[C]):
    """One service: its name, its configuration and its ways to run.

    *rpc* and *events* import what they need when they are called: a process of the one kind
    never loads the other. *events* gives the nameko class with its use cases bound.
    """

    name: str
    config: type[C]
    rpc: Callable[[C, Clock], RpcPart]
    events: Callable[[C, Clock], type[Any]]
    migrations: Path
    commands: Mapping[str, Callable[[Sequence[str]], int]] = field(default_factory=dict)

    @property
    def exchange(self) -> str:
        return f"liheng.{self.name}.events"
