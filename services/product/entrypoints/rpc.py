"""ProductService over gRPC."""

from zoneinfo import ZoneInfo

import grpc

from chassis.clock import Clock
from chassis.decimals import plain
from chassis.identity import caller
from chassis.inputs import day, identifier, optional_text, storable, text
from chassis.paging import Page
from chassis.runner import Runner
from liheng.product.v1 import product_pb2 as pb
from liheng.product.v1 import product_pb2_grpc as rpc
from services.product.adapters.queries import ProductFilter, ProductQueries
from services.product.entrypoints.reading import read_level, read_rating, read_terms
from services.product.entrypoints.writing import product_message, rating_message
from services.product.usecases.ports import ProductWork
from services.product.usecases.publish_nav import PublishNav, publish_nav
from services.product.usecases.put_product import PutProduct, put_product
from services.product.usecases.rate_product import RateProduct, rate_product


class ProductServicer(rpc.ProductServiceServicer):
    def __init__(
        self, run: Runner[ProductWork], queries: ProductQueries, clock: Clock, zone: ZoneInfo
    ) -> None:
        self._run = run
        self._queries = queries
        self._clock = clock
        self._zone = zone

    def PutProduct(
        self, request: pb.PutProductRequest, context: grpc.ServicerContext
    ) -> pb.PutProductResponse:
        command = PutProduct(
            product_id=identifier(request.product.product_id, "product_id"),
            terms=read_terms(request.product),
            rating=read_rating(request.product),
            by=caller().staff_id,
            at=self._clock(),
            expected_version=request.expected_version,
        )
        self._run(put_product, command)
        return pb.PutProductResponse(product=self._product(command.product_id))

    def RateProduct(
        self, request: pb.RateProductRequest, context: grpc.ServicerContext
    ) -> pb.RateProductResponse:
        command = RateProduct(
            product_id=identifier(request.product_id, "product_id"),
            issuer_level=read_level(request.issuer_level, "issuer_level"),
            seller_level=read_level(request.seller_level, "seller_level"),
            reason=text(request.reason, "reason", longest=1000),
            by=caller().staff_id,
            at=self._clock(),
        )
        self._run(rate_product, command)
        return pb.RateProductResponse(product=self._product(command.product_id))

    def PublishNav(
        self, request: pb.PublishNavRequest, context: grpc.ServicerContext
    ) -> pb.PublishNavResponse:
        now = self._clock()
        command = PublishNav(
            product_id=identifier(request.product_id, "product_id"),
            nav=storable(request.nav, "nav"),
            as_of=day(request.as_of, "as_of"),
            today=now.astimezone(self._zone).date(),
            at=now,
        )
        self._run(publish_nav, command)
        return pb.PublishNavResponse(product=self._product(command.product_id))

    def GetProduct(
        self, request: pb.GetProductRequest, context: grpc.ServicerContext
    ) -> pb.GetProductResponse:
        product_id = identifier(request.product_id, "product_id")
        return pb.GetProductResponse(
            product=self._product(product_id),
            ratings=map(rating_message, self._queries.ratings(product_id)),
        )

    def ListProducts(
        self, request: pb.ListProductsRequest, context: grpc.ServicerContext
    ) -> pb.ListProductsResponse:
        wanted = ProductFilter(
            kind=request.kind,
            level=request.level,
            state=request.state,
            q=optional_text(request.q, "q"),
        )
        page = Page.asked(request.limit, request.cursor)
        rows, following = self._queries.page(wanted, request.sort, page)
        return pb.ListProductsResponse(products=map(product_message, rows), next_cursor=following)

    def ListNav(
        self, request: pb.ListNavRequest, context: grpc.ServicerContext
    ) -> pb.ListNavResponse:
        page = Page.asked(request.limit, request.cursor)
        product_id = identifier(request.product_id, "product_id")
        rows, following = self._queries.navs(product_id, page)
        points = [pb.NavPoint(as_of=row.as_of.isoformat(), nav=plain(row.nav)) for row in rows]
        return pb.ListNavResponse(points=points, next_cursor=following)

    def _product(self, product_id: str) -> pb.Product:
        return product_message(self._queries.one(product_id))
