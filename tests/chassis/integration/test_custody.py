"""Rows are seen as their scope says, in the database as in memory."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from threading import Event

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from chassis.custody import Scopes, SqlCustody, custody_tables, visible
from chassis.database import read_engine
from chassis.identity import Caller
from chassis.scope import Custody, Reach, Scope, Share
from tests.custodies import FakeCustodies

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
PATIENCE = 20.0  # seconds

metadata = sa.MetaData()
tables = custody_tables(metadata)

STAFF, TEAMS, BRANCHES = ("", "s-ada", "s-bo"), ("", "t-1", "t-2"), ("", "b-1")
ALL = {
    f"c-{place}": Custody(*kept)
    for place, kept in enumerate(product(STAFF, TEAMS, BRANCHES), start=1)
}
some_staff = st.frozensets(st.sampled_from([name for name in STAFF if name]))
scopes = st.builds(
    Scope,
    reach=st.sampled_from(list(Reach)),
    staff_id=st.sampled_from(STAFF),
    team_id=st.sampled_from(TEAMS),
    branch_id=st.sampled_from(BRANCHES),
    shared_owners=some_staff,
    shared_subjects=st.frozensets(st.sampled_from(list(ALL)), max_size=3),
)


@pytest.fixture(scope="module")
def engine(create_database: Callable[[str], str]) -> Iterator[sa.Engine]:
    made = read_engine(create_database("custody"))
    metadata.create_all(made)
    with Session(made) as session:
        for subject_id, custody in ALL.items():
            SqlCustody(session, tables).put(subject_id, custody, 1)
        session.commit()
    yield made
    made.dispose()


@given(scope=scopes)
def test_the_database_sees_what_the_scope_covers(engine: sa.Engine, scope: Scope) -> None:
    asked = sa.select(tables.custody.c.subject_id).where(visible(scope, tables.columns))

    with engine.connect() as connection:
        seen = set(connection.scalars(asked))

    assert seen == {s for s, custody in ALL.items() if scope.covers(custody, s)}


@given(scope=scopes)
def test_rows_that_name_only_their_subject_are_seen_alike(engine: sa.Engine, scope: Scope) -> None:
    told = sa.values(sa.column("subject_id", sa.Text), name="told").data([(s,) for s in ALL])
    asked = sa.select(told.c.subject_id).where(tables.seen(scope, told.c.subject_id))

    with engine.connect() as connection:
        seen = set(connection.scalars(asked))

    assert seen == {s for s, custody in ALL.items() if scope.covers(custody, s)}


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    with Session(engine) as made:
        yield made
        made.execute(tables.shares.delete())
        made.commit()


def test_old_news_changes_nothing(session: Session) -> None:
    kept = SqlCustody(session, tables)
    assert kept.put("c-new", Custody("s-ada", "t-1", "b-1"), 7)

    assert not kept.put("c-new", Custody("s-bo", "t-2", "b-1"), 6)

    assert kept.get("c-new") == Custody("s-ada", "t-1", "b-1")
    session.execute(tables.custody.delete().where(tables.custody.c.subject_id == "c-new"))


def test_nobody_looks_after_a_subject_that_was_never_told(session: Session) -> None:
    assert SqlCustody(session, tables).get("c-unknown") == Custody()


class Time:
    def __init__(self) -> None:
        self.now, self.ticks = NOON, 0.0


def share(share_id: str, *, subject_id: str = "", owner_id: str = "") -> Share:
    """With Bo, for an hour."""
    return Share(
        share_id=share_id,
        staff_id="s-bo",
        subject_id=subject_id,
        owner_id=owner_id,
        purpose="leave",
        valid_from=NOON,
        valid_until=NOON + HOUR,
    )


def test_a_share_is_seen_while_it_lasts_and_no_longer(engine: sa.Engine, session: Session) -> None:
    time, bo = Time(), Caller("s-bo", reach=Reach.OWN)
    see = Scopes(engine, tables.shares, lambda: time.now, ticking=lambda: time.ticks)
    kept = SqlCustody(session, tables)
    kept.share(share("g-1", owner_id="s-ada"), 1)
    kept.share(share("g-2", subject_id="c-9"), 2)
    session.commit()

    during = see.of(bo)
    time.now = NOON + HOUR
    after = see.of(bo)

    assert during.shared_owners == {"s-ada"} and during.shared_subjects == {"c-9"}
    assert not after.shared_owners and not after.shared_subjects
    assert see.of(Caller("s-ada", reach=Reach.OWN)).shared_owners == frozenset()


def test_a_share_that_was_ended_is_gone_within_a_second(
    engine: sa.Engine, session: Session
) -> None:
    time, bo = Time(), Caller("s-bo", reach=Reach.OWN)
    see = Scopes(engine, tables.shares, lambda: time.now, ticking=lambda: time.ticks)
    kept = SqlCustody(session, tables)
    kept.share(share("g-1", subject_id="c-9"), 1)
    session.commit()
    assert see.of(bo).shared_subjects == {"c-9"}

    kept.end_share("g-1", NOON, 2)
    session.commit()
    time.ticks = 1.5

    assert see.of(bo).shared_subjects == frozenset()


def test_nobody_waits_while_another_reads_the_shares_again(
    engine: sa.Engine, session: Session
) -> None:
    time, bo, reading, go_on = Time(), Caller("s-bo", reach=Reach.OWN), Event(), Event()
    see = Scopes(engine, tables.shares, lambda: time.now, ticking=lambda: time.ticks)
    kept = SqlCustody(session, tables)
    kept.share(share("g-1", subject_id="c-9"), 1)
    session.commit()
    see.of(bo)
    kept.end_share("g-1", NOON, 2)
    session.commit()

    @sa.event.listens_for(engine, "before_cursor_execute", once=True)
    def hold(*_: object) -> None:
        reading.set()
        go_on.wait(PATIENCE)

    time.ticks = 1.5
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(see.of, bo)
        assert reading.wait(PATIENCE)
        meanwhile = pool.submit(see.of, bo).result(PATIENCE)
        time.ticks = 2.5
        late = pool.submit(see.of, bo)
        go_on.set()

        assert meanwhile.shared_subjects == {"c-9"}
        assert slow.result(PATIENCE).shared_subjects == frozenset()
        assert late.result(PATIENCE).shared_subjects == frozenset()


def test_what_was_granted_to_somebody_is_asked_of_any_moment(session: Session) -> None:
    kept, fake = SqlCustody(session, tables), FakeCustodies()
    for each in (kept, fake):
        each.share(share("g-1", owner_id="s-ada"), 1)
        each.share(share("g-2", subject_id="c-9"), 2)
        each.share(replace(share("g-3", subject_id="c-8"), staff_id="s-cai"), 3)

    during = Scope(shared_owners=frozenset({"s-ada"}), shared_subjects=frozenset({"c-9"}))
    for at, seen in ((NOON - HOUR, Scope()), (NOON, during), (NOON + HOUR, Scope())):
        assert kept.granted_to("s-bo", at) == fake.granted_to("s-bo", at) == seen


def test_a_share_taken_back_before_it_was_heard_of_stays_closed(
    engine: sa.Engine, session: Session
) -> None:
    kept = SqlCustody(session, tables)

    kept.end_share("g-1", NOON, 2)
    kept.share(share("g-1", subject_id="c-9"), 1)
    session.commit()

    see = Scopes(engine, tables.shares, lambda: NOON)
    assert see.of(Caller("s-bo", reach=Reach.OWN)).shared_subjects == frozenset()


@given(scope=scopes, subject_id=st.sampled_from([*ALL, "c-unknown"]))
def test_work_sees_a_subject_as_its_fake_does(
    engine: sa.Engine, scope: Scope, subject_id: str
) -> None:
    fake = FakeCustodies()
    for known, custody in ALL.items():
        fake.put(known, custody, 1)

    with Session(engine) as work:
        seen = SqlCustody(work, tables).sees(scope, subject_id)

    assert seen is fake.sees(scope, subject_id)
