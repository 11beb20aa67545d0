from typing import Any

import pytest

from chassis.errors import RuleBroken
from chassis.redirection import Failure, dead_letter, next_delay, retry_letter, waiting_letter
from chassis.topology import Policy

POLICY = Policy(delays=(0.5, 2.0))
BROKEN = Failure.of(LookupError("later"), "liheng.x.v1.Y", "on_y")
REFUSED = Failure.of(RuleBroken("no", "never", "不"), "liheng.x.v1.Y", "on_y")


class Arrived:
    """A message as py-amqp hands it over."""

    def __init__(self, headers: dict[str, Any] | None) -> None:
        self.headers = headers
        self.body = "正文"
        self.properties: dict[str, Any] = {"message_id": "e-1", "type": "t", "priority": 3}


@pytest.mark.parametrize(
    ("headers", "queue", "attempt"),
    [
        (None, "liheng.ledger.retry.500ms", 2),
        ({"liheng:attempt": 2}, "liheng.ledger.retry.2000ms", 3),
        ({"liheng:attempt": "two"}, "liheng.ledger.retry.500ms", 2),
    ],
)
def test_each_attempt_waits_longer(
    headers: dict[str, Any] | None, queue: str, attempt: int
) -> None:
    arrived = Arrived(headers)
    delay = next_delay(arrived, BROKEN, POLICY)

    assert delay is not None
    letter = retry_letter(arrived, BROKEN, "ledger", delay)
    assert (letter.exchange, letter.routing_key) == ("", queue)
    assert letter.properties["application_headers"]["liheng:attempt"] == attempt


def test_after_the_last_attempt_there_is_no_other() -> None:
    assert next_delay(Arrived({"liheng:attempt": 3}), BROKEN, POLICY) is None


def test_what_was_refused_is_not_tried_again() -> None:
    assert next_delay(Arrived(None), REFUSED, POLICY) is None


def test_to_wait_for_an_elder_one_is_no_attempt() -> None:
    letter = waiting_letter(Arrived({"liheng:attempt": 2}), "ledger", 0.5)

    assert letter.routing_key == "liheng.ledger.retry.500ms"
    assert letter.properties["application_headers"] == {"liheng:attempt": 2}


def test_a_dead_letter_says_why_and_stays_the_same_event() -> None:
    arrived = Arrived({"cloudEvents:id": "e-1", "liheng:first-error": "A: a", "x-death": []})

    letter = dead_letter(arrived, BROKEN, "ledger")

    headers = letter.properties["application_headers"]
    assert (letter.routing_key, letter.body.decode()) == ("liheng.ledger.dead-letters", "正文")
    assert (letter.message_id, headers["cloudEvents:id"]) == ("e-1", "e-1")
    assert (headers["liheng:reason"], headers["liheng:handler"]) == ("exhausted", "on_y")
    assert headers["liheng:first-error"] == "A: a"
    assert headers["liheng:last-error"] == "LookupError: later"


def test_what_the_broker_noted_is_left_behind() -> None:
    letter = dead_letter(Arrived({"x-death": [{}], "x-delivery-count": 3}), REFUSED, "ledger")

    assert not [name for name in letter.properties["application_headers"] if name[:2] == "x-"]
