"""Puts an event where it waits: a retry queue, in its turn, or the dead letters."""

import logging
from typing import Any

from chassis.envelope import Incoming
from chassis.failures import described
from chassis.holding import Held, Holding
from chassis.patience import Patience
from chassis.publishing import BROKER_ERRORS, Letter, Publisher
from chassis.redirection import Failure, dead_letter, next_delay, retry_letter, waiting_letter
from chassis.topology import Policy
from chassis.waiting import WaitingRoom

log = logging.getLogger(__name__)


class Postponing:
    """Returns when the broker has it: the original may be acknowledged. May raise Held.

    The room is told first: what waits is known before it waits, and a dead letter is one before
    others need not wait for it.
    """

    def __init__(self, amqp_url: str, policy: Policy, room: WaitingRoom, holding: Holding) -> None:
        self._amqp_url = amqp_url
        self._policy = policy
        self._room = room
        self._holding = holding

    def behind_elder(self, message: Any, incoming: Incoming) -> bool:
        """True when it went to wait behind an elder event about the same."""
        delay = self._holding.asked(lambda: self._room.delay_of_elder(incoming.meta))
        if delay is None:
            return False
        shortest = min(self._policy.delays)  # for those behind it, who may come back sooner
        self._holding.asked(lambda: self._room.enter(incoming, shortest))
        self._deliver(waiting_letter(message, self._holding.service, delay), message)
        return True

    def next_attempt(self, message: Any, incoming: Incoming, failure: Failure) -> bool:
        """False when there is none left."""
        delay = next_delay(message, failure, self._policy)
        if delay is None:
            return False
        self._holding.asked(lambda: self._room.enter(incoming, delay))
        letter = retry_letter(message, failure, self._holding.service, delay)
        self._deliver(letter, message)
        self._say(logging.WARNING, "retried", letter, failure)
        return True

    def dead(self, message: Any, failure: Failure) -> None:
        letter = dead_letter(message, failure, self._holding.service)
        self._deliver(letter, message)
        self._say(logging.ERROR, "dead", letter, failure)

    def no_longer_awaited(self, incoming: Incoming) -> None:
        self._holding.asked(lambda: self._room.leave(incoming.meta))

    def _deliver(self, letter: Letter, message: Any) -> None:
        """Until the broker has it; not longer than it waits for us to acknowledge the original."""
        patience, publisher = Patience(), Publisher(self._amqp_url)
        while True:
            try:
                publisher.deliver(letter)
                return publisher.close()
            except BROKER_ERRORS as error:
                log.warning("%s: waiting: %s", self._holding.service, described(error))
            if message.channel.connection is None:
                raise Held
            self._holding.pause_or_give_up(patience)

    def _say(self, level: int, outcome: str, letter: Letter, failure: Failure) -> None:
        about = {"event": failure.event_type, "message_id": letter.message_id}
        said = "%s: %s: %s"
        service = self._holding.service
        log.log(level, said, service, outcome, failure.error, exc_info=failure.bug, extra=about)
