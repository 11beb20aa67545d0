"""The product sheet: what the institution sells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.customer.domain.book.cells import Cell, read_text
from services.customer.domain.book.dates import read_maturity
from services.customer.domain.book.problems import (
    MISSING,
    PRODUCT_KIND_UNKNOWN,
    PRODUCT_REPEATED,
    Note,
    Unclean,
)
from services.customer.domain.book.reader import RowReader
from services.customer.domain.book.table import Table
from services.customer.domain.book.values import one_of, read_product_code, read_product_level


class ProductKind(StrEnum):
    BANK_WEALTH = "bank_wealth"
    PUBLIC_FUND = "public_fund"
    PRIVATE_FUND = "private_fund"
    COLLECTIVE_TRUST = "collective_trust"
    SECURITIES_AM_PLAN = "securities_am_plan"
    INSURANCE = "insurance"


KINDS = {
    **dict.fromkeys(("理财", "银行理财", "理财产品"), ProductKind.BANK_WEALTH),
    **dict.fromkeys(("公募基金", "公募", "基金"), ProductKind.PUBLIC_FUND),
    **dict.fromkeys(("私募基金", "私募"), ProductKind.PRIVATE_FUND),
    **dict.fromkeys(("集合信托", "信托", "集合资金信托"), ProductKind.COLLECTIVE_TRUST),
    **dict.fromkeys(("券商资管", "资管计划", "集合资管计划"), ProductKind.SECURITIES_AM_PLAN),
    **dict.fromkeys(("保险", "保险产品"), ProductKind.INSURANCE),
}
read_kind = one_of(KINDS, PRODUCT_KIND_UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class BookProduct:
    product_id: str
    name: str
    kind: ProductKind
    level: str  # R1–R5, or empty
    minimum_amount: Decimal | None  # CNY
    nav: Decimal | None
    matures_on: date | None


def read_products(table: Table, notes: list[Note]) -> Sequence[BookProduct]:
    products: dict[str, BookProduct] = {}
    for row in table.rows():
        reader = RowReader(table.sheet, row, notes)
        product = _read(reader)
        if product is None:
            continue
        if product.product_id in products:
            reader.reject(PRODUCT_REPEATED, "product_id")
        products.setdefault(product.product_id, product)
    return list(products.values())


def _read(reader: RowReader) -> BookProduct | None:
    product_id = reader.need("product_id", read_product_code)
    name = reader.need("name", _read_name)
    kind = reader.need("kind", read_kind)
    if reader.rejected or product_id is None or name is None or kind is None:
        return None
    return BookProduct(
        product_id=product_id,
        name=name,
        kind=kind,
        level=reader.want("level", read_product_level) or "",
        minimum_amount=reader.want("minimum", reader.money("minimum")),
        nav=reader.want("nav", reader.amount("nav")),
        matures_on=reader.want("matures_on", read_maturity),
    )


def _read_name(cell: Cell) -> str:
    name = read_text(cell)
    if not name:
        raise Unclean(MISSING)
    return name
