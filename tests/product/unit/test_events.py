"""What product makes of what others tell, without a broker."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from chassis.dependencies import injected
from chassis.moments import stamp
from chassis.runner import Runner
from chassis.subscriptions import Meta
from liheng.customer.v1.events_pb2 import BookProduct, CatalogueImported
from services.product.domain.nav import NavPoint
from services.product.entrypoints.events import ProductEvents
from tests.product.unit.fakes import fake_begin

EVENING = datetime(2026, 11, 23, 22, tzinfo=UTC)  # already the 24th in Shanghai


def test_an_imported_nav_is_of_the_day_of_the_institution() -> None:
    begin = fake_begin()
    events = injected(ProductEvents, run=Runner(begin), zone=ZoneInfo("Asia/Shanghai"))
    product = BookProduct(product_id="P1", name="Fund", kind="public_fund", nav="1.02")

    events.catalogue_imported(
        CatalogueImported(products=[product], at=stamp(EVENING)),
        Meta("e-1", "", 1, EVENING, "customer"),
    )

    with begin() as work:
        nav = work.products.get("P1").latest_nav
    assert nav == NavPoint(Decimal("1.02"), date(2026, 11, 24))
