"""Sales."""

from typing import Any

from google.protobuf.message import Message

from liheng.workflow.v1 import workflow_pb2 as pb
from tests.gateway.cases.case import NOON_STAMP, Case

SALE = pb.Sale(
    sale_id="x-1",
    customer_id="c-1",
    product_id="P1",
    state="cooling_off",
    gates=[pb.Gate(name="cooling_off", state="open", parameters={"hours": "24"})],
    callbacks=[pb.Callback(outcome="failed", at=NOON_STAMP, answers={"identity": "no"})],
    cooling_off_until=NOON_STAMP,
    contract_number="HT-1",
    payment_reference="****6205",
    version=5,
)


def step(
    operation: str, noun: str, role: str, json: dict[str, Any], rpc: str, request: Message
) -> Case:
    """A step of a sale: a POST that shows the sale afterwards."""
    answer = getattr(pb, f"{rpc}Response")(sale=SALE)
    return Case(
        operation=operation,
        path=f"/sales/x-1/{noun}",
        role=role,
        json=json,
        rpc=rpc,
        request=request,
        answer=answer,
        status=201,
        shows={"sale_id": "x-1", "state": "cooling_off"},
    )


CASES = [
    Case(
        operation="draft_sale",
        path="/sales",
        role="adviser",
        json={
            "customer_id": "c-1",
            "product_id": "P1",
            "amount": "1000000.00",
            "channel": "branch",
            "initiated_by": "client",
        },
        rpc="DraftSale",
        request=pb.DraftSaleRequest(
            customer_id="c-1",
            product_id="P1",
            amount="1000000.00",
            channel="branch",
            initiated_by="client",
        ),
        answer=pb.DraftSaleResponse(sale=SALE),
        status=201,
        location="/v1/sales/x-1",
    ),
    Case(
        operation="list_sales",
        path="/sales",
        role="operations",
        query={"state": "paid", "sort": "-amount", "product_id": "P1"},
        rpc="ListSales",
        request=pb.ListSalesRequest(state="paid", sort="-amount", product_id="P1"),
        answer=pb.ListSalesResponse(sales=[SALE]),
    ),
    Case(
        operation="get_sale",
        path="/sales/x-1",
        role="service_desk",
        rpc="GetSale",
        request=pb.GetSaleRequest(sale_id="x-1"),
        answer=pb.GetSaleResponse(sale=SALE),
    ),
    step(
        "sign_sale",
        "signatures",
        "adviser",
        {"contract_number": "HT-1", "disclosures_confirmed": ["risk"]},
        "SignSale",
        pb.SignSaleRequest(sale_id="x-1", contract_number="HT-1", disclosures_confirmed=["risk"]),
    ),
    step(
        "pay_sale",
        "payments",
        "operations",
        {"amount": "1000000.00", "payment_reference": "PAY-1"},
        "PaySale",
        pb.PaySaleRequest(sale_id="x-1", amount="1000000.00", payment_reference="PAY-1"),
    ),
    step(
        "record_callback",
        "callbacks",
        "service_desk",
        {"outcome": "succeeded", "method": "recorded_phone", "answers": {"identity": "yes"}},
        "RecordCallback",
        pb.RecordCallbackRequest(
            sale_id="x-1",
            outcome="succeeded",
            method="recorded_phone",
            answers={"identity": "yes"},
        ),
    ),
    step(
        "confirm_sale",
        "confirmations",
        "operations",
        {"units": "999000.00", "nav": "1.0010", "confirmed_on": "2026-11-25"},
        "ConfirmSale",
        pb.ConfirmSaleRequest(
            sale_id="x-1", units="999000.00", nav="1.0010", confirmed_on="2026-11-25"
        ),
    ),
    step(
        "rescind_sale",
        "rescissions",
        "service_desk",
        {"reason": "客户反悔"},
        "RescindSale",
        pb.RescindSaleRequest(sale_id="x-1", reason="客户反悔"),
    ),
]
