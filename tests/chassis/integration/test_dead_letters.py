"""What an operator does with events that could not be applied."""

import logging

import pytest

from chassis import dead_letters, topology
from chassis.publishing import Letter, Publisher
from chassis.redirection import ATTEMPT, DIED_AT, HANDLER, LAST_ERROR, REASON
from tests.chassis.stage import Stage

DEAD = topology.dead_letters_of("ledger")
INBOX = topology.inbox_of("ledger")


@pytest.fixture
def three(stage: Stage) -> Stage:
    publisher = Publisher(stage.amqp_url)
    for number in (1, 2, 3):
        headers = {
            "cloudEvents:id": f"e-{number}",
            "cloudEvents:type": "liheng.customer.v1.KycApproved",
            "cloudEvents:subject": f"c-{number}",
            REASON: "exhausted",
            HANDLER: "approved",
            ATTEMPT: 4,
            LAST_ERROR: "LookupError: gone",
            DIED_AT: "2026-11-23T12:00:00+00:00",
        }
        properties = {"message_id": f"e-{number}", "application_headers": headers}
        publisher.deliver(Letter("", DEAD, b'{"customerId": "c"}', properties))
    publisher.close()
    return stage


def run(stage: Stage, *argv: str) -> int:
    return dead_letters.run(argv, "ledger", stage.amqp_url)


def test_a_list_takes_nothing_away(three: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        assert run(three, "list") == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 9
    assert lines[0].split("\t") == [
        "e-1",
        "liheng.customer.v1.KycApproved",
        "c-1",
        "exhausted",
        "attempt 4",
        "LookupError: gone",
    ]
    assert three.queued(DEAD) == 3


def test_one_is_shown_with_its_body(three: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(three, "show", "e-2") == 0

    shown = capsys.readouterr().out
    assert '"handler": "approved"' in shown
    assert '{"customerId": "c"}' in shown
    assert three.queued(DEAD) == 3


def test_one_is_replayed_from_its_first_attempt(three: Stage) -> None:
    assert run(three, "replay", "e-2") == 0

    assert [letter.event_id for letter in three.dead_letters()] == ["e-1", "e-3"]
    with topology.connected(three.amqp_url) as connection:
        channel = connection.channel()
        taken: list[dict[str, object]] = []
        channel.basic_consume(INBOX, callback=lambda message: taken.append(message.headers))
        connection.drain_events(timeout=5)
    assert (taken[0]["cloudEvents:id"], taken[0][ATTEMPT]) == ("e-2", 1)


def test_all_are_replayed(three: Stage) -> None:
    assert run(three, "replay", "--all") == 0

    assert (three.queued(DEAD), three.queued(INBOX)) == (0, 3)


def test_a_discarded_one_leaves_its_reason_in_the_log(
    three: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert run(three, "discard", "e-1", "--reason", "double entry of the branch") == 0

    assert "double entry of the branch" in caplog.text
    assert [letter.event_id for letter in three.dead_letters()] == ["e-2", "e-3"]


def test_one_that_is_not_there_is_an_error(three: Stage) -> None:
    assert run(three, "show", "e-9") == 1
    assert run(three, "discard", "e-9", "--reason", "none") == 1


def test_replaying_says_which(three: Stage) -> None:
    with pytest.raises(SystemExit):
        run(three, "replay")


def test_a_broker_that_is_away_is_an_error() -> None:
    assert dead_letters.run(["list"], "ledger", "amqp://guest:guest@127.0.0.1:9/x") == 1
