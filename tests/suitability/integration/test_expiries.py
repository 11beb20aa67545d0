"""Warnings over real tables: one each, whoever tells them, whatever dies meanwhile."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from chassis.database import begin, engine
from chassis.migrations import migrate
from services.suitability.adapters.database import SqlSuitabilityWork
from services.suitability.adapters.tables import assessments, expiries, mailbox, profiles
from services.suitability.bootstrap import SERVICE
from services.suitability.domain.assessment import Source
from services.suitability.usecases.warn_of_expiries import WarnOfExpiries, warn_of_expiries
from tests.chassis.stage import free_port
from tests.patience import until
from tests.suitability.integration.test_events_process import PATIENCE, Events

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
TODAY = date(2026, 11, 23)
SHANGHAI = ZoneInfo("Asia/Shanghai")
MANY = 450


def fill(bound: sa.Engine, today: date, clients: int = MANY) -> None:
    """Clients whose assessments end in a week."""
    last_day = today + timedelta(days=7)
    names = [f"c-{number:04d}" for number in range(clients)]
    with bound.begin() as connection:
        connection.execute(
            profiles.insert(),
            [{"customer_id": name, "standing_level": "C3", "version": 1} for name in names],
        )
        connection.execute(
            assessments.insert(),
            [
                {
                    "assessment_id": f"a-{name}",
                    "customer_id": name,
                    "level": "C3",
                    "source": Source.QUESTIONNAIRE,
                    "assessed_on": last_day - timedelta(days=365),
                    "valid_until": last_day,
                    "at": datetime(2025, 11, 30, 4, tzinfo=UTC),
                }
                for name in names
            ],
        )
        connection.execute(
            expiries.insert(),
            [
                {
                    "customer_id": name,
                    "assessment_id": f"a-{name}",
                    "valid_until": last_day,
                    "tell_on": today,
                }
                for name in names
            ],
        )


def told(bound: sa.Engine) -> Counter[str]:
    """How often each client was warned of."""
    outbox = mailbox.outbox.c
    warned = sa.select(outbox.subject).where(outbox.type.like("%AssessmentExpiring"))
    with bound.connect() as connection:
        return Counter(connection.execute(warned).scalars())


@pytest.fixture
def bound(create_database: Callable[[str], str]) -> Iterator[sa.Engine]:
    url = create_database("suitability_expiries")
    migrate(url, SERVICE.migrations)
    made = engine(url)
    yield made
    made.dispose()


COMMAND = WarnOfExpiries(today=TODAY, at=NOON, limit=20)


def tell_all(bound: sa.Engine) -> int:
    count = 0
    while True:
        with begin(bound, SqlSuitabilityWork)() as work:
            batch = warn_of_expiries(COMMAND, work)
            work.commit()
        count += batch
        if batch < COMMAND.limit:
            return count


def test_several_at_once_share_the_work_and_tell_nothing_twice(bound: sa.Engine) -> None:
    fill(bound, TODAY)

    with ThreadPoolExecutor(3) as together:
        shares = list(together.map(lambda _: tell_all(bound), range(3)))

    assert sum(shares) == MANY
    counted = told(bound)
    assert len(counted) == MANY
    assert set(counted.values()) == {1}


def test_what_one_has_claimed_the_other_leaves_alone(bound: sa.Engine) -> None:
    fill(bound, TODAY, clients=30)
    with begin(bound, SqlSuitabilityWork)() as one, begin(bound, SqlSuitabilityWork)() as other:
        first = {each.customer_id for each in one.expiries.claim_due(TODAY, 20)}
        second = {each.customer_id for each in other.expiries.claim_due(TODAY, 20)}

    assert (len(first), len(second)) == (20, 10)
    assert not first & second


def test_what_was_told_but_not_committed_is_told_again_and_once(bound: sa.Engine) -> None:
    fill(bound, TODAY, clients=30)
    with begin(bound, SqlSuitabilityWork)() as work:
        assert warn_of_expiries(COMMAND, work) == 20

    assert tell_all(bound) == 30
    assert set(told(bound).values()) == {1}


def test_a_batch_reads_no_more_than_what_is_due(bound: sa.Engine) -> None:
    fill(bound, TODAY + timedelta(days=200))
    with bound.begin() as connection:
        connection.execute(sa.text("ANALYZE"))
        connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        asked = sa.select(expiries).where(expiries.c.tell_on <= TODAY).limit(20)
        text = str(asked.compile(bound, compile_kwargs={"literal_binds": True}))
        plan = "\n".join(connection.execute(sa.text(f"EXPLAIN {text}")).scalars())

    assert "expiries_to_tell" in plan


def test_processes_share_the_warnings_and_one_that_is_killed_takes_none_with_it(
    create_database: Callable[[str], str], create_vhost: Callable[[str], str]
) -> None:
    events = Events(create_database("suitability_warning"), create_vhost("suitability"))
    events.migrate()
    fill(events.engine, datetime.now(UTC).astimezone(SHANGHAI).date())
    first = events.start()
    second = events.start(free_port())
    try:
        until("the first warnings", lambda: bool(told(events.engine)), PATIENCE)
        os.kill(first.pid, signal.SIGKILL)
        until("all warnings", lambda: len(told(events.engine)) == MANY, PATIENCE)
        counted = told(events.engine)
    finally:
        first.kill()
        first.wait()
        second.terminate()
        assert second.wait(timeout=PATIENCE) == 0
        events.engine.dispose()

    assert set(counted.values()) == {1}
