"""Publish to the broker, and know what became of every message."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

from amqp import Message
from amqp.exceptions import AMQPError

from chassis import topology

CONFIRM_SECONDS = 30.0
BROKER_ERRORS = (AMQPError, OSError)


class Unconfirmed(OSError):
    """The broker did not say in time, or did not accept, what it was given."""


@dataclass(frozen=True)
class Letter:
    """A message and where it goes. Its properties name a message_id."""

    exchange: str
    routing_key: str
    body: bytes
    properties: Mapping[str, Any]

    @property
    def message_id(self) -> str:
        return str(self.properties["message_id"])


@dataclass(frozen=True)
class Answer:
    """What the broker said, by message id."""

    taken: frozenset[str]
    returned: frozenset[str]  # no queue wants them
    refused: frozenset[str]  # could not be stored now


class Publisher:
    """One channel in confirm mode, opened when it is first needed and again after a failure."""

    def __init__(self, amqp_url: str) -> None:
        self._amqp_url = amqp_url
        self._connection: Any = None
        self._channel: Any = None
        self._published = 0
        self._batch = Batch(1, ())

    def channel(self) -> Any:
        """For declarations."""
        if self._channel is None:
            self._channel = self._open()
        return self._channel

    def publish(self, letters: Sequence[Letter]) -> Answer:
        """In this order; raises one of BROKER_ERRORS when any answer stays away."""
        self.send(letters)
        return self.answer()

    def send(self, letters: Sequence[Letter]) -> None:
        """In this order; nothing else is sent before answer() has told what became of them."""
        try:
            self._send(letters)
        except BROKER_ERRORS:
            self.abandon()
            raise

    def answer(self) -> Answer:
        try:
            self._await_answers()
        except BROKER_ERRORS:
            self.abandon()
            raise
        return self._batch.answer()

    def deliver(self, letter: Letter) -> None:
        """Publish one letter that must arrive, or raise one of BROKER_ERRORS."""
        if not self.publish([letter]).taken:
            raise Unconfirmed(f"{letter.routing_key} did not take {letter.message_id}")

    def keep_alive(self) -> None:
        """Call every few seconds while there is nothing to publish."""
        if self._channel is not None:
            with suppress(TimeoutError):
                self._connection.drain_events(timeout=0.001)
            self._connection.heartbeat_check()

    def close(self) -> None:
        """Say goodbye, and wait for the broker's."""
        if self._connection is not None:
            with suppress(*BROKER_ERRORS):
                self._connection.release()
        self._connection = self._channel = None

    def abandon(self) -> None:
        """Without a word: the broker may be the reason."""
        if self._connection is not None:
            self._connection.collect()
        self._connection = self._channel = None

    def _open(self) -> Any:
        self._connection = topology.connect(self._amqp_url)
        channel = self._connection.channel()
        channel.confirm_select()
        channel.events["basic_ack"].add(lambda tag, multiple: self._batch.accept(tag, multiple))
        channel.events["basic_nack"].add(lambda tag, multiple: self._batch.refuse(tag, multiple))
        channel.events["basic_return"].add(lambda *returned: self._batch.give_back(returned[-1]))
        self._published = 0
        return channel

    def _send(self, letters: Sequence[Letter]) -> None:
        channel = self.channel()
        self._batch = Batch(self._published + 1, letters)
        for letter in letters:
            self._published += 1
            message = Message(letter.body, **letter.properties)
            channel._basic_publish(message, letter.exchange, letter.routing_key, mandatory=True)

    def _await_answers(self) -> None:
        until = monotonic() + CONFIRM_SECONDS
        while self._batch.open:
            left = until - monotonic()
            if left <= 0:
                raise Unconfirmed(f"{len(self._batch.open)} messages were not confirmed in time")
            self._connection.drain_events(timeout=left)


class Batch:
    """Letters by delivery tag, until the broker has answered for each."""

    def __init__(self, first_tag: int, letters: Sequence[Letter]) -> None:
        self.open = {tag: letter.message_id for tag, letter in enumerate(letters, first_tag)}
        self._accepted: set[str] = set()
        self._refused: set[str] = set()
        self._returned: set[str] = set()

    def accept(self, tag: int, multiple: bool) -> None:
        self._accepted.update(self._settle(tag, multiple))

    def refuse(self, tag: int, multiple: bool) -> None:
        self._refused.update(self._settle(tag, multiple))

    def give_back(self, message: Any) -> None:
        """Arrives before the broker accepts the same message."""
        self._returned.add(message.properties["message_id"])

    def answer(self) -> Answer:
        return Answer(
            taken=frozenset(self._accepted - self._returned),
            returned=frozenset(self._returned),
            refused=frozenset(self._refused),
        )

    def _settle(self, tag: int, multiple: bool) -> list[str]:
        tags = [each for each in self.open if each <= tag] if multiple else [tag]
        return [self.open.pop(each) for each in tags if each in self.open]
