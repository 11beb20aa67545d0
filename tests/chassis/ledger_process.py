"""python -m tests.chassis.ledger_process events|batches|relay DATABASE_URL AMQP_URL PROBE_PORT"""

import logging
import os
import sys
import threading
from typing import Any

SHORT = (0.1, 0.2, 0.3)  # seconds between attempts
DEATHS = int(os.environ.get("LEDGER_DEATHS", "2"))  # of its process, until an event is let go of


def events(database_url: str, amqp_url: str, port: int) -> None:
    from chassis import eventlet_first

    eventlet_first.patch()
    from tests.chassis.ledger import Ledger

    serve(Ledger, database_url, amqp_url, port)


def batches(database_url: str, amqp_url: str, port: int) -> None:
    from chassis import eventlet_first

    eventlet_first.patch()
    from tests.chassis.ledger import BatchLedger

    serve(BatchLedger, database_url, amqp_url, port)


def serve(service: type[Any], database_url: str, amqp_url: str, port: int) -> None:
    from chassis.database import begin, engine
    from chassis.dependencies import bind
    from chassis.event_host import Hosted, host
    from chassis.runner import BatchRunner
    from chassis.topology import Policy
    from tests.chassis.ledger import LedgerWork

    bound = bind(service, run=BatchRunner(begin(engine(database_url), LedgerWork)))
    policy = Policy(delays=SHORT, delivery_limit=DEATHS)
    host([Hosted(bound, amqp_url, database_url, policy)], ("127.0.0.1", port))


def relay(database_url: str, amqp_url: str, _: int) -> None:
    from chassis.relay import Relay

    Relay("customer", database_url, amqp_url, "liheng.customer.events").run(threading.Event())


if __name__ == "__main__":
    logging.basicConfig(level="INFO")
    part = {"events": events, "batches": batches, "relay": relay}[sys.argv[1]]
    part(sys.argv[2], sys.argv[3], int(sys.argv[4]))
