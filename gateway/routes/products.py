"""/products: the catalogue, its ratings and net asset values."""

from gateway.operation import Asked, Routes
from gateway.schemas import products as schemas
from gateway.schemas.paging import PageAsked
from gateway.schemas.shown import page_of
from gateway.sentences import Sentence
from liheng.product.v1 import product_pb2 as pb

products = Routes("product")


@products.get(
    "/products",
    permission="product.read",
    summary=Sentence("List products", "产品列表"),
    query=schemas.ProductsAsked,
    shows=page_of(schemas.Product, "products"),
)
async def list_products(asked: Asked) -> pb.ListProductsResponse:
    request = pb.ListProductsRequest(**asked.query)
    return await asked.call(asked.services.product.ListProducts, request)


@products.get(
    "/products/{product_id}",
    permission="product.read",
    summary=Sentence("One product, with its rating history", "产品详情与评级历史"),
    shows=schemas.ProductView,
)
async def get_product(asked: Asked) -> pb.GetProductResponse:
    request = pb.GetProductRequest(**asked.path)
    return await asked.call(asked.services.product.GetProduct, request)


@products.put(
    "/products/{product_id}",
    permission="product.write",
    summary=Sentence("Enter a product, or change its terms", "登记或变更产品"),
    body=schemas.ProductTaken,
    shows=schemas.Product,
)
async def put_product(asked: Asked) -> pb.Product:
    request = pb.PutProductRequest(
        product=pb.Product(**asked.path, **asked.body),
        expected_version=asked.headers.get("if_match", 0),
    )
    return (await asked.call(asked.services.product.PutProduct, request)).product


@products.post(
    "/products/{product_id}/ratings",
    permission="product.rate",
    summary=Sentence("Rate a product", "产品风险评级"),
    body=schemas.RatingTaken,
    shows=schemas.Product,
    status=201,
    bulk=True,
)
async def rate_product(asked: Asked) -> pb.Product:
    request = pb.RateProductRequest(**asked.path, **asked.body)
    return (await asked.call(asked.services.product.RateProduct, request)).product


@products.post(
    "/products/{product_id}/navs",
    permission="nav.publish",
    summary=Sentence("Publish a net asset value", "发布净值"),
    body=schemas.NavTaken,
    shows=schemas.Product,
    status=201,
    bulk=True,
)
async def publish_nav(asked: Asked) -> pb.Product:
    request = pb.PublishNavRequest(**asked.path, **asked.body)
    return (await asked.call(asked.services.product.PublishNav, request)).product


@products.get(
    "/products/{product_id}/navs",
    permission="product.read",
    summary=Sentence("Net asset values, newest first", "历史净值"),
    query=PageAsked,
    shows=page_of(schemas.NavPoint, "points"),
)
async def list_navs(asked: Asked) -> pb.ListNavResponse:
    request = pb.ListNavRequest(**asked.path, **asked.query)
    return await asked.call(asked.services.product.ListNav, request)
