"""What was answered under a key is told again only to who still looks after the client."""

from functools import partial

import pytest

from chassis.errors import Conflict, RuleBroken
from chassis.identity import Caller
from chassis.ids import new_id
from liheng.workflow.v1 import workflow_pb2 as pb
from tests.calling import refusal
from tests.workflow.examples import DISCLOSED
from tests.workflow.integration.house import ADA, BO, CAI, LEADER, House, name


def drafting(client: str) -> pb.DraftSaleRequest:
    return pb.DraftSaleRequest(
        customer_id=client,
        product_id="P1",
        amount="1200000.00",
        channel="branch",
        initiated_by="client",
    )


@pytest.mark.parametrize("who", [ADA, LEADER], ids=name)
def test_who_gave_the_client_away_is_not_told_again(house: House, client: str, who: Caller) -> None:
    draft = partial(house.call, who, drafting(client), idempotency_key=new_id())
    first = draft()
    assert draft() == first

    house.hand_over(client, CAI)
    later = refusal(draft)
    house.hand_over(client, ADA)

    assert (type(later), later.code) == (Conflict, "sight_changed")
    assert draft() == first


def test_who_still_sees_the_client_is(house: House, client: str) -> None:
    draft = partial(house.call, LEADER, drafting(client), idempotency_key=new_id())
    first = draft()

    house.hand_over(client, BO)

    assert draft() == first


def test_an_answer_counts_that_names_the_client_when_the_request_did_not(
    house: House, client: str
) -> None:
    sale_id = house.recorded_sale(client)
    signing = pb.SignSaleRequest(
        sale_id=sale_id, contract_number="HT-1", disclosures_confirmed=DISCLOSED
    )
    sign = partial(house.call, ADA, signing, idempotency_key=new_id())
    assert sign() == sign()

    house.hand_over(client, CAI)

    assert refusal(sign).code == "sight_changed"


def test_a_refusal_about_the_client_is_kept_from_them_too(house: House, client: str) -> None:
    unlisted = drafting(client)
    unlisted.product_id = "P-none"
    draft = partial(house.call, ADA, unlisted, idempotency_key=new_id())
    first = refusal(draft)
    assert (type(first), vars(refusal(draft))) == (RuleBroken, vars(first))

    house.hand_over(client, CAI)

    assert refusal(draft).code == "sight_changed"


def test_a_lead_of_somebody_nobody_told_us_of_yet_is_told_again(house: House) -> None:
    request = pb.CreateLeadRequest(lead_id=new_id(), customer_id=new_id(), source="referral")
    create = partial(house.call, ADA, request, idempotency_key=new_id())

    assert create() == create()
