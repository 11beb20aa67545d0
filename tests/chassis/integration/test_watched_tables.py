"""No change can be made that leaves no entry: every table is watched, or somebody says why not."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from chassis.database import engine
from deploy.local.drafting import tables_of
from deploy.local.ports import OWNERS
from tests.tables import without_trail

PLUMBING = {
    "outbox": "what is announced was changed in a table that is watched",
    "event_log": "what was announced, written by the relay alone",
    "event_log_head": "how far that goes",
    "replays": "what an operator ordered, and by whom: orders have entries of their own",
    "inbox": "which messages were applied",
    "inbox_waiting": "which of them come back later",
    "inbox_horizon": "which of them may be forgotten",
    "answers": "what was answered before",
    "custody": "a copy: the trail of the customer service has the change",
    "shares": "a copy: the trail of the customer service has the grant",
}
COPY = "a copy: the trail of the service that announced it has the change"
DERIVED = "derived from events, and made again from them"
NOT_WATCHED: dict[str, dict[str, str]] = {
    "analytics": dict.fromkeys(
        (
            "figures",
            "closings",
            "holdings",
            "transactions",
            "journeys",
            "arrivals",
            "staff",
            "teams",
            "products",
            "freshness",
        ),
        DERIVED,
    ),
    "customer": {
        "product_names": COPY,
        "import_notes": "the report of an import, which is watched",
        "handover_customers": "who waits to be moved; each move changes the client's row",
    },
    "product": {},
    "recording": {
        "sales": COPY,
        "products": COPY,
        "uploads": "transfers under way; what was stored is a segment",
    },
    "suitability": {
        **dict.fromkeys(
            ("customers", "customers_versions", "products", "products_versions", "prices"), COPY
        ),
        "expiries": "when to announce what assessments say, which are watched",
        "rematches": "how far a matching of holders is; each new opinion changes a watched row",
        "pack_reviews": "how far a review is; each decision it gives up changes a watched row",
        "rule_pack_changes": "append-only history of rule packs, which are watched",
        "rehearsal_tallies": "the report of a rehearsal, which is watched",
        "rehearsal_cases": "the report of a rehearsal, which is watched",
    },
    "workflow": {
        "lead_history": "append-only history of leads, which are watched",
        "sale_history": "append-only history of sales, which are watched",
        **dict.fromkeys(("staff", "products", "kyc", "customers"), COPY),
    },
    "gateway": {
        "webhook_deliveries": "derived from events; replays are entries of their own",
        "webhook_attempts": "append-only history of deliveries",
        "leavers": "a copy: the trail of the customer service has who left",
        "webhook_requests": "which requests were done before",
    },
}
WATCHING = sa.text(
    """
    SELECT tgrelid::regclass::text AS of, pg_get_triggerdef(oid) AS told
    FROM pg_trigger WHERE tgname LIKE '%leaves_a_trail' AND tgenabled = 'O'
    """
)
PERSONAL = re.compile(r"name|phone|wechat|identity|address|_sealed|_index|facts|note|answers|born")
NAMES_OF_THINGS = {("products", "name")}


def watched(url: str) -> dict[str, list[str]]:
    """The tables, and the columns of each that leave their values."""
    bound = engine(url, connections=1)
    with bound.connect() as connection:
        rows = connection.execute(WATCHING).all()
    bound.dispose()
    return {row.of: re.findall(r"'([^']*)'", row.told)[1].split() for row in rows}


@pytest.mark.parametrize("owner", OWNERS)
def test_every_table_is_watched_or_somebody_says_why_not(
    owner: str, postgres_url: Callable[[str], str]
) -> None:
    tables = {table.name for table in without_trail(tables_of(owner))}

    unwatched = tables - set(watched(postgres_url(owner)))

    assert unwatched - PLUMBING.keys() == NOT_WATCHED[owner].keys()


@pytest.mark.parametrize("owner", OWNERS)
def test_only_columns_that_there_are_and_that_nobody_is_known_by_leave_their_values(
    owner: str, postgres_url: Callable[[str], str]
) -> None:
    columns = {table.name: set(table.c.keys()) for table in without_trail(tables_of(owner))}

    for table, shown in watched(postgres_url(owner)).items():
        assert set(shown) <= columns[table]
        telling = {(table, name) for name in shown if PERSONAL.search(name)}
        assert telling <= NAMES_OF_THINGS
