"""The least that any gateway and service on these libraries can cost.

`rpc` answers constants as large as a real answer over a bare synchronous gRPC server: at once
(`Empty`), after one prepared lookup by primary key (`One`), after one prepared list of fifty
(`Fifty`); both read the columns that the answer shows. `gateway` is a bare Starlette that calls
it once per request and writes every field as JSON. No identity, no rules, no scope, no sealed
fields opened, no masks.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import orjson
import sqlalchemy as sa
from google.protobuf.timestamp_pb2 import Timestamp

from liheng.customer.v1 import customer_pb2 as pb
from liheng.customer.v1.events_pb2 import CustomerFacts
from services.customer.adapters.tables import customers

METHODS = ("Empty", "One", "Fifty")
COLUMNS = [
    "customer_id",
    "state",
    "kind",
    "name_sealed",
    "sex",
    "identity_sealed",
    "phone_sealed",
    "address_sealed",
    "born_on",
    "tags",
    "adviser_id",
    "team_id",
    "branch_id",
    "kyc_id",
    "kyc_state",
    "kyc_submitted_by",
    "kyc_submitted_at",
    "kyc_reviewed_by",
    "kyc_reviewed_at",
    "kyc_reason",
    "kyc_reason_sealed",
    "kyc_expires_on",
    "facts",
    "risk_level",
    "risk_level_valid_until",
    "version",
    "created_at",
    "updated_at",
]
SHOWN = sa.select(*(customers.c[name] for name in COLUMNS))
SERVICE = "bench.Floor"
THREADS = 8


def serve_rpc(address: str) -> None:
    from chassis.database import read_engine

    engine = read_engine(os.environ["LIHENG_BENCH_DATABASE_URL"], connections=THREADS)
    answers = {"Empty": constant(), "One": one(engine), "Fifty": fifty(engine)}
    handlers: dict[str, Any] = {
        name: grpc.unary_unary_rpc_method_handler(answer) for name, answer in answers.items()
    }
    server = grpc.server(ThreadPoolExecutor(THREADS))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    server.add_insecure_port(address)
    server.start()
    server.wait_for_termination()


def sample() -> pb.Customer:
    """Every field filled as a client of the example book fills it."""
    moment = Timestamp(seconds=1_800_000_000)
    kyc = pb.Kyc(
        state="approved",
        submitted_by="s-wangjun",
        submitted_at=moment,
        reviewed_by="s-compliance",
        reviewed_at=moment,
        expires_on="2027-11-23",
    )
    facts = CustomerFacts(
        born_on="1988-05-12",
        kind="person",
        financial_assets="1200000.00",
        household_annual_income="400000.00",
        as_of="2026-11-23",
        source="import",
    )
    return pb.Customer(
        customer_id="019a20a5-5c0e-7c4e-9f0e-0a4f3b1f5d11",
        customer_no="K700002",
        state="customer",
        kind="person",
        name="林安达",
        sex="female",
        identity_kind="id_card",
        identity_number="3****************5",
        phone="138****8000",
        address="浙江省杭州市****",
        born_on="1988-05-12",
        tags=["高净值"],
        adviser_id="s-wangjun",
        adviser_name="王俊",
        team_id="t-hangzhou",
        team_name="杭州部",
        branch_id="b-hangzhou",
        kyc=kyc,
        facts=facts,
        risk_level="C3",
        risk_level_valid_until="2027-11-23",
        aum="5997127.40",
        version=3,
        created_at=moment,
        updated_at=moment,
    )


def view() -> pb.GetCustomerResponse:
    """As the 360° view of a client of the example book, who holds one or two products."""
    holding = pb.Holding(
        product_id="P7007",
        product_name="通际名联臻享公募基金8号",
        units="2590000",
        market_value="2638692.00",
        valued_on="2026-12-01",
    )
    return pb.GetCustomerResponse(customer=sample(), holdings=[holding] * 2)


def constant() -> Any:
    body = view().SerializeToString()
    return lambda request, context: body


def one(engine: sa.Engine) -> Any:
    first = sa.select(customers.c.customer_id).limit(1)
    with engine.connect() as connection:
        customer_id = connection.execute(first).scalar_one()
    lookup = SHOWN.where(customers.c.customer_id == sa.bindparam("customer_id"))
    body = view().SerializeToString()

    def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
        with engine.connect() as connection:
            connection.execute(lookup, {"customer_id": customer_id}).one()
        return body

    return answer


def fifty(engine: sa.Engine) -> Any:
    page = SHOWN.order_by(customers.c.customer_id).limit(50)
    body = pb.ListCustomersResponse(customers=[sample()] * 50).SerializeToString()

    def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
        with engine.connect() as connection:
            connection.execute(page).all()
        return body

    return answer


def serve_gateway(address: str, rpc_address: str) -> None:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    stubs: dict[str, Any] = {}

    def stub(name: str) -> Any:
        if not stubs:
            channel = grpc.aio.insecure_channel(rpc_address)
            stubs.update({name: channel.unary_unary(f"/{SERVICE}/{name}") for name in METHODS})
        return stubs[name]

    async def single(request: Request) -> Response:
        answer = pb.GetCustomerResponse.FromString(await stub(request.path_params["name"])(b""))
        made = {
            "customer": shown(answer.customer),
            "holdings": [shown(holding) for holding in answer.holdings],
        }
        return Response(orjson.dumps(made), media_type="application/json")

    async def several(request: Request) -> Response:
        answer = pb.ListCustomersResponse.FromString(await stub("Fifty")(b""))
        items = [shown(customer) for customer in answer.customers]
        return Response(orjson.dumps({"items": items}), media_type="application/json")

    host, _, port = address.rpartition(":")
    routes = [Route("/Fifty", several), Route("/{name}", single)]
    app = Starlette(routes=routes)
    uvicorn.run(app, host=host, port=int(port), log_level="error", access_log=False)


def shown(message: Any) -> dict[str, object]:
    """Every field by name, as plainly as it can be written."""
    made = {name: getattr(message, name) for name in NAMES[type(message)]}
    if isinstance(message, pb.Customer):
        made["tags"], made["aliases"] = list(message.tags), list(message.aliases)
        made["kyc"], made["facts"] = shown(message.kyc), shown(message.facts)
    for name in MOMENTS & made.keys():
        made[name] = made[name].seconds
    return made


NAMES = {
    kind: [field.name for field in kind.DESCRIPTOR.fields]
    for kind in (pb.Customer, pb.Holding, pb.Kyc, CustomerFacts)
}
MOMENTS = {"submitted_at", "reviewed_at", "created_at", "updated_at"}


if __name__ == "__main__":
    if sys.argv[1] == "rpc":
        serve_rpc(sys.argv[2])
    else:
        serve_gateway(sys.argv[2], sys.argv[3])
