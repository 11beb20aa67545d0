"""Which clients a message names, however deep."""

import pytest
from google.protobuf.message import Message

from chassis.subjects import subjects
from liheng.customer.v1 import customer_pb2
from liheng.suitability.v1 import suitability_pb2
from liheng.workflow.v1 import workflow_pb2


@pytest.mark.parametrize(
    ("message", "named"),
    [
        (workflow_pb2.SignSaleRequest(sale_id="s-1"), set()),
        (workflow_pb2.DraftSaleRequest(customer_id="c-1", product_id="P1"), {"c-1"}),
        (workflow_pb2.DraftSaleRequest(product_id="P1"), set()),
        (workflow_pb2.SignSaleResponse(sale=workflow_pb2.Sale(customer_id="c-1")), {"c-1"}),
        (customer_pb2.MakeHandoverRequest(customer_ids=["c-1", "c-2"]), {"c-1", "c-2"}),
        (
            workflow_pb2.ListSalesResponse(
                sales=[workflow_pb2.Sale(customer_id=each) for each in ("c-1", "c-2")]
            ),
            {"c-1", "c-2"},
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_all_of_them_are_found(message: Message, named: set[str]) -> None:
    assert subjects(message) == named


def test_several_messages_name_theirs_together() -> None:
    asked = suitability_pb2.DecideRequest(customer_id="c-1")
    told = workflow_pb2.Sale(customer_id="c-2")

    assert subjects(asked, told) == {"c-1", "c-2"}
