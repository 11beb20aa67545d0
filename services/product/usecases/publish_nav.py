"""A net asset value is published for a day."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.product.domain.nav import NavPoint
from services.product.usecases.ports import ProductWork


@dataclass(frozen=True, kw_only=True)
class PublishNav:
    product_id: str
    nav: Decimal
    as_of: date
    today: date  # in the institution's zone
    at: datetime


def publish_nav(command: PublishNav, work: ProductWork) -> None:
    product = work.products.get(command.product_id)
    point = NavPoint(command.nav, command.as_of)
    published = product.publish_nav(point, today=command.today, at=command.at)
    work.products.save(product)
    work.products.keep_nav(published)
    work.announce(published)
