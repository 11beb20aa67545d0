"""The holders of a product are matched again by a process that is killed in the middle."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from chassis.database import begin
from liheng.product.v1.events_pb2 import ProductListed
from services.suitability.adapters.database import SqlSuitabilityWork
from services.suitability.adapters.tables import mailbox, rematches
from services.suitability.usecases.keep_customer import (
    BroughtLevel,
    KeepCustomer,
    keep_customer,
)
from services.suitability.usecases.keep_holdings import KeepHoldings, keep_holdings
from services.suitability.usecases.keep_product import KeepProduct, keep_product
from tests.patience import until
from tests.suitability.integration.test_events_process import PATIENCE, Events
from tests.suitability.samples import CUSTOMER, FUND, INSTITUTION

HOLDERS = 450  # more than four batches
NOW = datetime.now(UTC)


@pytest.fixture
def events(
    create_database: Callable[[str], str], create_vhost: Callable[[str], str]
) -> Iterator[Events]:
    events = Events(create_database("suitability_rematch"), create_vhost("suitability_rematch"))
    events.migrate()
    yield events
    events.engine.dispose()


def know_holders(events: Events) -> None:
    with begin(events.engine, SqlSuitabilityWork)() as work:
        keep_product(
            KeepProduct(
                product_id="P1",
                facts=FUND,
                whole=True,
                sequence=0,
                at=NOW,
                institution=INSTITUTION,
            ),
            work,
        )
        for number in range(HOLDERS):
            know_holder(f"c-{number:04}", work)
        work.commit()


def know_holder(customer_id: str, work: SqlSuitabilityWork) -> None:
    keep_customer(
        KeepCustomer(
            customer_id=customer_id,
            facts=CUSTOMER,
            sequence=1,
            at=NOW,
            institution=INSTITUTION,
            brought=BroughtLevel(f"a-{customer_id}", "C3", NOW.date()),
        ),
        work,
    )
    keep_holdings(
        KeepHoldings(
            customer_id=customer_id,
            units={"P1": Decimal(100)},
            sequence=1,
            at=NOW,
            institution=INSTITUTION,
        ),
        work,
    )


def told(events: Events, name: str) -> Counter[str]:
    rows = events.rows(mailbox.outbox)
    return Counter(str(row["subject"]) for row in rows if str(row["type"]).endswith(f".{name}"))


def finished(events: Events) -> bool:
    return all(row["finished_at"] for row in events.rows(rematches))


def test_every_holder_is_told_once_whenever_the_process_is_killed(events: Events) -> None:
    know_holders(events)
    process = events.start()
    until("the first listing", lambda: finished(events), PATIENCE)
    assert not told(events, "HoldingsRematched")

    events.arrive(ProductListed(product_id="P1", kind="public_fund", seller_level="R5"))
    deadline = time.monotonic() + PATIENCE
    while not told(events, "HoldingsRematched") and time.monotonic() < deadline:
        pass
    process.kill()
    process.wait()
    before = told(events, "HoldingsRematched")
    process = events.start()
    until("all batches", lambda: len(events.rows(rematches)) == 2 and finished(events), PATIENCE)
    process.terminate()

    assert process.wait(timeout=PATIENCE) == 0
    assert 0 < len(before) <= HOLDERS
    assert told(events, "HoldingsRematched") == Counter(
        {f"c-{number:04}": 1 for number in range(HOLDERS)}
    )
    assert told(events, "HoldersRematched") == Counter({"P1": 2})
