"""Carries replays out: batch by batch in the order of the log, never two of one at once."""

import logging
import threading
from collections.abc import Sequence
from typing import Any

import psycopg
from prometheus_client import Counter
from psycopg.rows import dict_row

from chassis.envelope import REPLAY, properties
from chassis.failures import described
from chassis.outbox import conninfo
from chassis.patience import Patience
from chassis.publishing import BROKER_ERRORS, Letter, Publisher, Unconfirmed
from chassis.replay.log import Logged, page

log = logging.getLogger(__name__)

BATCH = 200
REACH = 20_000  # positions looked through at a time: a rare type must not make a long statement
POLL_SECONDS = 1.0
AGAIN_SECONDS = 5

SENT = Counter("replay_sent_total", "Events sent once more out of the log", ["service"])
STOPPED = Counter("replay_failed_total", "Replays that found no queue", ["service"])
WAITED = Counter("replay_waits_total", "Batches of replays that nobody took yet", ["service"])

NEXT = """
SELECT replay_id, queue, types, subject, first, last, rate, position, sent FROM replays
WHERE state = 'running' AND due_at <= clock_timestamp() AND (%(only)s = '' OR replay_id = %(only)s)
ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""
WENT_ON = """
UPDATE replays SET
    position = %(position)s, sent = sent + %(sent)s, problem = '',
    due_at = clock_timestamp() + %(pause)s * interval '1 second',
    state = CASE WHEN %(position)s >= last THEN 'done' ELSE state END,
    ended_at = CASE WHEN %(position)s >= last THEN clock_timestamp() END
WHERE replay_id = %(replay_id)s
"""
STUCK = """
UPDATE replays SET problem = %(problem)s, due_at = clock_timestamp() + interval '5 seconds'
WHERE replay_id = %(replay_id)s
"""
FAILED = """
UPDATE replays SET state = 'failed', problem = %(problem)s, ended_at = clock_timestamp()
WHERE replay_id = %(replay_id)s
"""


class Replayer:
    """Several may run, in any process: a replay is locked while one sends its next batch.

    Whoever is killed in between sends that batch again, with the same ids; what comes behind
    waits for it, so order holds.
    """

    def __init__(self, name: str, database_url: str, amqp_url: str) -> None:
        self._name = name
        self._database_url = database_url
        self._amqp_url = amqp_url
        self._ready = False

    def ready(self) -> bool:
        """It reaches the database."""
        return self._ready

    def run(self, stop: threading.Event) -> None:
        """Until *stop*; through any outage of database and broker."""
        patience = Patience()
        while not stop.is_set():
            try:
                with Carrier(self._name, self._database_url, self._amqp_url) as carrier:
                    self._carry(carrier, stop, patience)
            except (psycopg.Error, *BROKER_ERRORS) as error:
                log.warning("%s: replays wait: %s", self._name, described(error))
            except Exception:
                log.exception("%s: replays failed", self._name)
            self._ready = False
            stop.wait(patience.pause())

    def _carry(self, carrier: "Carrier", stop: threading.Event, patience: Patience) -> None:
        while not stop.is_set():
            went_on = carrier.send_some()
            self._ready = True
            patience.forget()
            if not went_on:
                carrier.keep_alive()
                stop.wait(POLL_SECONDS)


class Carrier:
    """One session and one channel that send batches."""

    def __init__(self, name: str, database_url: str, amqp_url: str) -> None:
        self._name = name
        self._session = psycopg.connect(
            conninfo(database_url), autocommit=True, row_factory=dict_row
        )
        self._publisher = Publisher(amqp_url)

    def __enter__(self) -> "Carrier":
        return self

    def __exit__(self, *_: object) -> None:
        self._publisher.close()
        self._session.close()

    def keep_alive(self) -> None:
        self._publisher.keep_alive()

    def send_some(self, only: str = "") -> bool:
        """The next batch of the replay that has waited longest; False when none is due."""
        with self._session.transaction():
            replay = self._session.execute(NEXT, {"only": only}).fetchone()
            if replay is None:
                return False
            try:
                self._send(replay)
            except BROKER_ERRORS as error:
                self._note(STUCK, replay, described(error))
                WAITED.labels(self._name).inc()
                log.warning("%s: a replay waits: %s", self._name, described(error))
        return True

    def _send(self, replay: dict[str, Any]) -> None:
        reach = min(replay["position"] + REACH, replay["last"])
        found = page(
            self._session, replay["position"], reach, replay["types"], replay["subject"], BATCH
        )
        if found and not self._publish(replay, found):
            self._note(FAILED, replay, f"there is no queue {replay['queue']}")
            STOPPED.labels(self._name).inc()
            return
        SENT.labels(self._name).inc(len(found))
        told = {
            "replay_id": replay["replay_id"],
            "position": found[-1].position if len(found) == BATCH else reach,
            "sent": len(found),
            "pause": len(found) / replay["rate"] if replay["rate"] else 0,
        }
        self._session.execute(WENT_ON, told)

    def _publish(self, replay: dict[str, Any], found: Sequence[Logged]) -> bool:
        """False when nobody could take them."""
        letters = [_letter(each, replay) for each in found]
        answer = self._publisher.publish(letters)
        if answer.refused:
            raise Unconfirmed(f"{replay['queue']} takes no more for now")
        return not answer.returned

    def _note(self, statement: str, replay: dict[str, Any], problem: str) -> None:
        told = {"replay_id": replay["replay_id"], "problem": problem}
        self._session.execute(statement, told)


def _letter(logged: Logged, replay: dict[str, Any]) -> Letter:
    told = properties(logged.event, logged.sequence)
    told["application_headers"] |= {
        REPLAY: replay["replay_id"],
        "liheng:position": logged.position,
    }
    return Letter("", replay["queue"], logged.event.body.encode(), told)
