"""A rehearsal in the processes that do it in production; one of them is killed midway."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from chassis.database import begin
from services.suitability.adapters.database import SqlSuitabilityWork
from services.suitability.adapters.packs import load_document
from services.suitability.adapters.tables import (
    customers,
    products,
    rehearsal_cases,
    rehearsal_tallies,
    rehearsals,
)
from services.suitability.domain.pack_edit import PackEdit, RuleTaken
from services.suitability.usecases.draft_pack import DraftPack, draft_pack
from services.suitability.usecases.start_rehearsal import StartRehearsal, start_rehearsal
from tests.chassis.stage import free_port
from tests.patience import until
from tests.suitability.cases import PACK_FOLDER
from tests.suitability.integration.office import rule
from tests.suitability.integration.test_events_process import PATIENCE, Events
from tests.suitability.samples import CUSTOMER, FUND, INSTITUTION

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
CLIENTS = 1100
COMPLIANCE = frozenset({"compliance"})


@pytest.fixture
def events(
    create_database: Callable[[str], str], create_vhost: Callable[[str], str]
) -> Iterator[Events]:
    events = Events(create_database("rehearsal_events"), create_vhost("rehearsal"))
    events.migrate()
    fill(events)
    relay = subprocess.Popen(
        events.command("relay"), env={**events.environ, "LIHENG_PROBE_PORT": str(free_port())}
    )
    yield events
    relay.terminate()
    assert relay.wait(timeout=PATIENCE) == 0
    events.engine.dispose()


def fill(events: Events) -> None:
    known = {"sequence": 1, "at": NOW}
    with events.engine.begin() as connection:
        connection.execute(
            customers.insert(),
            [
                {"customer_id": f"c-{number:05}", "facts": dict(CUSTOMER), **known}
                for number in range(CLIENTS)
            ],
        )
        connection.execute(
            products.insert(),
            {"product_id": "P1", "facts": {**FUND, "minimum_amount": "1"}, **known},
        )


def start(events: Events) -> None:
    with begin(events.engine, SqlSuitabilityWork)() as work:
        draft_pack(
            DraftPack(
                pack_id="p-1",
                base=load_document(PACK_FOLDER),
                follows="cn-2026-02",
                edit=PackEdit(
                    edition="own-1",
                    effective_from=NOW.date(),
                    rules=[RuleTaken("matching", rule())],
                ),
                reason="",
                by="s-maker",
                roles=COMPLIANCE,
                at=NOW,
            ),
            work,
        )
        start_rehearsal(
            StartRehearsal(
                rehearsal_id="r-1",
                pack_id="p-1",
                since=None,
                by="s-maker",
                roles=COMPLIANCE,
                at=NOW,
                institution=INSTITUTION,
            ),
            work,
        )
        work.commit()


def tried(events: Events) -> int:
    """Pairs so far."""
    return int(str(events.rows(rehearsals)[0]["pairs_done"]))


def test_a_killed_process_goes_on_where_it_was_and_counts_nobody_twice(events: Events) -> None:
    start(events)
    process = events.start()
    until("the first batches", lambda: tried(events) > 0, PATIENCE)

    process.kill()
    process.wait(timeout=PATIENCE)
    halfway = tried(events)
    again = events.start()
    until("its end", lambda: events.rows(rehearsals)[0]["state"] == "finished", PATIENCE)
    again.terminate()

    assert again.wait(timeout=PATIENCE) == 0
    assert process.returncode == -signal.SIGKILL
    assert 0 < halfway < CLIENTS
    (report,) = events.rows(rehearsals)
    assert (report["customers_done"], report["pairs_done"]) == (CLIENTS, CLIENTS)
    turns = {
        (row["turn"], row["key"]): row["cases"]
        for row in events.rows(rehearsal_tallies)
        if row["dimension"] == "rule"
    }
    assert turns == {("blocked", "OWN-01"): CLIENTS}
    told = sorted(str(row["customer_id"]) for row in events.rows(rehearsal_cases))
    assert told == [f"c-{number:05}" for number in range(CLIENTS)]
