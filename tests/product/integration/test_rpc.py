"""ProductService on the real database, called as the gateway calls it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import grpc
import pytest
import sqlalchemy as sa

from chassis.database import engine
from chassis.errors import Conflict, Invalid, NotFound, Refusal, RuleBroken
from chassis.identity import Caller
from liheng.product.v1 import product_pb2 as pb
from liheng.product.v1 import product_pb2_grpc
from services.product.adapters.tables import mailbox
from services.product.bootstrap import rpc as product_rpc
from services.product.config import Config
from tests.calling import CALLER_KEY, as_caller, refusal, served

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)  # the 24th in Shanghai
OPERATIONS = Caller("s-operations", frozenset({"operations"}))


class Client:
    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = product_pb2_grpc.ProductServiceStub(channel)

    def put(self, product_id: str, **fields: object) -> pb.Product:
        terms = {"product_id": product_id, "name": "Fund", "kind": "public_fund", **fields}
        request = pb.PutProductRequest(product=pb.Product(**terms))  # type: ignore[arg-type]
        return self._stub.PutProduct(request, metadata=as_caller(OPERATIONS)).product

    def get(self, product_id: str) -> pb.GetProductResponse:
        request = pb.GetProductRequest(product_id=product_id)
        return self._stub.GetProduct(request, metadata=as_caller(OPERATIONS))

    def list(self, **wanted: object) -> pb.ListProductsResponse:
        request = pb.ListProductsRequest(**wanted)  # type: ignore[arg-type]
        return self._stub.ListProducts(request, metadata=as_caller(OPERATIONS))

    def rate(self, product_id: str, seller_level: str) -> pb.Product:
        request = pb.RateProductRequest(
            product_id=product_id, seller_level=seller_level, reason="yearly review"
        )
        return self._stub.RateProduct(request, metadata=as_caller(OPERATIONS)).product

    def publish(self, product_id: str, nav: str, as_of: str) -> pb.Product:
        request = pb.PublishNavRequest(product_id=product_id, nav=nav, as_of=as_of)
        return self._stub.PublishNav(request, metadata=as_caller(OPERATIONS)).product


@pytest.fixture(scope="module")
def database(postgres_url: Callable[[str], str]) -> str:
    return postgres_url("product")


@pytest.fixture(scope="module")
def client(database: str) -> Iterator[Client]:
    config = Config(
        database_url=database,
        amqp_url="",
        rpc_address="127.0.0.1:0",
        caller_key=CALLER_KEY,
    )
    with served(product_rpc(config, lambda: NOW)) as channel:
        yield Client(channel)


def announced(database: str, product_id: str) -> list[str]:
    bound = engine(database)
    types = sa.select(mailbox.outbox.c.type).where(mailbox.outbox.c.subject == product_id)
    with bound.connect() as connection:
        found = list(connection.execute(types).scalars())
    bound.dispose()
    return found


def test_a_listed_product_is_read_back_and_announced(client: Client, database: str) -> None:
    put = client.put("A1", seller_level="R3", issuer_level="R2", minimum_amount="1000.00")

    assert client.get("A1").product == put
    assert (put.effective_level, put.placement, put.version) == ("R3", "public", 1)
    assert announced(database, "A1") == ["liheng.product.v1.ProductListed"]


def test_ratings_are_kept_with_their_reason(client: Client) -> None:
    client.put("A2", seller_level="R2")

    client.rate("A2", "R4")

    ratings = client.get("A2").ratings
    assert [(r.seller_level, r.reason, r.rated_by) for r in ratings] == [
        ("R4", "yearly review", "s-operations"),
        ("R2", "listed", "s-operations"),
    ]


def test_a_nav_may_be_of_today_in_the_institutions_zone(client: Client) -> None:
    client.put("A3")

    assert client.publish("A3", "1.0320", "2026-11-24").nav == "1.032"
    refused = refusal(lambda: client.publish("A3", "1.0320", "2026-11-25"))
    assert isinstance(refused, RuleBroken)


def test_lists_are_paged_filtered_and_searched(client: Client) -> None:
    for number in range(5):
        client.put(f"L{number}", name=f"List fund {number}%", seller_level="R1")

    first = client.list(limit=2, q="list FUND", sort="-product_id")
    second = client.list(limit=2, q="list FUND", sort="-product_id", cursor=first.next_cursor)
    third = client.list(limit=2, q="list FUND", sort="-product_id", cursor=second.next_cursor)

    pages = [[p.product_id for p in page.products] for page in (first, second, third)]
    assert pages == [["L4", "L3"], ["L2", "L1"], ["L0"]]
    assert third.next_cursor == ""
    assert len(client.list(q="3%").products) == 1
    assert client.list(q="LIST fund", level="R5").products == []


@pytest.mark.parametrize(
    ("call", "kind", "field"),
    [
        (lambda c: c.get("nobody"), NotFound, ""),
        (lambda c: c.get(""), Invalid, "product_id"),
        (lambda c: c.put("B1", kind="stamps"), Invalid, "kind"),
        (lambda c: c.put("B1", name=" "), Invalid, "name"),
        (lambda c: c.put("B1", minimum_amount="-1"), Invalid, "minimum_amount"),
        (lambda c: c.put("B1", minimum_amount="1e9"), Invalid, "minimum_amount"),
        (lambda c: c.put("B1", matures_on="31.12.2026"), Invalid, "matures_on"),
        (lambda c: c.put("B1", cooling_off_hours="1.5"), Invalid, "cooling_off_hours"),
        (lambda c: c.put("B1", seller_level="R6"), Invalid, "seller_level"),
        (lambda c: c.publish("B1", "1000000000000", "2026-11-23"), Invalid, "nav"),
        (lambda c: c.publish("B1", "0.000000001", "2026-11-23"), Invalid, "nav"),
        (lambda c: c.list(limit=500), Invalid, "limit"),
        (lambda c: c.list(sort="colour"), Invalid, "sort"),
        (lambda c: c.list(cursor="made up"), Invalid, "cursor"),
    ],
)
def test_bad_input_is_refused_by_field(
    client: Client, call: Callable[[Client], object], kind: type[Refusal], field: str
) -> None:
    refused = refusal(lambda: call(client))

    assert (type(refused), refused.field) == (kind, field)


def test_a_change_based_on_an_old_version_is_a_conflict(client: Client) -> None:
    client.put("C1")
    client.put("C1", name="Newer")
    request = pb.PutProductRequest(
        product=pb.Product(product_id="C1", name="Older", kind="public_fund"), expected_version=1
    )

    refused = refusal(lambda: client._stub.PutProduct(request, metadata=as_caller(OPERATIONS)))

    assert isinstance(refused, Conflict)
