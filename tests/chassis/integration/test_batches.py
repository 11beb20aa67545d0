"""Several events in one transaction: in order, once, and none dragged along by a bad one."""

import pytest
import sqlalchemy as sa

from chassis.topology import dead_letters_of
from liheng.customer.v1.events_pb2 import KycApproved, KycRejected
from tests.chassis.ledger import ENTRIES
from tests.chassis.stage import Stage, eventually

MANY = 1500


def announced(stage: Stage, *, with_in_the_middle: KycRejected | None = None) -> list[str]:
    """Subjects in order, published before anybody applies them."""
    messages: list[KycApproved | KycRejected] = [
        KycApproved(customer_id=f"c-{number}") for number in range(MANY)
    ]
    if with_in_the_middle is not None:
        messages.insert(MANY // 2, with_in_the_middle)
    with stage.relaying():
        stage.announce(*messages)
        eventually(lambda: stage.unpublished() == 0)
    return [message.customer_id for message in messages]


def sizes(stage: Stage) -> list[int]:
    """With how many others each event was written."""
    with stage.engine.connect() as connection:
        return list(connection.scalars(sa.select(ENTRIES.c.tries).order_by(ENTRIES.c.number)))


def test_a_backlog_is_applied_in_batches_and_in_order(stage: Stage) -> None:
    expected = announced(stage)

    stage.start_several(1, "batches")

    stage.await_entries(MANY)
    assert stage.subjects() == expected
    assert max(sizes(stage)) > 10
    eventually(lambda: stage.queued() == 0)


@pytest.mark.parametrize(("reason", "attempts"), [("refuse", 1), ("break", 4)])
def test_a_bad_one_stops_none_of_its_batch(stage: Stage, reason: str, attempts: int) -> None:
    bad = KycRejected(customer_id="bad", reason=reason)
    expected = announced(stage, with_in_the_middle=bad)

    stage.start_several(1, "batches")

    stage.await_entries(MANY)
    assert stage.subjects() == [each for each in expected if each != "bad"]
    eventually(lambda: len(stage.dead_letters()) == 1)
    (letter,) = stage.dead_letters()
    assert (letter.subject, letter.attempt, letter.handler) == ("bad", attempts, "told")


def test_one_that_kills_its_process_is_let_go_of_alone(stage: Stage) -> None:
    expected = announced(stage, with_in_the_middle=KycRejected(customer_id="bad", reason="die"))

    def revive() -> bool:
        if not stage.alive():
            stage.start("batches")
        return stage.entries() >= MANY

    eventually(revive, 60)

    assert stage.subjects() == [each for each in expected if each != "bad"]
    eventually(lambda: stage.queued(dead_letters_of("ledger")) == 1)
    (letter,) = stage.dead_letters()
    assert (letter.subject, letter.reason) == ("bad", "delivery_limit")


def test_two_processes_take_turns_and_double_nothing(stage: Stage) -> None:
    expected = announced(stage)

    first, _ = stage.start_several(2, "batches")
    stage.await_entries(50)
    first.kill()

    stage.await_entries(MANY)
    eventually(lambda: stage.queued() == 0)
    assert stage.subjects() == expected


def test_told_to_stop_it_finishes_what_is_under_way(stage: Stage) -> None:
    expected = announced(stage)
    (process,) = stage.start_several(1, "batches")
    stage.await_entries(10)

    assert process.stop() == 0
    applied = stage.entries()
    assert stage.queued() == MANY - applied

    stage.start_several(1, "batches")
    stage.await_entries(MANY)
    assert stage.subjects() == expected


def test_a_redelivered_batch_is_known(stage: Stage) -> None:
    announced(stage)
    stage.start_several(1, "batches")
    stage.await_entries(100)

    stage.drop_broker_connections()

    stage.await_entries(MANY)
    eventually(lambda: stage.queued() == 0)
    assert stage.entries() == MANY


def test_a_process_told_to_stop_hands_over_in_order(stage: Stage) -> None:
    expected = announced(stage)
    processes = stage.start_several(2, "batches")
    while len(processes) > 1:
        stage.await_entries(MANY // 4)
        working = processes.pop(0)
        assert working.stop() == 0

    stage.await_entries(MANY)
    eventually(lambda: stage.queued() == 0)
    assert stage.subjects() == expected
