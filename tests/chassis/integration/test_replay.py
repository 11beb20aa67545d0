"""Events of a log once more: chosen, in order, into one queue, through kills."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from chassis import topology
from chassis.envelope import PREFIX, REPLAY
from chassis.errors import Conflict, Invalid, NotFound
from chassis.outbox import conninfo
from chassis.replay.orders import Order, Replay, cancel, find, order
from chassis.replay.replayer import Carrier, Replayer
from chassis.trail import queries
from liheng.customer.v1.events_pb2 import KycApproved, KycRejected
from tests.chassis.ledger import ENTRIES, MAILBOX
from tests.chassis.stage import Stage, eventually

QUEUE = "warehouse"
APPROVED, REJECTED = "liheng.customer.v1.KycApproved", "liheng.customer.v1.KycRejected"

Session = psycopg.Connection[Any]


@pytest.fixture
def told(stage: Stage) -> Stage:
    """With ten approvals and ten rejections in its log, and a queue of somebody's own."""
    with topology.connected(stage.amqp_url) as connection:
        connection.channel().queue_declare(QUEUE, durable=True, auto_delete=False)
    with stage.relaying():
        for number in range(10):
            stage.announce(
                KycApproved(customer_id=f"c-{number}"), KycRejected(customer_id=f"c-{number}")
            )
        eventually(lambda: stage.unpublished() == 0)
    return stage


@pytest.fixture
def session(told: Stage) -> Iterator[Session]:
    with psycopg.connect(conninfo(told.database_url), autocommit=True) as session:
        yield session


@contextmanager
def replaying(stage: Stage) -> Iterator[None]:
    stop = threading.Event()
    replayer = Replayer("customer", stage.database_url, stage.amqp_url)
    thread = threading.Thread(target=replayer.run, args=(stop,))
    thread.start()
    yield
    stop.set()
    thread.join()


def replayed(stage: Stage, session: Session, wanted: Order) -> Replay:
    replay = order(session, wanted, "s-1")
    with replaying(stage):
        eventually(lambda: find(session, replay.replay_id).state != "running")
    return find(session, replay.replay_id)


def taken(stage: Stage, queue: str = QUEUE) -> list[Any]:
    with topology.connected(stage.amqp_url) as connection:
        channel = connection.channel()
        found = []
        while message := channel.basic_get(queue, no_ack=True):
            found.append(message)
        return found


def said(messages: list[Any]) -> list[tuple[str, str]]:
    return [
        (each.headers[f"{PREFIX}type"].rsplit(".", 1)[1], each.headers[f"{PREFIX}subject"])
        for each in messages
    ]


def test_everything_comes_once_more_in_order(told: Stage, session: Session) -> None:
    replay = replayed(told, session, Order(queue=QUEUE))

    messages = taken(told)
    assert (replay.state, replay.sent) == ("done", 20)
    assert said(messages) == [
        (kind, f"c-{number}") for number in range(10) for kind in ("KycApproved", "KycRejected")
    ]
    assert [each.headers["liheng:position"] for each in messages] == list(range(1, 21))
    assert {each.headers[REPLAY] for each in messages} == {replay.replay_id}
    assert len({each.properties["message_id"] for each in messages}) == 20


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"types": [REJECTED], "last": 4}, [("KycRejected", "c-0"), ("KycRejected", "c-1")]),
        ({"subject": "c-7"}, [("KycApproved", "c-7"), ("KycRejected", "c-7")]),
        ({"first": 20}, [("KycRejected", "c-9")]),
        ({"first": 21}, []),
        ({"first": 19, "last": 500}, [("KycApproved", "c-9"), ("KycRejected", "c-9")]),
        ({"types": [APPROVED], "subject": "nobody"}, []),
    ],
)
def test_what_is_chosen_comes_once_more(
    told: Stage, session: Session, wanted: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    replay = replayed(told, session, Order(queue=QUEUE, **wanted))

    assert replay.state == "done"
    assert said(taken(told)) == expected


def test_moments_choose_as_well(told: Stage, session: Session) -> None:
    ((middle,),) = session.execute("SELECT logged_at FROM event_log WHERE position = 11")

    later = replayed(told, session, Order(queue=QUEUE, since=middle))
    assert said(taken(told))[-1] == ("KycRejected", "c-9")
    earlier = replayed(told, session, Order(queue=QUEUE, until=middle))
    assert said(taken(told))[0] == ("KycApproved", "c-0")
    assert later.first <= 11 <= earlier.last


def test_another_queue_hears_nothing_of_it(told: Stage, session: Session) -> None:
    before = told.queued()
    replayed(told, session, Order(queue=QUEUE))

    assert told.queued() == before
    assert len(taken(told)) == 20


def test_a_queue_that_is_not_there_is_said(told: Stage, session: Session) -> None:
    replay = replayed(told, session, Order(queue="nowhere"))

    assert (replay.state, replay.problem) == ("failed", "there is no queue nowhere")


def test_several_go_on_side_by_side(told: Stage, session: Session) -> None:
    slow = order(session, Order(queue=QUEUE, rate=1), "s-1")
    quick = order(session, Order(queue=QUEUE, subject="c-1"), "s-1")

    with replaying(told):
        eventually(lambda: find(session, quick.replay_id).state == "done")
    assert find(session, slow.replay_id).sent == 20


def test_one_that_runs_can_be_ended(told: Stage, session: Session) -> None:
    replay = order(session, Order(queue=QUEUE), "s-1")

    assert cancel(session, replay.replay_id).state == "cancelled"

    with replaying(told), pytest.raises(Conflict):
        cancel(session, replay.replay_id)
    assert taken(told) == []


@pytest.mark.parametrize(
    "wanted",
    [
        {"queue": " "},
        {"queue": QUEUE, "first": 3, "last": 2},
        {"queue": QUEUE, "rate": -1},
        {"queue": QUEUE, "types": ["t"] * 101},
    ],
)
def test_nonsense_is_refused(session: Session, wanted: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        order(session, Order(**wanted), "s-1")


def test_an_unknown_one_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        find(session, "none")


def test_killed_between_broker_and_database_it_sends_that_batch_again(
    told: Stage, session: Session
) -> None:
    replay = order(session, Order(queue=QUEUE), "s-1")
    with Carrier("customer", told.database_url, told.amqp_url) as carrier:
        kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s"
        publish = carrier._publisher.publish

        def die_after(letters: Any) -> Any:
            answer = publish(letters)
            session.execute(kill, [carrier._session.info.backend_pid])
            return answer

        carrier._publisher.publish = die_after  # type: ignore[method-assign]
        with pytest.raises(psycopg.Error):
            carrier.send_some()

    with replaying(told):
        eventually(lambda: find(session, replay.replay_id).state == "done")
    ids = [each.properties["message_id"] for each in taken(told)]
    assert len(ids) == 40
    assert ids[:20] == ids[20:]


def test_a_consumer_of_ours_applies_nothing_twice_and_what_it_lacks_once(
    told: Stage, session: Session
) -> None:
    told.start_events()
    told.await_entries(20)
    with told.engine.begin() as connection:
        connection.execute(sa.delete(ENTRIES).where(ENTRIES.c.subject == "c-3"))
        lost = connection.scalars(
            sa.text("SELECT event_id FROM event_log WHERE subject = 'c-3'")
        ).all()
        connection.execute(sa.delete(MAILBOX.inbox).where(MAILBOX.inbox.c.message_id.in_(lost)))

    replayed(told, session, Order(queue="liheng.ledger.inbox"))

    eventually(lambda: told.queued() == 0 and told.entries() == 20)
    assert sorted(told.subjects()) == sorted(f"c-{n}" for n in range(10) for _ in range(2))


def command_line(stage: Stage, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = os.environ | {
        "LIHENG_CUSTOMER_DATABASE_URL": stage.database_url,
        "LIHENG_CUSTOMER_AMQP_URL": stage.amqp_url,
    }
    command = [sys.executable, "-m", "chassis.replay", *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)


def test_the_command_line_orders_and_carries_out(told: Stage) -> None:
    done = command_line(told, "start", "customer", "--queue", QUEUE, "--type", APPROVED)
    listed = command_line(told, "list", "customer")

    assert done.returncode == 0, done.stderr
    assert "done: 10 events sent" in done.stdout
    assert len(taken(told)) == 10
    replay = json.loads(listed.stdout)
    assert replay["state"] == "done"
    with told.engine.connect() as connection:
        (entry,) = connection.execute(queries.entries.select()).all()
    assert (entry.action, entry.subject) == ("replay.ordered", replay["replay_id"])
    assert entry.details["types"] == [APPROVED]
    assert entry.system.startswith("command-line:")


def test_the_command_line_says_what_is_wrong(told: Stage) -> None:
    backwards = command_line(
        told, "start", "customer", "--queue", QUEUE, "--first", "3", "--last", "2"
    )
    nowhere = command_line(told, "start", "customer", "--queue", "nowhere")
    unknown = command_line(told, "follow", "customer", "none")
    unset = command_line(told, "list", "product")

    assert (backwards.returncode, nowhere.returncode, unknown.returncode) == (1, 1, 1)
    assert "起点晚于终点" in backwards.stderr
    assert "there is no queue nowhere" in nowhere.stdout
    assert "没有重放" in unknown.stderr
    assert unset.returncode == 2
    assert "LIHENG_PRODUCT_DATABASE_URL" in unset.stderr
