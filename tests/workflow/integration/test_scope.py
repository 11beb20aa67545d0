"""Who sees which leads and sales, and who goes on with them, over gRPC on the real database."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from google.protobuf.message import Message

from chassis.errors import Forbidden, NotFound, RuleBroken
from chassis.identity import Caller
from chassis.ids import new_id
from liheng.workflow.v1 import workflow_pb2 as pb
from tests.calling import refusal, staff
from tests.chassis.stage import eventually
from tests.workflow.examples import DAY
from tests.workflow.integration.house import (
    ADA,
    ADMINISTRATOR,
    AUDITOR,
    BO,
    CAI,
    DESK,
    LEADER,
    MANAGER,
    OPERATIONS,
    OTHER_LEADER,
    OTHER_MANAGER,
    House,
    name,
)

SEERS = [ADA, LEADER, MANAGER, DESK, OPERATIONS, AUDITOR]
OTHERS = [BO, CAI, OTHER_LEADER, OTHER_MANAGER, ADMINISTRATOR]


def sales_of(house: House, who: Caller, customer_id: str) -> list[str]:
    answer = house.call(who, pb.ListSalesRequest(customer_id=customer_id, sort="amount"))
    assert answer.next_cursor == ""
    return [sale.sale_id for sale in answer.sales]


@pytest.mark.parametrize("who", SEERS, ids=name)
def test_a_sale_is_seen_by_who_serves_the_client_and_above(
    house: House, client: str, who: Caller
) -> None:
    sale_id = house.draft(customer_id=client).sale_id

    assert house.get(sale_id, who).sale_id == sale_id
    assert sales_of(house, who, client) == [sale_id]


@pytest.mark.parametrize("who", OTHERS, ids=name)
def test_for_everybody_else_there_is_no_such_sale(house: House, client: str, who: Caller) -> None:
    sale_id = house.draft(customer_id=client).sale_id

    hidden = refusal(lambda: house.get(sale_id, who))
    unknown = refusal(lambda: house.get(new_id(), who))

    assert (type(hidden), hidden.code) == (NotFound, "no_such_sale")
    assert vars(hidden) == vars(unknown)
    assert sales_of(house, who, client) == []


def test_what_a_caller_does_not_see_neither_fills_a_page_nor_moves_a_cursor(
    house: House, client: str
) -> None:
    theirs = new_id()
    house.onboard(theirs, CAI)
    mine = [house.draft(f"{amount}.07", client).sale_id for amount in (11, 13, 15)]
    for amount in (10, 12, 14, 16):
        house.draft(f"{amount}.07", theirs, CAI)

    def page(cursor: str = "") -> Any:
        asked = pb.ListSalesRequest(limit=2, cursor=cursor, sort="amount", state="drafted")
        return house.call(ADA, asked)

    found: list[pb.Sale] = []
    cursor = ""
    while not found or cursor:
        answer = page(cursor)
        found += [sale for sale in answer.sales if sale.amount.endswith(".07")]
        cursor = answer.next_cursor

    assert [sale.sale_id for sale in found] == mine


WRITES: list[Callable[[str], Message]] = [
    lambda sale_id: pb.SignSaleRequest(sale_id=sale_id, contract_number=new_id()),
    lambda sale_id: pb.PaySaleRequest(
        sale_id=sale_id, amount="1200000.00", payment_reference=new_id()
    ),
    lambda sale_id: pb.RecordCallbackRequest(
        sale_id=sale_id, outcome="failed", method="email", reason="no answer"
    ),
    lambda sale_id: pb.ConfirmSaleRequest(
        sale_id=sale_id, units="1", nav="1", confirmed_on="2026-11-23"
    ),
    lambda sale_id: pb.RescindSaleRequest(sale_id=sale_id, reason="why not"),
]


@pytest.mark.parametrize("who", OTHERS, ids=name)
@pytest.mark.parametrize("write", WRITES, ids=lambda write: type(write("x")).__name__)
def test_nobody_writes_what_they_do_not_see(
    house: House, client: str, who: Caller, write: Callable[[str], Message]
) -> None:
    sale_id = house.draft(customer_id=client).sale_id

    hidden = refusal(lambda: house.call(who, write(sale_id)))
    unknown = refusal(lambda: house.call(who, write(new_id())))

    assert isinstance(hidden, NotFound)
    assert vars(hidden) == vars(unknown)
    assert house.get(sale_id).version == 1


@pytest.mark.parametrize("who", [MANAGER, AUDITOR, OPERATIONS], ids=name)
def test_whoever_sees_a_client_without_serving_them_does_not_sign(
    house: House, client: str, who: Caller
) -> None:
    sale_id = house.recorded_sale(client)

    refused = refusal(lambda: house.sign(sale_id, who))

    assert (type(refused), refused.code) == (Forbidden, "not_your_client")


def test_an_adviser_cannot_sell_to_the_client_of_another(house: House, client: str) -> None:
    theirs = refusal(lambda: house.draft(customer_id=client, who=BO))
    nobodys = refusal(lambda: house.draft(customer_id=new_id(), who=BO))

    assert (type(theirs), theirs.code) == (RuleBroken, "not_a_customer")
    assert vars(theirs) == vars(nobodys)


def test_after_a_handover_the_new_adviser_goes_on_and_the_old_one_sees_nothing(
    house: House, client: str
) -> None:
    sale_id = house.recorded_sale(client)

    house.hand_over(client, CAI)

    for gone in (ADA, LEADER):
        assert refusal(partial(house.get, sale_id, gone)).code == "no_such_sale"
        assert refusal(partial(house.sign, sale_id, gone)).code == "no_such_sale"
    signed = house.sign(sale_id, CAI)
    assert (signed.state, signed.adviser_id, signed.team_id) == ("signed", "s-ada", "t-1")
    assert house.draft(customer_id=client, who=OTHER_LEADER).adviser_id == "s-other"


def test_neither_seller_nor_new_adviser_settles_the_sale_of_their_client(
    house: House, client: str
) -> None:
    sale_id = house.recorded_sale(client)
    house.sign(sale_id)
    house.hand_over(client, CAI)

    paying = pb.PaySaleRequest(sale_id=sale_id, amount="1200000.00", payment_reference="P")
    for own in (staff("s-ada", "operations"), staff("s-cai", "operations")):
        assert refusal(partial(house.call, own, paying)).code == "payment_by_sales"


def test_who_stands_in_for_an_adviser_serves_the_client_for_a_time(
    house: House, client: str
) -> None:
    sale_id = house.recorded_sale(client)
    house.grant("s-bo", customer_id=client, length=timedelta(hours=1))
    eventually(lambda: sales_of(house, BO, client) == [sale_id])

    assert house.sign(sale_id, BO).state == "signed"
    drafted = house.draft("5.00", client, BO)
    house.decide(drafted, "BLOCK", by="s-bo")
    assert house.get(drafted.sale_id, BO).state == "refused"

    house.now += timedelta(hours=1)
    assert sales_of(house, BO, client) == []


def test_a_grant_opens_no_more_than_the_roles_of_its_receiver(house: House, client: str) -> None:
    sale_id = house.recorded_sale(client)
    house.grant("s-far", customer_id=client, length=timedelta(hours=1))
    eventually(lambda: sales_of(house, OTHER_MANAGER, client) == [sale_id])

    assert refusal(lambda: house.sign(sale_id, OTHER_MANAGER)).code == "not_your_client"


def test_a_decision_of_a_stand_in_counts_only_while_they_stand_in(
    house: House, client: str
) -> None:
    sale = house.draft(customer_id=client)
    house.grant("s-cai", customer_id=client, length=timedelta(hours=1))

    house.now += timedelta(hours=2)
    house.decide(sale, "BLOCK", by="s-cai")
    assert house.get(sale.sale_id).state == "drafted"

    house.now -= timedelta(hours=1, minutes=30)
    house.decide(sale, "BLOCK", by="s-cai")
    assert house.get(sale.sale_id).state == "refused"


def test_a_grant_of_a_whole_book_ends_when_it_is_taken_back(house: House, client: str) -> None:
    sale_id = house.draft(customer_id=client).sale_id
    grant_id = house.grant("s-cai", adviser_id="s-ada", length=DAY)
    eventually(lambda: sales_of(house, CAI, client) == [sale_id])

    house.take_back(grant_id)

    eventually(lambda: sales_of(house, CAI, client) == [])


@pytest.mark.parametrize("decider", ["s-cai", "s-other", "s-bo"])
def test_a_stranger_cannot_close_the_sale_of_another_by_a_decision_that_blocks(
    house: House, client: str, decider: str
) -> None:
    sale = house.draft(customer_id=client)

    house.decide(sale, "BLOCK", by=decider)
    house.decide(sale, "ALLOW", by=decider)

    assert house.get(sale.sale_id).state == "drafted"
    assert [what for what, _, _ in house.history(sale.sale_id)] == [
        "drafted",
        "decision_by_a_stranger",
        "decision_by_a_stranger",
    ]


@pytest.mark.parametrize("decider", ["s-ada", "s-leader", "client-app", ""])
def test_who_serves_the_client_and_the_client_themselves_decide(
    house: House, client: str, decider: str
) -> None:
    sale = house.draft(customer_id=client)

    house.decide(sale, "BLOCK", by=decider)

    assert house.get(sale.sale_id).state == "refused"


def test_clients_nobody_told_of_are_seen_by_the_institution_alone(house: House) -> None:
    """As all are, between an upgrade and the first word of who looks after them."""
    client = new_id()
    house.onboard(client)
    sale_id = house.recorded_sale(client)
    house.forget_custody(client)

    for who in (ADA, LEADER, MANAGER):
        assert sales_of(house, who, client) == []
    assert sales_of(house, OPERATIONS, client) == [sale_id]
    assert house.rescind(sale_id, DESK).state == "rescinded"
