"""Handlers and timers in a container of nameko's, without a broker."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import eventlet
import pytest
from nameko.containers import ServiceContainer
from sqlalchemy.exc import OperationalError

from chassis import log
from chassis.dependencies import Given, Now, RunUseCase, bind, injected
from chassis.subscriptions import Meta, subscribe, timer, types_of
from liheng.customer.v1.events_pb2 import KycApproved, KycRejected

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
META = Meta("e-1", "c-1", 1, NOON, "customer")


class Listener:
    name = "listener"

    run = RunUseCase()
    now = Now()

    @subscribe(KycApproved)
    def approved(self, event: KycApproved, meta: Meta) -> None:
        self.run(note, f"{event.customer_id} {self.now():%H}", once=meta.event_id)

    @subscribe(KycRejected)
    def rejected(self, event: KycRejected, meta: Meta) -> None:
        """Of no interest to these tests."""


class Ticking:
    name = "ticking"

    tick = Given()

    @timer(interval=0.01)
    def due(self) -> None:
        self.tick()


def note(command: str, work: object) -> None:
    """A use case that nobody runs."""


@contextmanager
def started(service: type[Any]) -> Iterator[None]:
    container = ServiceContainer(service, {})
    container.start()
    yield
    container.stop()


def ticking(tick: Callable[[], None]) -> type[Ticking]:
    return bind(Ticking, tick=tick)


def test_a_class_says_what_it_subscribes_to() -> None:
    bound = bind(Listener, run=print, now=lambda: NOON)

    assert types_of(bound) == {"liheng.customer.v1.KycApproved", "liheng.customer.v1.KycRejected"}


def test_a_handler_can_be_tried_without_a_container() -> None:
    ran: list[tuple[object, ...]] = []

    def run(usecase: object, command: object, *, once: str) -> None:
        ran.append((usecase, command, once))

    listener = injected(Listener, run=run, now=lambda: NOON)

    listener.approved(KycApproved(customer_id="c-1"), META)

    assert ran == [(note, "c-1 04", "e-1")]


@pytest.mark.parametrize("given", [{"run": print}, {"run": print, "now": print, "clock": print}])
def test_no_place_stays_empty_and_nothing_is_left_over(given: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=r"Listener needs \['now', 'run'\], got "):
        bind(Listener, **given)


def test_an_event_has_one_handler_in_a_service() -> None:
    class Twice:
        name = "twice"

        @subscribe(KycApproved)
        def one(self, event: KycApproved, meta: Meta) -> None: ...

        @subscribe(KycApproved)
        def other(self, event: KycApproved, meta: Meta) -> None: ...

    with pytest.raises(TypeError, match="KycApproved has two handlers in twice"):
        ServiceContainer(Twice, {}).start()


def test_a_timer_never_runs_beside_itself() -> None:
    running: list[int] = []
    seen: list[int] = []

    def slow() -> None:
        running.append(1)
        seen.append(len(running))
        eventlet.sleep(0.03)
        running.pop()

    with started(ticking(slow)):
        eventlet.sleep(0.2)

    assert len(seen) >= 3
    assert set(seen) == {1}
    assert running == []


@pytest.mark.parametrize("error", [ValueError("a bug"), OperationalError("", None, OSError())])
def test_a_timer_outlives_what_goes_wrong(error: Exception) -> None:
    ticks: list[int] = []

    def fail() -> None:
        ticks.append(1)
        raise error

    with started(ticking(fail)):
        eventlet.sleep(0.15)

    assert len(ticks) >= 3


def test_each_tick_has_a_trace_of_its_own() -> None:
    class Traced(Ticking):
        run = RunUseCase()

    traces: list[str] = []
    bound = bind(Traced, tick=lambda: traces.append(log.trace_id()), run=print)

    with started(bound):
        eventlet.sleep(0.1)

    assert len(set(traces)) == len(traces) >= 2
    assert all(traces)
