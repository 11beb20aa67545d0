"""The bus: what relaying and applying cost beside the broker and the database alone.

(a) the relay beside a bare publish with batch confirms; (b) a handler in one transaction beside
kombu and SQLAlchemy doing the same; (c) a batch projection beside the slower of bare consuming and
bare bulk inserts; (d) from commit to applied at 200 events a second beside publish, consume and
commit; (e) processor time per event with a hundred times as much in outbox and log.
"""

import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, process_time
from typing import Any

import psycopg
import sqlalchemy as sa

from bench.bus_site import EXCHANGE, PATIENCE, TYPE, Site, letter, process
from bench.bus_tally import ENTRIES, IN_BULK, MAILBOX, Entry, columns
from bench.figure import Figure, show
from chassis.envelope import Outgoing, properties
from chassis.ids import new_id
from chassis.outbox import Outbox, conninfo
from chassis.publishing import Letter, Publisher
from chassis.relay import BATCH, Relay
from liheng.customer.v1.events_pb2 import KycApproved

RELAYED, APPLIED, PROJECTED = 6000, 1500, 30_000
AT_PACE, PACE = 1500, 200  # events, and events a second
ROUNDS = 3
SMALL, LARGE, MEASURED = 10_000, 1_000_000, 2000

FILL_LOG = """
INSERT INTO event_log (position, logged_at, sequence, event_id, type, subject, source, body,
    headers, occurred_at)
SELECT number, now(), number, gen_random_uuid()::text, :type, 'c-' || number % 100000, 'customer',
       '{"customerId": "c-1", "reviewerId": "s-1", "expiresOn": "2027-01-31"}', '{}', now()
FROM generate_series(1, :count) AS number
"""


def measure(database_url: str, amqp_url: str) -> None:
    """Print one JSON line per figure. Database and vhost are empty and ours."""
    site = Site(database_url, amqp_url)
    relay(site)
    one_by_one(site)
    in_batches(site)
    latency(site)
    growth(site)
    site.engine.dispose()


def relay(site: Site) -> None:
    """(a)"""
    ours, bare = [], []
    for _ in range(ROUNDS):
        site.empty()
        bare.append(publish_bare(site))
        site.empty()
        site.fill_outbox(RELAYED)
        ours.append(RELAYED / relayed(site, RELAYED)[0])
    show(
        Figure(
            "relay from outbox to log",
            median(ours),
            "events/s",
            "bare publish in batches of 200, confirmed",
            median(bare),
        )
    )


def publish_bare(site: Site) -> float:
    letters = [letter(number) for number in range(RELAYED)]
    publisher = Publisher(site.amqp_url)
    publisher.channel()
    began = perf_counter()
    for first in range(0, RELAYED, BATCH):
        publisher.publish(letters[first : first + BATCH])
    took = perf_counter() - began
    publisher.close()
    return RELAYED / took


def relayed(site: Site, count: int) -> tuple[float, float]:
    """Seconds, and of them those of processors: this process and the session's server process."""
    relay = Relay("customer", site.database_url, site.amqp_url, EXCHANGE)
    outbox, publisher = Outbox(site.database_url), Publisher(site.amqp_url)
    publisher.channel()
    server = outbox._session.info.backend_pid
    began, used = perf_counter(), process_time() + cpu_of(server)
    left = count
    while left > 0:
        left -= relay._publish_some(outbox, publisher)
    result = perf_counter() - began, process_time() + cpu_of(server) - used
    publisher.close()
    outbox.close()
    return result


def cpu_of(pid: int) -> float:
    told = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def one_by_one(site: Site) -> None:
    """(b)"""
    ours, bare = interleaved(site, "ours", "plain", APPLIED)
    show(
        Figure(
            "handler in one transaction",
            ours,
            "events/s",
            "kombu and SQLAlchemy doing the same",
            bare,
        )
    )


def in_batches(site: Site) -> None:
    """(c)"""
    ours, consumed = interleaved(site, "batches", "raw", PROJECTED)
    inserted = median(inserted_in_bulk(site) for _ in range(ROUNDS))
    name = "bare consume" if consumed < inserted else "bare bulk insert"
    show(Figure("batch projection", ours, "events/s", name, min(consumed, inserted)))


def interleaved(site: Site, one: str, other: str, count: int) -> tuple[float, float]:
    rounds = [(site.rate(one, count), site.rate(other, count)) for _ in range(ROUNDS)]
    return median(first for first, _ in rounds), median(second for _, second in rounds)


def inserted_in_bulk(site: Site) -> float:
    """Ids and entries of a hundred events per transaction, on one connection."""
    site.empty()
    now = datetime.now(UTC)
    batches = [
        [Entry(f"c-{number}", number, now) for number in range(first, first + 100)]
        for first in range(0, PROJECTED, 100)
    ]
    with site.engine.connect() as connection:
        began = perf_counter()
        for entries in batches:
            with connection.begin():
                MAILBOX.note_all(connection, [new_id() for _ in entries])
                connection.execute(IN_BULK, columns(entries))
        return PROJECTED / (perf_counter() - began)


def latency(site: Site) -> None:
    """(d)"""
    ours, bare = [], []
    for _ in range(2):
        site.empty()
        with process("relay", site, 1), process("ours", site, AT_PACE):
            ours += waited(site, lambda moment: announce(site, moment))
        site.empty()
        bare += latency_of_plain(site)
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        show(
            Figure(
                f"from commit to applied at {PACE}/s, {name}",
                at(ours, share),
                "ms",
                "publish, consume and commit",
                at(bare, share),
            )
        )


def latency_of_plain(site: Site) -> list[float]:
    publisher = Publisher(site.amqp_url)
    with process("plain", site, AT_PACE):
        waits = waited(site, lambda moment: publisher.deliver(timed_letter(moment)))
    publisher.close()
    return waits


def at(waits: list[float], share: float) -> float:
    return sorted(waits)[int(len(waits) * share) - 1]


def announce(site: Site, moment: datetime) -> None:
    event = told_at(moment)
    with site.engine.begin() as connection:
        MAILBOX.put(connection, [event])


def timed_letter(moment: datetime) -> Letter:
    event = told_at(moment)
    return Letter(EXCHANGE, TYPE, event.body.encode(), properties(event, 1))


def told_at(moment: datetime) -> Outgoing:
    told = KycApproved(customer_id="c-1", reviewer_id="s-1")
    told.at.FromDatetime(moment)
    return Outgoing.of(told, source="customer")


def waited(site: Site, tell: Any) -> list[float]:
    """Milliseconds of each event from being told to being written, the first hundred left out."""
    warm_up(site, tell)
    began = monotonic()
    pause = threading.Event()
    for number in range(AT_PACE - 100):
        pause.wait(max(0.0, began + number / PACE - monotonic()))
        tell(datetime.now(UTC))
    await_entries(site, AT_PACE - 1)
    between = sa.func.extract("epoch", ENTRIES.c.written_at - ENTRIES.c.told_at) * 1000
    with site.engine.connect() as connection:
        found = connection.scalars(sa.select(between).order_by(ENTRIES.c.number).offset(100))
        return [float(value) for value in found]


def warm_up(site: Site, tell: Any) -> None:
    for number in range(1, 101):
        tell(datetime.now(UTC))
        if number == 1:
            await_entries(site, 1)
    await_entries(site, 100)


def await_entries(site: Site, least: int) -> None:
    """The last one ends the process before it can be counted on."""
    pause, until = threading.Event(), monotonic() + PATIENCE
    counted = sa.select(sa.func.count()).select_from(ENTRIES)
    while monotonic() < until:
        with site.engine.connect() as connection:
            if connection.execute(counted).scalar_one() >= least:
                return
        pause.wait(0.05)
    raise TimeoutError(f"{least} events were not applied in {PATIENCE} s")


def growth(site: Site) -> None:
    """(e)"""
    few, many = cpu_per_event(site, SMALL), cpu_per_event(site, LARGE)
    show(
        Figure(
            f"processor time to relay one of {LARGE} events, as many in the log",
            many,
            "µs",
            f"one of {SMALL}, as many in the log",
            few,
        )
    )


def cpu_per_event(site: Site, count: int) -> float:
    """Microseconds, with *count* events in the outbox and as many in the log."""
    site.empty()
    site.execute("TRUNCATE event_log")
    site.execute(FILL_LOG, type=TYPE, count=count)
    site.execute("UPDATE event_log_head SET position = :count, logged_at = now()", count=count)
    site.fill_outbox(count)
    with psycopg.connect(conninfo(site.database_url), autocommit=True) as connection:
        for command in ("VACUUM ANALYZE outbox", "VACUUM ANALYZE event_log", "CHECKPOINT"):
            connection.execute(command)
    rounds = [relayed(site, MEASURED)[1] for _ in range(ROUNDS)]
    return median(rounds) / MEASURED * 1e6
