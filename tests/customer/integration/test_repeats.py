"""What was answered under a key about a prospect is told again as long as they are seen."""

from functools import partial

from chassis.ids import new_id
from liheng.customer.v1 import customer_pb2 as pb
from services.customer.domain.staff import Assignment
from tests.calling import as_caller, refusal
from tests.customer.integration.calling import Client
from tests.customer.integration.test_sight import COLLEAGUE, PROSPECT


def test_who_registered_a_prospect_is_told_again_until_somebody_else_serves_them(
    client: Client,
) -> None:
    request = pb.RegisterProspectRequest(customer_id="c-1", lead_id="l-1", **PROSPECT)
    metadata = (*as_caller(COLLEAGUE), ("idempotency-key", new_id()))
    register = partial(client.stub.RegisterProspect, request, metadata=metadata)
    assert register() == register()

    client.entrust("c-1", Assignment("s-other", "t-shanghai", "b-shanghai"))

    assert refusal(register).code == "sight_changed"
