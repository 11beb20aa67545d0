"""Sales over gRPC on the real database, from draft to confirmed shares."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, RuleBroken
from chassis.identity import Caller
from chassis.moments import moment
from liheng.workflow.v1 import workflow_pb2 as pb
from tests.calling import refusal, staff
from tests.workflow.examples import DAY, NOON
from tests.workflow.integration.house import ADA, DESK, OPERATIONS, House


def open_gates(sale: pb.Sale) -> list[str]:
    return [gate.name for gate in sale.gates if gate.state == "open"]


def test_one_client_is_served_from_draft_to_confirmed_shares(house: House) -> None:
    sale = house.draft()
    assert (sale.state, sale.adviser_id, sale.team_id) == ("drafted", "s-ada", "t-1")
    assert refusal(lambda: house.sign(sale.sale_id)).code == "sale_not_ready"

    house.decide(sale)
    assert open_gates(house.get(sale.sale_id)) == [
        "recording",
        "disclosure",
        "cooling_off",
        "callback",
    ]
    without_recording = refusal(lambda: house.sign(sale.sale_id))
    assert (without_recording.code, without_recording.rule) == ("sale_not_ready", "REC-05")

    house.record(sale)
    house.sign(sale.sale_id)
    paid = house.pay(sale.sale_id)
    assert (paid.state, moment(paid.cooling_off_until)) == ("cooling_off", NOON + DAY)

    house.now = NOON + DAY
    house.events.end_cooling_offs()
    assert house.get(sale.sale_id).state == "callback"
    house.call_back(sale.sale_id)
    confirmed = house.confirm(sale.sale_id, "2026-11-24")

    assert (confirmed.state, confirmed.units, confirmed.nav) == ("confirmed", "1000000", "1.2")
    assert open_gates(confirmed) == []
    assert house.announced(sale.sale_id) == [
        "SaleDrafted",
        "SaleMoved",
        "SaleMoved",
        "SaleSigned",
        "SalePaid",
        "SaleMoved",
        "CoolingOffEnded",
        "SaleMoved",
        "CallbackSucceeded",
        "SaleConfirmed",
    ]


def test_every_change_is_kept_with_who_made_it(house: House) -> None:
    sale_id = house.paid_sale()
    house.rescind(sale_id)

    assert house.history(sale_id) == [
        ("drafted", "s-ada", "drafted"),
        ("decision_made", "", "decided"),
        ("recording_sealed", "", "recorded"),
        ("signed", "s-ada", "signed"),
        ("paid", "s-ops", "paid"),
        ("cooling_off", "s-ops", "cooling_off"),
        ("rescinded", "s-desk", "rescinded"),
    ]


@pytest.mark.parametrize(
    "rewriting",
    ["UPDATE sale_history SET by = 'x'", "DELETE FROM sale_history", "TRUNCATE sale_history"],
)
def test_the_history_cannot_be_rewritten(house: House, rewriting: str) -> None:
    house.draft()

    with pytest.raises(DBAPIError, match="append-only"), house.writes.begin() as connection:
        connection.execute(sa.text(rewriting))


def test_the_gates_say_what_is_missing_in_both_languages(house: House) -> None:
    sale = house.draft()
    house.decide(sale)

    gates = {gate.name: gate for gate in house.get(sale.sale_id).gates}

    assert gates["decision"].state == "passed"
    assert gates["recording"].missing_zh == "尚无本次销售的已封存双录"
    assert gates["disclosure"].to_confirm == ["principal_loss", "match_opinion"]
    assert gates["disclosure"].holds_up == "signature"
    assert gates["cooling_off"].parameters == {"hours": "24"}
    assert (gates["callback"].rule_id, gates["callback"].holds_up) == ("PF-05", "confirmation")


def test_a_required_step_and_a_block_are_shown(house: House) -> None:
    required, blocked = house.draft(), house.draft()
    house.decide(required, "REQUIRE")
    house.decide(blocked, "BLOCK")

    assert house.get(required.sale_id).gates[0].missing_zh.startswith("须先完成重新测评")
    refused = house.get(blocked.sale_id)
    assert (refused.state, refused.closed_reason) == ("refused", "MAT-03")


def test_paying_again_with_the_same_reference_pays_once(house: House) -> None:
    sale_id = house.paid_sale()
    paid = house.get(sale_id, OPERATIONS)

    assert house.pay(sale_id) == paid
    assert house.announced(sale_id).count("SalePaid") == 1


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        (OPERATIONS, "PAY-2026-0123456205"),
        (staff("s-comply", "compliance"), "PAY-2026-0123456205"),
        (ADA, "****6205"),
        (DESK, "****6205"),
        (staff("s-audit", "auditor"), "****6205"),
    ],
    ids=lambda value: getattr(value, "staff_id", None),
)
def test_a_payment_reference_is_shown_to_whose_work_needs_it(
    house: House, paid_once: str, who: Caller, shown: str
) -> None:
    one = house.get(paid_once, who)
    listed = house.call(who, pb.ListSalesRequest(customer_id="c-payer")).sales

    assert {one.payment_reference, *(sale.payment_reference for sale in listed)} == {shown}
    assert one.contract_number == f"HT-{paid_once}"


@pytest.fixture(scope="module")
def paid_once(opened: House) -> str:
    opened.now = NOON
    opened.onboard("c-payer")
    sale_id = opened.recorded_sale("c-payer")
    opened.sign(sale_id)
    opened.pay(sale_id, "PAY-2026-0123456205")
    return sale_id


def test_one_payment_pays_for_one_sale(house: House) -> None:
    first, second = house.recorded_sale(), house.recorded_sale()
    house.sign(first)
    house.sign(second)
    house.pay(first, f"PAY-{first}")

    assert isinstance(refusal(lambda: house.pay(second, f"PAY-{first}")), Conflict)


def test_a_callback_too_early_or_by_sales_staff_is_refused(house: House) -> None:
    sale_id = house.paid_sale()

    early = refusal(lambda: house.call_back(sale_id))
    house.now = NOON + DAY
    wrong = refusal(lambda: house.call_back(sale_id, ADA))

    assert (type(early), early.code, early.rule) == (RuleBroken, "callback_too_early", "PF-05")
    assert (type(wrong), wrong.code, wrong.rule) == (Forbidden, "callback_by_sales", "PF-05")


def test_a_failed_callback_is_kept_and_another_may_succeed(house: House) -> None:
    sale_id = house.paid_sale()
    house.now = NOON + DAY + timedelta(hours=1)

    house.call_back(sale_id, outcome="failed", answers={}, reason="nobody answered")
    called = house.call_back(sale_id)

    assert [(each.outcome, each.reason) for each in called.callbacks] == [
        ("failed", "nobody answered"),
        ("succeeded", ""),
    ]


def test_a_rescission_inside_the_cooling_off_refunds_in_full(house: House) -> None:
    rescinded = house.rescind(house.paid_sale())

    assert (rescinded.state, rescinded.refund_amount) == ("rescinded", "1200000.00")


def test_the_day_of_confirmation_is_a_day_of_the_institutions_zone(house: House) -> None:
    sale_id = house.paid_sale()
    house.now = NOON + DAY + timedelta(hours=13)  # 01:00 on the 25th in Shanghai
    house.call_back(sale_id)

    assert refusal(lambda: house.confirm(sale_id, "2026-11-26")).code == "confirmed_in_the_future"
    assert house.confirm(sale_id, "2026-11-25").confirmed_on == "2026-11-25"


def test_lists_are_paged_sorted_and_filtered(house: House, client: str) -> None:
    amounts = ["31.00", "33.00", "32.00"]
    ids = {amount: house.draft(amount, client).sale_id for amount in amounts}

    def page(cursor: str = "") -> pb.ListSalesResponse:
        request = pb.ListSalesRequest(
            limit=2, cursor=cursor, sort="amount", state="drafted", customer_id=client
        )
        answer: pb.ListSalesResponse = house.call(ADA, request)
        return answer

    first = page()
    second = page(first.next_cursor)

    found = [sale.sale_id for answer in (first, second) for sale in answer.sales]
    assert found == [ids["31.00"], ids["32.00"], ids["33.00"]]
    nobody = house.call(ADA, pb.ListSalesRequest(customer_id="c-nobody"))
    assert (list(nobody.sales), nobody.next_cursor) == ([], "")


BAD: list[tuple[Callable[[House], object], type[Refusal], str]] = [
    (lambda h: h.get("sale-nobody"), NotFound, ""),
    (lambda h: h.get(""), Invalid, "sale_id"),
    (lambda h: h.draft("0"), Invalid, "amount"),
    (lambda h: h.draft("1.005"), Invalid, "amount"),
    (lambda h: h.call(ADA, pb.DraftSaleRequest(customer_id="c-1")), Invalid, "product_id"),
    (lambda h: h.call(ADA, pb.SignSaleRequest(sale_id="s-1")), Invalid, "contract_number"),
    (lambda h: h.pay("s-1", amount="12e3"), Invalid, "amount"),
    (lambda h: h.call(OPERATIONS, pb.ConfirmSaleRequest(sale_id="s-1")), Invalid, "units"),
    (lambda h: h.confirm("s-1", "tomorrow"), Invalid, "confirmed_on"),
    (lambda h: h.confirm("s-1", units="0.000000001"), Invalid, "units"),
    (lambda h: h.call_back("s-1", outcome="perhaps"), Invalid, "outcome"),
    (lambda h: h.call_back("s-1", method="pigeon"), Invalid, "method"),
    (lambda h: h.call(ADA, pb.RescindSaleRequest(sale_id="s-1")), Invalid, "reason"),
    (lambda h: h.call(ADA, pb.ListSalesRequest(state="sold")), Invalid, "state"),
    (lambda h: h.call(ADA, pb.ListSalesRequest(sort="colour")), Invalid, "sort"),
    (lambda h: h.call(ADA, pb.ListSalesRequest(limit=-1)), Invalid, "limit"),
    (lambda h: h.call(ADA, pb.ListSalesRequest(cursor="made up")), Invalid, "cursor"),
]


@pytest.mark.parametrize(("call", "kind", "field"), BAD)
def test_bad_input_is_refused_by_field(
    house: House, call: Callable[[House], object], kind: type[Refusal], field: str
) -> None:
    refused = refusal(lambda: call(house))

    assert (type(refused), refused.field) == (kind, field)
    assert refused.zh
