"""Waits while the database or the broker is away, but not longer than the process lives."""

import logging
from collections.abc import Callable
from typing import TypeVar

from eventlet import Timeout
from eventlet.event import Event
from sqlalchemy.exc import SQLAlchemyError

from chassis.failures import described
from chassis.patience import Patience

log = logging.getLogger(__name__)

T = TypeVar("T")


class Held(Exception):
    """The event stays with the broker: this process stops, or has lost the broker."""


class Holding:
    def __init__(self, service: str) -> None:
        self.service = service
        self._stopping = Event()

    def stop(self) -> None:
        if not self.stopping:
            self._stopping.send()

    @property
    def stopping(self) -> bool:
        return bool(self._stopping.ready())

    def pause(self, patience: Patience) -> None:
        """Shorter when the process is told to stop."""
        with Timeout(patience.pause(), False):
            self._stopping.wait()

    def pause_or_give_up(self, patience: Patience) -> None:
        self.pause(patience)
        if self.stopping:
            raise Held

    def asked(self, question: Callable[[], T]) -> T:
        """The answer of our own tables, as soon as there is one."""
        patience = Patience()
        while True:
            try:
                return question()
            except SQLAlchemyError as error:
                log.warning("%s: waiting: %s", self.service, described(error))
            self.pause_or_give_up(patience)
