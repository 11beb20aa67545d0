"""Every change leaves an entry, in its transaction, and nothing takes it away again."""

import threading

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from chassis import identity, log
from chassis.identity import Caller
from chassis.outbox import conninfo
from chassis.trail import Entry
from tests.chassis.ledger import LedgerWork
from tests.chassis.trails import ENTRIES, THINGS, Trail

TABLES = {
    "trail_entries": "actor",
    "trail_links": "digest",
    "trail_heads": "digest",
    "trail_cuts": "digest",
    "trail_verifications": "found",
}


def put_thing(state: str, work: LedgerWork) -> None:
    row = {"thing_id": "t-1", "state": state, "phone": "13812345678"}
    work.session.execute(THINGS.insert().values(row))


def move_thing(state: str, work: LedgerWork) -> None:
    work.session.execute(THINGS.update().values(state=state, phone="13987654321"))


def fail(state: str, work: LedgerWork) -> None:
    put_thing(state, work)
    raise LookupError


def entries(trail: Trail) -> list[sa.Row[tuple[object, ...]]]:
    with trail.engine.connect() as connection:
        return list(connection.execute(sa.select(ENTRIES).order_by(ENTRIES.c.entry_id)))


def test_a_change_says_who_did_what_in_which_trace(trail: Trail) -> None:
    def as_staff() -> None:
        identity.set_caller(Caller(staff_id="s-1", roles=frozenset({"operations", "adviser"})))
        log.trace.set("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        log.request_id.set("request-1")
        trail.run(put_thing, "open")
        trail.run(move_thing, "closed")

    thread = threading.Thread(target=as_staff)
    thread.start()
    thread.join()

    added, changed = entries(trail)
    assert (added.action, changed.action) == ("things.added", "things.changed")
    assert (added.actor, added.roles, added.system) == ("s-1", ["adviser", "operations"], "")
    assert (added.usecase, changed.usecase) == ("put_thing", "move_thing")
    assert added.trace_id == "0af7651916cd43dd8448eb211c80319c"
    assert added.request_id == "request-1"
    assert (added.subject, added.outcome) == ("t-1", "done")
    assert added.at <= changed.at


def test_values_are_kept_of_columns_that_are_named_and_of_no_other(trail: Trail) -> None:
    trail.run(put_thing, "open")
    trail.run(move_thing, "closed")

    added, changed = entries(trail)
    assert added.details["fields"] == {
        "thing_id": "changed",
        "state": {"after": "open"},
        "phone": "changed",
    }
    assert changed.details["fields"] == {
        "state": {"before": "open", "after": "closed"},
        "phone": "changed",
    }
    assert "138" not in str(added) + str(changed)


def test_work_that_is_rolled_back_leaves_nothing(trail: Trail) -> None:
    with pytest.raises(LookupError):
        trail.run(fail, "open")

    assert entries(trail) == []


def test_a_hand_in_the_database_leaves_an_entry_too(trail: Trail) -> None:
    with psycopg.connect(conninfo(trail.url)) as session:
        session.execute("INSERT INTO things VALUES ('t-9', 'open', NULL)")
        session.execute("DELETE FROM things")
        session.execute("TRUNCATE things")

    told = entries(trail)
    assert [entry.action for entry in told] == ["things.added", "things.removed", "things.emptied"]
    assert {entry.system for entry in told} == {"database/postgres"}


def test_a_row_that_was_written_as_it_was_leaves_no_entry(trail: Trail) -> None:
    trail.run(put_thing, "open")
    with trail.engine.begin() as connection:
        connection.execute(THINGS.update().values(state="open"))

    assert len(entries(trail)) == 1


def test_nothing_in_the_trail_can_be_changed(trail: Trail) -> None:
    trail.recorded(2)

    for table, column in TABLES.items():
        for change in (f"UPDATE {table} SET {column} = {column}", f"TRUNCATE {table}"):
            assert refused(trail, change)
        assert refused(trail, f"DELETE FROM {table}")


def refused(trail: Trail, statement: str) -> bool:
    with pytest.raises(DBAPIError, match="append-only"), trail.engine.begin() as connection:
        connection.execute(sa.text(statement))
    return True


def test_an_entry_of_its_own_is_there_at_once(trail: Trail) -> None:
    trail.own.record(Entry(action="thing.seen", subject="t-0"))

    (entry,) = entries(trail)
    assert (entry.action, entry.subject) == ("thing.seen", "t-0")
