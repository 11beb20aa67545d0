"""The chain holds while nobody touches it, and says where it was touched."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256

import pytest
import sqlalchemy as sa
from google.protobuf import json_format
from sqlalchemy.exc import DBAPIError

from chassis.config import SHANGHAI
from chassis.trail import Entry
from chassis.trail.chain import genesis
from chassis.trail.pruning import Incomplete, prune
from chassis.trail.verifying import Broken, Found
from chassis.trail.writing import write
from liheng.product.v1.events_pb2 import TrailAnchored
from tests.chassis.stage import ROOT, eventually
from tests.chassis.trails import NAME, Trail

NEW = """
INSERT INTO trail_entries OVERRIDING SYSTEM VALUE
SELECT {number}, at, 'nobody', roles, system, usecase, trace_id, request_id, action, subject,
purpose, outcome, details FROM trail_entries WHERE entry_id = 4
"""
CHANGES = {
    "an entry is changed": (
        ["UPDATE trail_entries SET actor = 's-2' WHERE entry_id = 4"],
        Broken(Found.CHANGED, 4, 4),
    ),
    "a detail is changed": (
        ["""UPDATE trail_entries SET details = '{"n": 1.10}' WHERE entry_id = 4"""],
        Broken(Found.CHANGED, 4, 4),
    ),
    "an entry is removed": (
        ["DELETE FROM trail_entries WHERE entry_id = 4"],
        Broken(Found.MISSING, 4, 4),
    ),
    "an entry is removed with its link": (
        [
            "DELETE FROM trail_entries WHERE entry_id = 4",
            "DELETE FROM trail_links WHERE position=4",
        ],
        Broken(Found.MISSING, 4),
    ),
    "the gap is closed": (
        [
            "DELETE FROM trail_entries WHERE entry_id = 4",
            "DELETE FROM trail_links WHERE position = 4",
            "UPDATE trail_links SET position = -position WHERE position > 4",
            "UPDATE trail_links SET position = -position - 1 WHERE position < 0",
        ],
        Broken(Found.CHANGED, 4, 5),
    ),
    "an entry is put in": (
        [NEW.format(number=99)],
        Broken(Found.INSERTED, entry_id=99),
    ),
    "an entry is put in with a link": (
        [
            NEW.format(number=99),
            "UPDATE trail_links SET position = -position WHERE position > 4",
            "UPDATE trail_links SET position = -position + 1 WHERE position < 0",
            "INSERT INTO trail_links SELECT 5, 99, digest FROM trail_links WHERE position = 4",
        ],
        Broken(Found.INSERTED, 5, 99),
    ),
    "two are swapped": (
        [
            "UPDATE trail_links SET entry_id = 1000 WHERE position = 3",
            "UPDATE trail_links SET entry_id = 3 WHERE position = 8",
            "UPDATE trail_links SET entry_id = 8 WHERE position = 3",
        ],
        Broken(Found.REORDERED, 3, 8),
    ),
    "a digest is changed": (
        ["UPDATE trail_links SET digest = sha256('x') WHERE position = 6"],
        Broken(Found.CHANGED, 6, 6),
    ),
}


def test_a_trail_that_nobody_touched_is_intact(trail: Trail) -> None:
    verdict = trail.recorded(4100).verdict()

    assert (verdict.links, verdict.waiting, verdict.broken) == (4100, 0, None)


def test_an_empty_trail_is_intact(trail: Trail) -> None:
    verdict = trail.verdict()

    assert (verdict.head, verdict.broken) == (genesis(NAME), None)


def test_what_is_not_linked_yet_is_said(trail: Trail) -> None:
    trail.recorded(3).record(2)

    verdict = trail.verdict()

    assert (verdict.links, verdict.waiting, verdict.broken) == (3, 2, None)


@pytest.mark.parametrize("change", CHANGES)
def test_the_first_broken_link_is_named(trail: Trail, change: str) -> None:
    statements, expected = CHANGES[change]
    trail.recorded(10)

    trail.tamper(*statements)

    assert trail.verdict().broken == expected


def test_a_chain_made_anew_does_not_have_the_head_that_others_hold(trail: Trail) -> None:
    head = trail.recorded(10).verdict().head

    trail.tamper(
        "UPDATE trail_entries SET actor = 's-2' WHERE entry_id = 4",
        "INSERT INTO trail_waiting SELECT entry_id FROM trail_links",
        "DELETE FROM trail_links",
    )
    trail.link()

    assert trail.verdict().broken is None
    assert trail.verdict(head.digest).broken == Broken(Found.REPLACED)


def test_an_older_head_that_others_hold_is_found(trail: Trail) -> None:
    head = trail.recorded(10).verdict().head
    trail.record(5)
    trail.link()

    assert trail.verdict(head.digest).broken is None


@pytest.mark.parametrize("fraction", ["123456", "120000", "000000"])
def test_a_digest_can_be_told_by_hand(trail: Trail, fraction: str) -> None:
    """As docs/operations/trail.md says."""
    at = f"2026-11-23T00:00:00.{fraction}+00:00"
    trail.record(1)
    trail.tamper(f"UPDATE trail_entries SET at = '{at}'")
    trail.link()

    said = trail.one(
        """
        SELECT json_build_object(
          'action', action, 'actor', actor, 'details', details::text,
          'entry_id', entry_id, 'outcome', outcome, 'purpose', purpose, 'request_id', request_id,
          'roles', roles, 'subject', subject, 'system', system, 'trace_id', trace_id,
          'usecase', usecase
        ) FROM trail_entries
        """
    )

    line = json.dumps(said | {"at": at}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    expected = sha256(sha256(b"liheng trail of product").digest() + line.encode()).digest()
    assert bytes(trail.one("SELECT digest FROM trail_links")) == expected


def test_of_many_writers_every_entry_is_linked_once(trail: Trail) -> None:
    """Numbers are given before transactions end: later ones are often committed first."""

    def write_some(writer: int) -> None:
        for turn in range(20):
            with trail.engine.begin() as connection:
                write(connection, [Entry(action="thing.seen", subject=f"w{writer}-{turn}")])
                connection.execute(sa.select(sa.func.pg_sleep(0.002 * (writer % 5))))
                if turn % 7 == 3:
                    connection.rollback()

    with trail.linking(), trail.linking(), ThreadPoolExecutor(8) as writers:
        list(writers.map(write_some, range(8)))
        eventually(lambda: trail.verdict().waiting == 0)

    kept = trail.one("SELECT count(*) FROM trail_entries")
    assert kept == 8 * 17
    verdict = trail.verdict()
    assert (verdict.links, verdict.broken) == (kept, None)


def test_an_entry_is_linked_within_a_second(trail: Trail) -> None:
    with trail.linking():
        trail.record(1)

        eventually(lambda: trail.verdict().links == 1, within=1.0)


def test_a_linker_that_is_killed_leaves_a_chain_that_goes_on(trail: Trail) -> None:
    trail.record(30_000)
    for _ in range(3):
        before = links(trail)
        with killed_in_the_end(trail.url):
            eventually(partial(grown, trail, before))

    assert trail.verdict().broken is None
    trail.link()
    verdict = trail.verdict()
    assert (verdict.links, verdict.waiting, verdict.broken) == (30_000, 0, None)


def links(trail: Trail) -> int:
    return int(trail.one("SELECT count(*) FROM trail_links"))


def grown(trail: Trail, before: int) -> bool:
    return links(trail) > before


@contextmanager
def killed_in_the_end(url: str) -> Iterator[None]:
    """A linker in a process of its own."""
    program = (
        "import sys, threading; from chassis.config import SHANGHAI;"
        "from chassis.trail import linker; linker.BATCH = 50;"
        f"linker.Linker('{NAME}', sys.argv[1], SHANGHAI).run(threading.Event())"
    )
    environ = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'contracts'}"}
    process = subprocess.Popen([sys.executable, "-c", program, url], env=environ)
    try:
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def test_the_head_is_announced_once_a_day_whoever_leads(trail: Trail) -> None:
    noon = datetime(2026, 3, 1, 4, tzinfo=UTC)  # in Shanghai
    trail.recorded(3)
    for hours in (0, 1, 11.9, 12.1, 20, 72):
        now = noon + timedelta(hours=hours)
        with trail.linking(partial(same, now)):
            eventually(partial(announced, trail, now.astimezone(SHANGHAI).date()))

    days = [str(day) for (day,) in trail.rows("SELECT day FROM trail_heads ORDER BY day")]
    assert days == ["2026-03-01", "2026-03-02", "2026-03-04"]
    told = [body for (body,) in trail.rows("SELECT body FROM outbox ORDER BY id")]
    assert len(told) == 3
    event = json_format.Parse(told[0], TrailAnchored())
    assert (event.service, event.position) == (NAME, 3)
    assert event.digest == trail.verdict().head.digest.hex()
    assert event.at.ToDatetime(UTC) == noon


def same(moment: datetime) -> datetime:
    return moment


def announced(trail: Trail, day: date) -> bool:
    return bool(trail.one("SELECT max(day) FROM trail_heads") == day)


def test_announced_heads_are_compared_with_the_chain(trail: Trail) -> None:
    with trail.recorded(5).linking():
        eventually(lambda: trail.one("SELECT count(*) FROM trail_heads") == 1)

    trail.tamper("UPDATE trail_heads SET digest = sha256('x')")

    assert trail.verdict().broken == Broken(Found.REPLACED, 5)


def test_what_was_kept_long_enough_is_let_go_of(trail: Trail) -> None:
    trail.recorded(1200).age(days=190, below=701)

    gone = prune(trail.url, 183, datetime.now(UTC))

    assert gone == 700
    verdict = trail.verdict()
    assert (verdict.links, verdict.head.position, verdict.broken) == (500, 1200, None)
    assert trail.one("SELECT min(entry_id) FROM trail_entries") == 701
    assert prune(trail.url, 183, datetime.now(UTC)) == 0


def test_after_the_last_entry_has_gone_the_chain_goes_on(trail: Trail) -> None:
    trail.recorded(3).age(days=190, below=4)
    prune(trail.url, 183, datetime.now(UTC))

    trail.record(2)
    trail.link()

    verdict = trail.verdict()
    assert (verdict.links, verdict.head.position, verdict.broken) == (2, 5, None)


def test_a_cut_does_not_open_the_way_for_what_is_young(trail: Trail) -> None:
    trail.recorded(3)
    with trail.engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO trail_cuts SELECT position, digest, now() FROM trail_links")
        )

    with pytest.raises(DBAPIError, match="append-only"), trail.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM trail_entries"))


def test_nothing_goes_while_something_is_missing(trail: Trail) -> None:
    trail.recorded(3).age(days=190, below=4)
    trail.tamper("DELETE FROM trail_entries WHERE entry_id = 2")

    with pytest.raises(Incomplete, match="position 2"):
        prune(trail.url, 183, datetime.now(UTC))

    assert trail.one("SELECT count(*) FROM trail_entries") == 2
