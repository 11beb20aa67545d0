"""Events of other services, as the broker would bring them to analytics."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from google.protobuf.message import Message

from chassis import subscriptions
from chassis.clock import Clock
from chassis.dependencies import injected
from chassis.moments import moment
from chassis.runner import BatchRunner
from chassis.subscriptions import Meta
from services.analytics.entrypoints.events import AnalyticsEvents
from services.analytics.usecases.ports import AnalyticsWork

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    event: Any
    sequence: int

    @property
    def meta(self) -> Meta:
        service = self.event.DESCRIPTOR.full_name.split(".")[1]
        return Meta(
            event_id=f"{service}-{self.sequence}",
            subject="",
            sequence=self.sequence,
            time=moment(self.event.at),
            source=service,
        )


class Listener:
    """AnalyticsEvents on top of some database."""

    def __init__(
        self,
        begin: Callable[[], AbstractContextManager[AnalyticsWork]],
        clock: Clock = lambda: NOON,
    ) -> None:
        self._events = injected(AnalyticsEvents, run=BatchRunner(begin), now=clock, zone=SHANGHAI)
        self._sequence = 0

    def hear(self, *events: Message) -> None:
        """In this order, each with the next sequence."""
        for event in events:
            self._sequence += 1
            self.hear_all([Told(event, self._sequence)])

    def hear_all(self, told: Iterable[Told]) -> None:
        for each in told:
            self._events.told([subscriptions.Told(each.event, each.meta)])

    def hear_together(self, told: Iterable[Told]) -> None:
        """As one batch."""
        self._events.told([subscriptions.Told(each.event, each.meta) for each in told])

    def tick(self) -> None:
        self._events.month_ended()
