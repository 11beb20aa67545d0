"""What was published is kept in order, and can be let go of."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from chassis.event_log import Month
from chassis.housekeeping import Kept, forget, keep_house
from chassis.ids import first_id_of, new_id
from chassis.log_months import let_go, make, months, this_month
from chassis.mailbox import replayed
from chassis.outbox import Outbox, conninfo
from chassis.relay import BATCH
from chassis.replay.log import bounds, first_since, last_until, page
from liheng.customer.v1.events_pb2 import KycApproved
from tests.chassis.ledger import MAILBOX
from tests.chassis.stage import Stage, eventually

Session = psycopg.Connection[Any]

EVENT = """
INSERT INTO event_log (position, logged_at, sequence, event_id, type, subject, source, body,
    headers, occurred_at)
VALUES (%s, %s, 1, 'old', 't', 's', 'customer', '{}', '{}', now())
"""


@pytest.fixture
def session(stage: Stage) -> Iterator[Session]:
    with psycopg.connect(conninfo(stage.database_url), autocommit=True) as session:
        keep_house(session, Kept(24, 90))
        yield session


def published(stage: Stage, count: int) -> list[str]:
    """Ids of that many events, moved to the log as a relay does it."""
    ids = stage.announce(*(KycApproved(customer_id=f"c-{number}") for number in range(count)))
    outbox = Outbox(stage.database_url)
    outbox.published([row.id for row in outbox.waiting(count)])
    outbox.close()
    return ids


def test_what_is_published_moves_to_the_log_in_order_and_without_gaps(
    stage: Stage, session: Session
) -> None:
    told = published(stage, 3) + published(stage, 2)

    logged = page(session, 0, 100, [], "", 10)

    assert [each.event.event_id for each in logged] == told
    assert [each.position for each in logged] == [1, 2, 3, 4, 5]
    assert [each.sequence for each in logged] == sorted(each.sequence for each in logged)
    assert stage.unpublished() == 0
    assert (bounds(session).first, bounds(session).last) == (1, 5)


def test_an_event_is_logged_with_all_it_was_published_with(stage: Stage) -> None:
    announced = KycApproved(customer_id="c-1", reviewer_id="s-2", expires_on="2027-01-31")
    with stage.relaying():
        (event_id,) = stage.announce(announced)
        eventually(lambda: stage.unpublished() == 0)

    with psycopg.connect(conninfo(stage.database_url)) as session:
        (logged,) = page(session, 0, 1, [], "", 10)

    assert logged.event.event_id == event_id
    assert logged.event.type == "liheng.customer.v1.KycApproved"
    assert logged.event.subject == "c-1"
    assert '"expiresOn": "2027-01-31"' in logged.event.body
    assert logged.event.headers["dataschema"] == "proto:liheng/customer/v1/events.proto"


def test_what_nobody_wants_is_not_logged_before_it_is_published(stage: Stage) -> None:
    stage.announce(KycApproved(customer_id="c-1"))
    outbox = Outbox(stage.database_url)
    outbox.keep_house(Kept(24, 90))
    rows = outbox.waiting(10)
    outbox.returned([row.id for row in rows])
    assert outbox.waiting(10) == []

    outbox.published([row.id for row in outbox.oldest_returned()])

    with psycopg.connect(conninfo(stage.database_url)) as session:
        assert [each.event.subject for each in page(session, 0, 9, [], "", 9)] == ["c-1"]
    outbox.close()


def test_what_is_read_ahead_is_all_but_what_is_being_published(stage: Stage) -> None:
    stage.announce(*(KycApproved(customer_id=f"c-{number}") for number in range(3)))
    outbox = Outbox(stage.database_url)
    first, second, third = outbox.waiting(3)

    assert outbox.ahead(3, [second]) == [first, third]
    assert outbox.ahead(3, [first, second, third]) == []
    outbox.close()


def test_what_takes_many_batches_is_logged_once_and_in_order(
    stage: Stage, session: Session
) -> None:
    told = stage.announce(*(KycApproved(customer_id="c-1") for _ in range(2 * BATCH + 7)))

    with stage.relaying():
        eventually(lambda: stage.unpublished() == 0)

    logged = page(session, 0, 3 * BATCH, [], "", 3 * BATCH)
    assert [each.event.event_id for each in logged] == told


def test_a_page_takes_what_is_asked_for(stage: Stage, session: Session) -> None:
    published(stage, 4)
    approved = "liheng.customer.v1.KycApproved"

    def positions(*asked: object) -> list[int]:
        return [each.position for each in page(session, *asked)]  # type: ignore[arg-type]

    assert positions(1, 3, [], "", 10) == [2, 3]
    assert positions(0, 4, [approved], "", 10) == [1, 2, 3, 4]
    assert positions(0, 4, ["liheng.customer.v1.KycRejected"], "", 10) == []
    assert positions(0, 4, [], "c-2", 10) == [3]
    assert positions(0, 4, [], "", 2) == [1, 2]


def test_a_moment_is_found_in_the_log(stage: Stage, session: Session) -> None:
    before = datetime.now(UTC) - timedelta(hours=1)
    assert first_since(session, before) is None
    published(stage, 2)
    after = datetime.now(UTC) + timedelta(hours=1)

    assert first_since(session, before) == 1
    assert last_until(session, after) == 2
    assert first_since(session, after) is None
    assert last_until(session, before) is None


def test_months_are_there_before_they_are_needed(
    session: Session,
) -> None:
    this = this_month(session)
    assert months(session) == [this, this.later(1), this.later(2)]


def test_months_go_when_they_are_old_and_positions_go_on(stage: Stage, session: Session) -> None:
    published(stage, 2)
    old, kept = this_month(session).later(-25), this_month(session).later(-24)
    for month in (old, kept):
        make(session, month)
        session.execute(EVENT, [-month.month, datetime(month.year, month.month, 5, tzinfo=UTC)])

    let_go(session, 24)

    assert old not in months(session)
    assert kept in months(session)
    published(stage, 1)
    assert bounds(session).last == 3


def test_a_month_that_is_read_is_let_go_of_later(stage: Stage, session: Session) -> None:
    old = this_month(session).later(-30)
    make(session, old)
    with psycopg.connect(conninfo(stage.database_url)) as reader:
        reader.execute("SELECT count(*) FROM event_log")
        let_go(session, 24)
        assert old in months(session)

    let_go(session, 24)
    assert old not in months(session)


@pytest.mark.parametrize(
    ("month", "later", "expected"),
    [
        (Month(2026, 11), 2, Month(2027, 1)),
        (Month(2026, 1), -1, Month(2025, 12)),
        (Month(2026, 12), 0, Month(2026, 12)),
        (Month(2026, 12), -24, Month(2024, 12)),
    ],
)
def test_months_are_counted_over_the_year(month: Month, later: int, expected: Month) -> None:
    assert month.later(later) == expected
    assert Month.named(expected.partition) == expected


def test_ids_are_forgotten_when_they_are_old_and_were_applied_long_ago(
    stage: Stage, session: Session
) -> None:
    now = datetime.now(UTC)
    long_ago, just_now = first_id_of(now - timedelta(days=100)), new_id()
    late = first_id_of(now - timedelta(days=99))
    add = "INSERT INTO inbox VALUES (%s, now() - %s * interval '1 day')"
    for message_id, days in ((long_ago, 99), (just_now, 0), (late, 1)):
        session.execute(add, [message_id, days])

    assert forget(session, 90) == 1

    assert _ids(stage) == {late, just_now}
    assert forget(session, 90) == 0


def test_what_may_be_forgotten_is_not_applied_once_more(stage: Stage, session: Session) -> None:
    forget(session, 90)
    old = first_id_of(datetime.now(UTC) - timedelta(days=100))
    young = first_id_of(datetime.now(UTC) - timedelta(days=80))
    with stage.engine.begin() as connection:
        replayed.set(True)
        assert not MAILBOX.note(connection, old)
        assert MAILBOX.note(connection, young)
        replayed.set(False)
        assert MAILBOX.note(connection, old)


def _ids(stage: Stage) -> set[str]:
    with stage.engine.connect() as connection:
        return set(connection.scalars(sa.select(MAILBOX.inbox.c.message_id)))
