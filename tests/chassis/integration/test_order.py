"""Events about one subject are applied in order, although one of them is tried again."""

import sqlalchemy as sa

from chassis.mailbox import waiting_table
from liheng.customer.v1.events_pb2 import KycApproved, KycRejected
from tests.chassis.stage import Stage, eventually

WAITING = waiting_table(sa.MetaData())


def rejected(subject: str, reason: str = "") -> KycRejected:
    return KycRejected(customer_id=subject, reason=reason)


def tries(stage: Stage, subject: str) -> list[int]:
    """Of each entry about *subject*, in the order in which they were written."""
    with stage.engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT tries FROM entries WHERE subject = :subject ORDER BY number"),
            {"subject": subject},
        )
        return list(rows.scalars())


def sequences(stage: Stage, subject: str) -> list[int]:
    with stage.engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT sequence FROM entries WHERE subject = :subject ORDER BY number"),
            {"subject": subject},
        )
        return list(rows.scalars())


def waiting(stage: Stage) -> int:
    with stage.engine.connect() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(WAITING)) or 0)


def test_younger_events_about_the_same_wait_and_others_do_not(running: Stage) -> None:
    running.announce(
        rejected("raced", "lose a race"),
        KycApproved(customer_id="raced"),
        KycApproved(customer_id="bystander"),
        KycApproved(customer_id="raced"),
    )

    eventually(lambda: len(sequences(running, "raced")) == 3)

    assert tries(running, "raced")[0] == 3
    assert sequences(running, "raced") == sorted(sequences(running, "raced"))
    assert running.subjects().index("bystander") < running.subjects().index("raced")
    eventually(lambda: waiting(running) == 0)


def test_behind_one_that_is_given_up_life_goes_on(running: Stage) -> None:
    running.announce(rejected("given up", "break"), KycApproved(customer_id="given up"))

    eventually(lambda: len(sequences(running, "given up")) == 1)

    assert len(running.dead_letters("given up")) == 1
    eventually(lambda: waiting(running) == 0)


def test_events_that_keep_coming_stay_in_order(running: Stage) -> None:
    running.announce(rejected("busy", "lose a race"))
    for _ in range(30):
        running.announce(*[KycApproved(customer_id="busy") for _ in range(3)])

    eventually(lambda: len(sequences(running, "busy")) == 91)

    assert sequences(running, "busy") == sorted(sequences(running, "busy"))


def test_who_takes_over_knows_who_waits(stage: Stage) -> None:
    first = stage.start_events()
    with stage.relaying():
        stage.announce(rejected("c-1", "break"), *[KycApproved(customer_id="c-1")] * 3)
        eventually(lambda: waiting(stage) == 4)
        first.kill()
        stage.start_events()
        stage.announce(KycApproved(customer_id="c-1"))
        eventually(lambda: stage.entries() == 4)

    assert sequences(stage, "c-1") == sorted(sequences(stage, "c-1"))
    assert len(stage.dead_letters("c-1")) == 1


def test_nobody_waits_for_one_that_kills_its_process_each_time(stage: Stage) -> None:
    (guilty,) = stage.announce(rejected("c-1", "die"))
    behind = stage.announce(KycApproved(customer_id="c-1"))
    with stage.engine.begin() as connection:
        connection.execute(
            WAITING.insert().values(
                message_id=guilty,
                source="customer",
                subject="c-1",
                sequence=1,
                delay=0.1,
                until=sa.func.now() + sa.text("interval '1 hour'"),
            )
        )

    with stage.relaying():
        while not stage.dead_letters("c-1"):
            process = stage.start("events")
            eventually(lambda: not process.alive() or stage.entries() > 0)  # noqa: B023
            process.kill()
        stage.start_events()
        eventually(lambda: stage.entries() == 1)

    assert behind
    assert waiting(stage) == 0


def test_a_batch_leaves_out_who_has_to_wait(stage: Stage) -> None:
    stage.start_several(1, "batches")
    with stage.relaying():
        stage.announce(rejected("c-1", "break"), KycApproved(customer_id="c-1"))
        eventually(lambda: waiting(stage) == 2)
        stage.announce(*[KycApproved(customer_id=f"c-{1 + number % 5}") for number in range(400)])
        eventually(lambda: stage.entries() == 401)

    assert sequences(stage, "c-1") == sorted(sequences(stage, "c-1"))
