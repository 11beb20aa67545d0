"""Events the catalogue listens to."""

from datetime import date
from decimal import Decimal
from typing import cast
from zoneinfo import ZoneInfo

from chassis.dependencies import Given, RunUseCase
from chassis.moments import moment
from chassis.subscriptions import Meta, subscribe
from liheng.customer.v1.events_pb2 import BookProduct, CatalogueImported
from services.product.domain.rating import Level
from services.product.domain.terms import Kind
from services.product.usecases.list_imported_products import (
    ImportedProduct,
    ListImportedProducts,
    list_imported_products,
)


class ProductEvents:
    name = "product"

    run = RunUseCase()
    zone = cast(ZoneInfo, Given())

    @subscribe(CatalogueImported)
    def catalogue_imported(self, event: CatalogueImported, meta: Meta) -> None:
        at = moment(event.at)
        command = ListImportedProducts(
            products=[imported_product(product) for product in event.products],
            today=at.astimezone(self.zone).date(),
            at=at,
        )
        self.run(list_imported_products, command, once=meta.event_id)


def imported_product(product: BookProduct) -> ImportedProduct:
    return ImportedProduct(
        product_id=product.product_id,
        name=product.name,
        kind=Kind(product.kind),
        level=Level(product.level) if product.level else None,
        minimum_amount=Decimal(product.minimum_amount or 0),
        nav=Decimal(product.nav) if product.nav else None,
        matures_on=date.fromisoformat(product.matures_on) if product.matures_on else None,
    )
