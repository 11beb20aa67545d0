"""What an operator does with events that could not be applied."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from chassis import topology
from chassis.operations import commands
from chassis.operations.desk import ONE_AT_A_TIME, Desk
from chassis.publishing import Letter, Publisher
from chassis.redirection import ATTEMPT, DIED_AT, HANDLER, LAST_ERROR, REASON
from chassis.trail import queries
from tests.chassis.stage import ROOT, Stage, eventually

DEAD = topology.dead_letters_of("ledger")
INBOX = topology.inbox_of("ledger")
NOWHERE = "amqp://guest:guest@127.0.0.1:9/x"


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
    return commands.run(argv, "ledger", stage.amqp_url, stage.database_url)


def entries(stage: Stage) -> list[sa.Row[Any]]:
    with stage.engine.connect() as connection:
        rows = connection.execute(queries.entries.select().order_by(queries.entries.c.entry_id))
        return list(rows.all())


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


def test_a_discarded_one_leaves_its_reason_in_the_trail(three: Stage) -> None:
    assert run(three, "discard", "e-1", "--reason", "ticket:4711") == 0

    (entry,) = entries(three)
    assert (entry.action, entry.subject) == ("dead_letter.discarded", "e-1")
    assert entry.details == {
        "said": "ticket:4711",
        "type": "liheng.customer.v1.KycApproved",
        "reason": "exhausted",
    }
    assert entry.system.startswith("command-line:")
    assert [letter.event_id for letter in three.dead_letters()] == ["e-2", "e-3"]


def test_a_sentence_is_no_reason(three: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(three, "discard", "e-1", "--reason", "王女士的重复录入") == 1

    assert "ticket:4711" in capsys.readouterr().out
    assert three.queued(DEAD) == 3
    assert entries(three) == []


def test_whoever_looks_is_written_down(three: Stage) -> None:
    run(three, "list")
    run(three, "show", "e-2")
    run(three, "replay", "--all")

    told = [(entry.action, entry.subject) for entry in entries(three)]
    assert told == [
        ("dead_letters.listed", ""),
        ("dead_letter.read", "e-2"),
        *(("dead_letter.replayed", f"e-{number}") for number in (1, 2, 3)),
    ]


def test_what_cannot_be_written_down_is_not_done(
    three: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    with three.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE trail_entries RENAME TO gone"))

    assert run(three, "replay", "--all") == 1
    assert run(three, "discard", "e-1", "--reason", "duplicate") == 1

    assert "database" in capsys.readouterr().out
    eventually(lambda: three.queued(DEAD) == 3)
    assert three.queued(INBOX) == 0


def test_a_letter_stays_when_the_inbox_does_not_take_it(three: Stage) -> None:
    with topology.connected(three.amqp_url) as connection:
        connection.channel().queue_delete(INBOX)

    assert run(three, "replay", "e-1") == 1

    eventually(lambda: three.queued(DEAD) == 3)


def test_two_at_once_settle_every_letter_once(three: Stage) -> None:
    desks = [Desk("ledger", three.amqp_url, three.engine) for _ in range(4)]
    ids = ["e-1", "e-2", "e-3"]

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda desk: desk.replay(ids), desks))

    done = [name for each in outcomes for name, outcome in each.items() if outcome == "replayed"]
    assert sorted(done) == ids
    assert (three.queued(DEAD), three.queued(INBOX)) == (0, 3)


KILLED = """
import os, signal, sys
from chassis.dead_letters import Letters
from chassis.operations import commands

Letters.let_go = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
commands.run(["replay", "--all"], "ledger", sys.argv[1], sys.argv[2])
"""


def test_a_kill_before_a_letter_is_let_go_loses_none(three: Stage) -> None:
    command = [sys.executable, "-c", KILLED, three.amqp_url, three.database_url]
    killed = subprocess.run(command, cwd=ROOT, timeout=60)

    assert killed.returncode == -signal.SIGKILL
    eventually(lambda: three.queued(DEAD) == 3)
    assert three.queued(INBOX) == 1
    assert [entry.subject for entry in entries(three)] == ["e-1"]

    assert run(three, "replay", "--all") == 0

    assert (three.queued(DEAD), three.queued(INBOX)) == (0, 4)  # the inbox knows the id


def test_who_comes_second_waits_and_then_is_told(
    three: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("chassis.operations.desk.TRIES", 2)
    with three.engine.connect() as other:
        other.execute(sa.select(sa.func.pg_advisory_lock(ONE_AT_A_TIME)))

        assert run(three, "list") == 1

    assert "somebody else" in capsys.readouterr().out


def test_one_that_is_not_there_is_an_error(three: Stage) -> None:
    assert run(three, "show", "e-9") == 1
    assert run(three, "discard", "e-9", "--reason", "none") == 1


def test_replaying_says_which(three: Stage) -> None:
    with pytest.raises(SystemExit):
        run(three, "replay")


def test_a_broker_that_is_away_is_an_error(stage: Stage) -> None:
    assert commands.run(["list"], "ledger", NOWHERE, stage.database_url) == 1
