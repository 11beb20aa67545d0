"""What a nameko service class is given by bootstrap: its use cases, the time, anything else.

class SuitabilityEvents:
    name = "suitability"

    run = RunUseCase()
    now = Now()

bind(SuitabilityEvents, run=Runner(...), now=system_clock)
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from nameko.extensions import DependencyProvider

from chassis import log
from chassis.mailbox import replayed
from chassis.trail import origin

C = TypeVar("C")
R = TypeVar("R")
S = TypeVar("S")

TRACEPARENT, REPLAYED = "traceparent", "replayed"  # in a worker's context data


class Given(DependencyProvider):  # type: ignore[misc]
    """A place for something that bind() fills."""

    def __init__(self, value: Any = None) -> None:
        self.value = value

    def get_dependency(self, worker_ctx: Any) -> Any:
        return self.value


class RunUseCase(Given):
    """self.run(usecase, command, once=meta.event_id), in the trace of what caused it."""

    def worker_setup(self, worker_ctx: Any) -> None:
        origin.acting.set(worker_ctx.service_name)
        log.trace.set(worker_ctx.data.get(TRACEPARENT) or log.new_trace())
        replayed.set(bool(worker_ctx.data.get(REPLAYED)))

    def __call__(
        self, usecase: Callable[[C, Any], R], command: C, *, once: str | None = None
    ) -> R | None:
        raise TypeError("bind() was not called for this service class")

    def together(
        self, usecase: Callable[[Sequence[C], Any], None], commands: Mapping[str, C]
    ) -> None:
        """self.run.together(usecase, {meta.event_id: command, …}) in one transaction."""
        raise TypeError("bind() was not called for this service class")


class Now(Given):
    """self.now() is the time of the process's clock."""

    def __call__(self) -> datetime:
        raise TypeError("bind() was not called for this service class")


def bind(service: type[S], **given: Any) -> type[S]:
    """A subclass whose places are filled, each by its attribute name; none may stay empty."""
    places = _places(service, given)
    filled = {name: type(place)(given[name]) for name, place in places.items()}
    return type(service.__name__, (service,), {"__module__": service.__module__, **filled})


def injected(service: type[S], **given: Any) -> S:
    """An instance as nameko would make it for one event; for tests."""
    instance = service()
    for name in _places(service, given):
        setattr(instance, name, given[name])
    return instance


def _places(service: type[Any], given: Mapping[str, Any]) -> dict[str, Given]:
    places = dict(inspect.getmembers(service, lambda member: isinstance(member, Given)))
    if places.keys() != given.keys():
        raise TypeError(f"{service.__name__} needs {sorted(places)}, got {sorted(given)}")
    return places
