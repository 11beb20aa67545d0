"""python -m examples.consumers.with_kombu AMQP_URL QUEUE DATABASE: a consumer on kombu."""

import sys
from pathlib import Path
from typing import Any

from kombu.connection import Connection
from kombu.entity import Queue
from kombu.mixins import ConsumerMixin

from examples.consumers.ledger import Ledger

AT_ONCE = 50


class Listener(ConsumerMixin):
    """Connects again by itself; what was not acknowledged comes again."""

    def __init__(self, connection: Connection, queue: str, ledger: Ledger) -> None:
        self.connection = connection
        self._queue = Queue(queue, no_declare=True)  # its user may declare nothing
        self._ledger = ledger

    def get_consumers(self, consumer: Any, channel: Any) -> list[Any]:
        return [
            consumer(
                [self._queue],
                on_message=self.take,
                prefetch_count=AT_ONCE,
            )
        ]

    def take(self, message: Any) -> None:
        body = message.body if isinstance(message.body, bytes) else message.body.encode()
        try:
            fresh = self._ledger.apply(message.headers, body)
        except ValueError as error:
            sys.stderr.write(f"set aside: {error}\n")
            message.reject()  # to the dead letters
            return
        message.ack()
        sys.stdout.write(f"{'applied' if fresh else 'known'} {message.properties['message_id']}\n")
        sys.stdout.flush()


def main(amqp_url: str, queue: str, database: str) -> None:
    with Connection(amqp_url, heartbeat=20) as connection:
        Listener(connection, queue, Ledger(Path(database))).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
