"""The least that any gateway and service on these libraries can cost.

`rpc` answers over a bare synchronous gRPC server: a constant (`Empty`), one prepared lookup by
primary key (`One`), one prepared list of fifty (`Fifty`). `gateway` is a bare Starlette that
calls it once per request and writes JSON. No identity, no rules, no masks.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import orjson
import sqlalchemy as sa

from liheng.customer.v1 import customer_pb2 as pb

METHODS = ("Empty", "One", "Fifty")
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


def constant() -> Any:
    """About as large as one customer."""
    body = pb.Customer(customer_id="0" * 36, name="n" * 20, address="a" * 600).SerializeToString()
    return lambda request, context: body


def one(engine: sa.Engine) -> Any:
    customers = sa.table("customers", sa.column("customer_id"), sa.column("version"))
    first = sa.select(customers.c.customer_id).limit(1)
    with engine.connect() as connection:
        customer_id = connection.execute(first).scalar_one()
    lookup = sa.select(customers).where(customers.c.customer_id == sa.bindparam("customer_id"))

    def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
        with engine.connect() as connection:
            row = connection.execute(lookup, {"customer_id": customer_id}).one()
        found = pb.Customer(customer_id=str(row.customer_id), version=row.version)
        return found.SerializeToString()

    return answer


def fifty(engine: sa.Engine) -> Any:
    customers = sa.table("customers", sa.column("customer_id"), sa.column("version"))
    page = sa.select(customers).order_by(customers.c.customer_id).limit(50)

    def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
        with engine.connect() as connection:
            rows = connection.execute(page).all()
        found = [pb.Customer(customer_id=str(r.customer_id), version=r.version) for r in rows]
        return pb.ListCustomersResponse(customers=found).SerializeToString()

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
        customer = pb.Customer.FromString(await stub(request.path_params["name"])(b""))
        return Response(orjson.dumps(shown(customer)), media_type="application/json")

    async def several(request: Request) -> Response:
        answer = pb.ListCustomersResponse.FromString(await stub("Fifty")(b""))
        items = [shown(customer) for customer in answer.customers]
        return Response(orjson.dumps({"items": items}), media_type="application/json")

    host, _, port = address.rpartition(":")
    routes = [Route("/Fifty", several), Route("/{name}", single)]
    app = Starlette(routes=routes)
    uvicorn.run(app, host=host, port=int(port), log_level="error", access_log=False)


def shown(customer: pb.Customer) -> dict[str, object]:
    return {
        "customer_id": customer.customer_id,
        "name": customer.name,
        "address": customer.address,
        "version": customer.version,
    }


if __name__ == "__main__":
    if sys.argv[1] == "rpc":
        serve_rpc(sys.argv[2])
    else:
        serve_gateway(sys.argv[2], sys.argv[3])
