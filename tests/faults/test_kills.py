"""Processes are killed while they work: nothing is missing, nothing is doubled."""

from functools import partial
from typing import Any

from chassis import topology
from liheng.customer.v1.events_pb2 import KycApproved, KycRejected
from tests.chassis.stage import Process, Stage, eventually


def approvals(count: int) -> list[KycApproved]:
    return [KycApproved(customer_id=f"c-{number}") for number in range(count)]


def test_a_worker_killed_again_and_again_applies_each_event_once(stage: Stage) -> None:
    stage.announce(*approvals(120))

    with stage.relaying():
        for progress in (20, 60):
            worker = stage.start_events()
            stage.await_entries(progress)
            worker.kill()
        stage.start_events()
        eventually(lambda: stage.entries() >= 120 and stage.queued() == 0)

    assert stage.subjects() == [each.customer_id for each in approvals(120)]
    assert stage.dead_letters() == []


def test_a_killed_relay_leaves_nothing_unpublished_and_nothing_out_of_order(stage: Stage) -> None:
    with topology.connected(stage.amqp_url) as connection:
        seen = listen_in(connection.channel())
        ids = stage.announce(*approvals(2000))

        for _ in range(2):
            before = stage.unpublished()
            relay = stage.start("relay")
            stage.await_published(less_than=before)
            relay.kill()
        with stage.relaying():
            eventually(lambda: stage.unpublished() == 0)
        while len(set(seen)) < len(ids):
            connection.drain_events(timeout=5)

    assert list(dict.fromkeys(seen)) == ids


def test_an_event_that_kills_its_process_is_the_only_dead_letter(stage: Stage) -> None:
    (guilty,) = stage.announce(KycRejected(customer_id="deadly", reason="die"))
    stage.announce(*approvals(10))

    with stage.relaying():
        while stage.entries() < 10:
            worker = stage.start("events")
            eventually(partial(over, stage, worker))

    (letter,) = stage.dead_letters()
    assert (letter.event_id, letter.reason) == (guilty, "delivery_limit")
    assert stage.subjects() == [each.customer_id for each in approvals(10)]


def over(stage: Stage, worker: Process) -> bool:
    return stage.entries() == 10 or not worker.alive()


def listen_in(channel: Any) -> list[str]:
    """Fills with the ids of what is announced, in the order in which it is."""
    seen: list[str] = []
    channel.queue_declare("listener", exclusive=True)
    channel.queue_bind("listener", "liheng.customer.events", "#")
    channel.basic_consume(
        "listener",
        no_ack=True,
        callback=lambda message: seen.append(message.properties["message_id"]),
    )
    return seen
