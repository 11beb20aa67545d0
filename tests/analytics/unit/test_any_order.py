"""Whatever the order in which events arrive, the same is counted, and it is right."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from hypothesis import given

from chassis.moments import moment
from liheng.customer.v1 import events_pb2 as customer
from services.analytics.domain.figures import AUM, NET_SUBSCRIPTIONS
from services.analytics.domain.month import Month
from tests.analytics.bus import SHANGHAI, Listener, Told
from tests.analytics.stories import retellings, stories
from tests.analytics.unit.fakes import FakeDatabase, FakeWork

ALL_MONTHS = Month(2025, 10).until(Month(2026, 4))


def after(story: list[Told]) -> FakeWork:
    database = FakeDatabase()
    Listener(database.begin).hear_all(story)
    return database.now


def known(work: FakeWork) -> dict[str, Any]:
    """All that is kept, ready to be compared."""
    return {
        "figures": work.figures.cells,
        "closings": {key: rows for key, rows in work.books.closings.items() if rows},
        "holdings": {key: rows for key, rows in work.books.holdings.items() if rows},
        "transactions": work.transactions.rows,
        "journeys": {
            key: (row.particulars, row.arrivals) for key, row in work.journeys.rows.items()
        },
        "names": work.names,
        "freshness": work.freshness,
    }


@given(retellings())
def test_any_order_and_any_repetition_come_to_the_same(
    told_twice: tuple[list[Told], list[Told]],
) -> None:
    story, retold = told_twice

    assert known(after(retold)) == known(after(story))


@given(stories)
def test_the_figures_are_what_a_recount_finds(story: list[Told]) -> None:
    figures = after(story).figures

    assets = recounted_assets(story)
    for month in ALL_MONTHS:
        assert figures.total(AUM, until=month) == assets[month]
    assert figures.total(NET_SUBSCRIPTIONS, until=ALL_MONTHS[-1]) == recounted_subscriptions(story)


def recounted_assets(story: list[Told]) -> dict[Month, Decimal]:
    """The slow way: for each month, the last word on each holding until its end."""
    assets: dict[Month, Decimal] = {}
    for month in ALL_MONTHS:
        newest: dict[tuple[str, str], tuple[Month, int, Decimal]] = {}
        for told in story:
            if not isinstance(told.event, customer.HoldingsChanged):
                continue
            spoken = Month.of(moment(told.event.at).astimezone(SHANGHAI).date())
            for holding in told.event.holdings:
                key = (told.event.customer_id, holding.product_id)
                word = (spoken, told.sequence, Decimal(holding.market_value))
                if spoken <= month and word[:2] >= newest.get(key, word)[:2]:
                    newest[key] = word
        assets[month] = sum((value for _, _, value in newest.values()), Decimal(0))
    return assets


def recounted_subscriptions(story: list[Told]) -> Decimal:
    """The last word on each transaction, the sale's own before the book's."""
    words: dict[str, list[tuple[bool, int, Decimal]]] = defaultdict(list)
    signs = {"subscribe": 1, "redeem": -1, "dividend": 0}
    for told in story:
        if told.event.DESCRIPTOR.name == "SaleConfirmed":
            amount = Decimal(told.event.amount)
            words[told.event.sale_id].append((True, told.sequence, amount))
        if told.event.DESCRIPTOR.name == "TransactionsRecorded":
            for each in told.event.transactions:
                net = signs[each.kind] * Decimal(each.amount)
                words[each.transaction_id].append((False, told.sequence, net))
    return sum((max(said, key=lambda word: word[:2])[2] for said in words.values()), Decimal(0))
