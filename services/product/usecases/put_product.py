"""Operations list a product, or change the terms of one that is listed."""

from dataclasses import dataclass
from datetime import datetime

from services.product.domain.product import Product, list_product
from services.product.domain.rating import Rating, RatingVersion
from services.product.domain.terms import Terms
from services.product.usecases.ports import ProductWork


@dataclass(frozen=True, kw_only=True)
class PutProduct:
    product_id: str
    terms: Terms
    rating: Rating  # counts only when the product is new
    by: str
    at: datetime
    expected_version: int = 0


def put_product(command: PutProduct, work: ProductWork) -> None:
    product = work.products.find(command.product_id)
    if product is None:
        _list(command, work)
    else:
        _change(product, command, work)


def _list(command: PutProduct, work: ProductWork) -> None:
    product = list_product(command.product_id, command.terms, command.rating, command.at)
    work.products.add(product)
    first = RatingVersion(command.rating, "listed", command.by, command.at)
    work.products.keep_rating(product.product_id, first)
    work.announce(product.listed(command.at))


def _change(product: Product, command: PutProduct, work: ProductWork) -> None:
    listed = product.change_terms(
        command.terms, at=command.at, expected_version=command.expected_version
    )
    if listed:
        work.products.save(product)
        work.announce(listed)
