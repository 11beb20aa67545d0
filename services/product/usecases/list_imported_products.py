"""Products that an imported client book names are listed, unless they are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.product.domain.nav import NavPoint
from services.product.domain.product import list_product
from services.product.domain.rating import Level, Rating, RatingVersion
from services.product.domain.terms import Kind, Terms, usual_placement
from services.product.usecases.ports import ProductWork


@dataclass(frozen=True, kw_only=True)
class ImportedProduct:
    product_id: str
    name: str
    kind: Kind
    level: Level | None  # the institution's own rating
    minimum_amount: Decimal  # CNY
    nav: Decimal | None
    matures_on: date | None


@dataclass(frozen=True, kw_only=True)
class ListImportedProducts:
    products: Sequence[ImportedProduct]
    today: date
    at: datetime


def list_imported_products(command: ListImportedProducts, work: ProductWork) -> None:
    for imported in command.products:
        if work.products.find(imported.product_id) is None:
            _list(imported, command, work)


def _list(imported: ImportedProduct, command: ListImportedProducts, work: ProductWork) -> None:
    rating = Rating(seller_level=imported.level)
    product = list_product(imported.product_id, _terms(imported), rating, command.at)
    if imported.nav:
        product.latest_nav = NavPoint(imported.nav, command.today)
    work.products.add(product)
    first = RatingVersion(product.rating, "imported", "import", command.at)
    work.products.keep_rating(product.product_id, first)
    work.announce(product.listed(command.at))


def _terms(imported: ImportedProduct) -> Terms:
    return Terms(
        name=imported.name,
        kind=imported.kind,
        placement=usual_placement(imported.kind),
        minimum_amount=imported.minimum_amount,
        matures_on=imported.matures_on,
    )
