"""One event from the outbox of one service into the tables of another."""

import signal

from chassis.envelope import PREFIX
from chassis.publishing import Letter, Publisher
from liheng.customer.v1.events_pb2 import CustomerOnboarded, KycApproved, KycRejected
from tests.chassis.stage import Stage, eventually

INBOX = "liheng.ledger.inbox"


def approvals(count: int, prefix: str = "c") -> list[KycApproved]:
    return [KycApproved(customer_id=f"{prefix}-{number}") for number in range(count)]


def test_events_arrive_once_and_in_order(running: Stage) -> None:
    running.announce(*approvals(60))
    running.announce(*approvals(40, "later"))

    eventually(lambda: running.entries() >= 100)

    expected = [each.customer_id for each in approvals(60) + approvals(40, "later")]
    assert running.subjects()[-100:] == expected


def test_what_can_never_work_is_a_dead_letter_and_stops_nobody(running: Stage) -> None:
    guilty = running.announce(KycRejected(customer_id="refused", reason="refuse"))
    running.announce(KycApproved(customer_id="behind"))

    eventually(lambda: "behind" in running.subjects())

    (letter,) = running.dead_letters("refused")
    assert [letter.event_id] == guilty
    assert (letter.reason, letter.handler, letter.attempt) == ("refused", "rejected", 1)
    assert letter.last_error == "RuleBroken never: this must never be"


def test_what_fails_is_tried_again_and_then_a_dead_letter(running: Stage) -> None:
    running.announce(KycRejected(customer_id="broken", reason="break"))

    eventually(lambda: len(running.dead_letters("broken")) == 1)

    (letter,) = running.dead_letters("broken")
    assert (letter.reason, letter.attempt) == ("exhausted", 4)
    assert letter.first_error == "LookupError: broken 1"
    assert letter.last_error == "LookupError: broken 4"


def test_who_loses_a_race_wins_a_later_one(running: Stage) -> None:
    running.announce(KycRejected(customer_id="slower", reason="lose a race"))

    eventually(lambda: "slower" in running.subjects())

    assert running.dead_letters("slower") == []


def test_what_cannot_be_read_is_a_dead_letter_with_its_body(running: Stage) -> None:
    attributes = {"id": "e-1", "subject": "odd", "sequence": "7", "source": "customer"}
    attributes |= {"time": "2026-11-23T12:00:00+00:00", "type": "liheng.customer.v1.KycApproved"}

    publish(running, b"no json", attributes)
    publish(running, b"{}", attributes | {"type": "liheng.customer.v1.Unheard"})
    publish(running, b"{}", {"id": "e-3", "subject": "odd"})
    publish(running, b'{"customerId": "odd", "added": {"later": 1}}', attributes)
    eventually(lambda: "odd" in running.subjects())

    reasons = [letter.reason for letter in running.dead_letters("odd")]
    assert reasons == ["unreadable", "unknown_type", "unreadable"]


def test_an_event_nobody_wants_is_kept_until_somebody_does(stage: Stage) -> None:
    onboarded = CustomerOnboarded(customer_id="c-1", kind="person")

    with stage.relaying():
        stage.announce(onboarded, KycApproved(customer_id="c-2"))
        eventually(lambda: stage.unpublished() == 1 and stage.queued() == 1)
    stage.subscribe(onboarded.DESCRIPTOR.full_name)
    with stage.relaying():
        eventually(lambda: stage.unpublished() == 0)

    assert stage.queued() == 2


def test_a_second_relay_stands_by(stage: Stage) -> None:
    with stage.relaying() as first, stage.relaying() as second:
        eventually(lambda: first.ready() and second.ready())
        stage.announce(*approvals(300))
        eventually(lambda: stage.unpublished() == 0)
        stage.drop_database_connections()
        stage.announce(*approvals(300))
        eventually(lambda: stage.unpublished() == 0)

    assert stage.queued() == 600


def test_a_stop_finishes_what_is_under_way_and_hands_on_the_rest(stage: Stage) -> None:
    first = stage.start_events()
    with stage.relaying():
        stage.announce(KycRejected(customer_id="long", reason="take long"), *approvals(5))
        eventually(lambda: stage.unpublished() == 0)
        assert first.stop() == 0
    left = stage.queued()

    assert stage.entries() + left == 6
    assert stage.subjects()[0] == "long"


def test_an_idle_process_stops_at_once_by_either_signal(stage: Stage) -> None:
    first, second = stage.start_several(2)

    first.tell(signal.SIGINT)

    eventually(lambda: not first.alive(), within=5)
    assert second.stop() == 0


def test_of_two_event_processes_one_applies_and_the_other_takes_over(stage: Stage) -> None:
    first, second = stage.start_several(2)

    with stage.relaying():
        stage.announce(*approvals(40))
        eventually(lambda: stage.entries() >= 10)
        first.kill()
        eventually(lambda: stage.entries() == 40)

    assert stage.subjects() == [each.customer_id for each in approvals(40)]
    assert second.alive()


def publish(stage: Stage, body: bytes, attributes: dict[str, str]) -> None:
    headers = {PREFIX + name: value for name, value in attributes.items()}
    properties = {"message_id": attributes["id"], "application_headers": headers}
    publisher = Publisher(stage.amqp_url)
    publisher.deliver(Letter("", INBOX, body, properties))
    publisher.close()
