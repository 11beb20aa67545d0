"""A catalogue in memory that behaves as the one in PostgreSQL."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy

from chassis.versions import changed_meanwhile
from services.product.adapters.database import no_such_product
from services.product.domain.events import NavPublished
from services.product.domain.nav import NavPoint
from services.product.domain.product import Product
from services.product.domain.rating import RatingVersion
from services.product.usecases.ports import Announcement
from tests.memory import WorkInMemory, beginning


class FakeProducts:
    def __init__(self, *products: Product) -> None:
        self.rows = {product.product_id: product for product in products}
        self.ratings: list[tuple[str, RatingVersion]] = []
        self.navs: dict[tuple[str, object], NavPoint] = {}

    def get(self, product_id: str) -> Product:
        product = self.find(product_id)
        if product is None:
            raise no_such_product()
        return product

    def find(self, product_id: str) -> Product | None:
        return deepcopy(self.rows.get(product_id))

    def add(self, product: Product) -> None:
        product.version += 1
        self.rows[product.product_id] = deepcopy(product)

    def save(self, product: Product) -> None:
        if self.rows[product.product_id].version != product.version:
            raise changed_meanwhile()
        product.version += 1
        self.rows[product.product_id] = deepcopy(product)

    def keep_rating(self, product_id: str, version: RatingVersion) -> None:
        self.ratings.append((product_id, version))

    def keep_nav(self, published: NavPublished) -> None:
        self.navs[published.product_id, published.point.as_of] = published.point


class FakeWork(WorkInMemory[Announcement]):
    def __init__(self) -> None:
        self.products = FakeProducts()
        super().__init__()


def fake_begin() -> Callable[[], AbstractContextManager[FakeWork]]:
    return beginning(FakeWork())
