"""Leads and sales from before anybody kept who looks after whom."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from chassis.database import engine
from chassis.identity import Caller
from chassis.migrations import migrate
from liheng.workflow.v1 import workflow_pb2 as pb
from services.workflow.bootstrap import SERVICE
from tests.calling import staff
from tests.workflow.integration.house import ADA, BO, LEADER, OPERATIONS, House, open_house

BEFORE = "0004"  # the version that knew nothing of custody
REGISTRANT = staff("s-walk-in", "adviser", team_id="t-2", branch_id="b-1")

LEADS = """
    INSERT INTO leads (lead_id, customer_id, state, source, campaign, adviser_id, team_id,
        branch_id, contacts, dropped_reason, version, created_at, updated_at)
    VALUES ('l-new', 'c-2', 'new', 'referral', '', '', '', '', '[]', '', 1, now(), now()),
        ('l-ada', 'c-3', 'assigned', 'referral', '', 's-ada', 't-1', 'b-1', '[]', '', 1,
            now(), now())
"""
HISTORY = """
    INSERT INTO lead_history (lead_id, version, what, by, at, state, details)
    VALUES ('l-new', 1, 'created', 's-walk-in', now(), 'new', '{}'),
        ('l-ada', 1, 'created', 's-walk-in', now(), 'new', '{}'),
        ('l-ada', 2, 'assigned', 's-leader', now(), 'assigned', '{}')
"""
SALES = """
    INSERT INTO sales (sale_id, customer_id, product_id, adviser_id, team_id, amount, channel,
        initiated_by, state, stale, callbacks, closed_reason, version, created_at, updated_at)
    VALUES ('sale-old', 'c-old', 'P1', 's-ada', 't-1', 100, 'branch', 'client', 'drafted', '[]',
        '[]', '', 1, now(), now())
"""


@pytest.fixture(scope="module")
def upgraded(
    create_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    url, old = create_database("workflow_upgrade"), tmp_path_factory.mktemp("migrations")
    for migration in sorted(SERVICE.migrations.glob("0*.py")):
        if migration.name[:4] <= BEFORE:
            shutil.copy(migration, old)
    assert migrate(url, Path(old)) == BEFORE
    bound = engine(url, connections=1)
    with bound.begin() as connection:
        for rows in (LEADS, HISTORY, SALES):
            connection.execute(sa.text(rows))
    bound.dispose()
    migrate(url, SERVICE.migrations)
    with open_house(url) as house:
        yield house


def leads_of(house: House, who: Caller) -> list[str]:
    answer = house.call(who, pb.ListLeadsRequest(sort="created_at"))
    return sorted(lead.lead_id for lead in answer.leads)


def test_leads_are_seen_by_their_adviser_and_new_ones_by_who_registered_them(
    upgraded: House,
) -> None:
    assert leads_of(upgraded, ADA) == ["l-ada"]
    assert leads_of(upgraded, REGISTRANT) == ["l-new"]
    assert leads_of(upgraded, LEADER) == ["l-ada", "l-new"]
    assert leads_of(upgraded, BO) == []


def test_sales_are_seen_again_once_it_is_told_who_looks_after_the_client(
    upgraded: House,
) -> None:
    def seen(who: Caller) -> list[str]:
        request = pb.ListSalesRequest(customer_id="c-old")
        answer = upgraded.call(who, request)
        return [sale.sale_id for sale in answer.sales]

    assert [seen(who) for who in (ADA, LEADER, OPERATIONS)] == [[], [], ["sale-old"]]

    upgraded.hand_over("c-old", ADA)

    assert [seen(who) for who in (ADA, LEADER, BO)] == [["sale-old"], ["sale-old"], []]
