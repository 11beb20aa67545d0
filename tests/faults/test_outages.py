"""The database or the broker goes away while events flow."""

import threading

from liheng.customer.v1.events_pb2 import KycApproved
from tests.chassis.stage import Stage, eventually

APPROVALS = [KycApproved(customer_id=f"c-{number}") for number in range(120)]
IN_ORDER = [each.customer_id for each in APPROVALS]


def test_lost_broker_connections_lose_and_double_nothing(stage: Stage) -> None:
    worker = stage.start_events()

    with stage.relaying():
        for part in range(0, 120, 40):
            stage.announce(*APPROVALS[part : part + 40])
            stage.await_entries(part + 5)
            stage.drop_broker_connections()
        eventually(lambda: stage.entries() >= 120 and stage.queued() == 0)

    assert stage.subjects() == IN_ORDER
    assert stage.dead_letters() == []
    assert worker.alive()


def test_lost_database_connections_lose_and_double_nothing(stage: Stage) -> None:
    worker = stage.start_events()

    with stage.relaying():
        for part in range(0, 120, 40):
            stage.announce(*APPROVALS[part : part + 40])
            stage.await_entries(part + 5)
            stage.drop_database_connections()
        eventually(lambda: stage.entries() >= 120 and stage.queued() == 0)

    assert stage.subjects() == IN_ORDER
    assert stage.dead_letters() == []
    assert worker.alive()


def test_events_wait_while_the_database_is_closed_and_none_is_blamed(stage: Stage) -> None:
    worker = stage.start_events()

    with stage.relaying():
        stage.announce(*APPROVALS)
        stage.await_entries(5)
        with stage.no_database():
            threading.Event().wait(2)
        eventually(lambda: stage.entries() >= 120 and stage.queued() == 0)

    assert stage.subjects() == IN_ORDER
    assert stage.dead_letters() == []
    assert worker.alive()


def test_a_process_told_to_stop_during_an_outage_leaves_the_event_with_the_broker(
    stage: Stage,
) -> None:
    worker = stage.start_events()

    with stage.relaying():
        stage.announce(*APPROVALS[:10])
        eventually(lambda: stage.unpublished() == 0)
        with stage.no_database():
            assert worker.stop() == 0

    assert stage.entries() + stage.queued() == 10
