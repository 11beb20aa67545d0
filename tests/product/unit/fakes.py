"""A catalogue in memory that behaves as the one in PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy

from chassis.database import changed_meanwhile
from services.product.adapters.database import no_such_product
from services.product.domain.events import NavPublished
from services.product.domain.nav import NavPoint
from services.product.domain.product import Product
from services.product.domain.rating import RatingVersion
from services.product.usecases.ports import Announcement


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


class FakeWork:
    def __init__(self, products: FakeProducts | None = None) -> None:
        self.products = products or FakeProducts()
        self.announced: list[Announcement] = []
        self.handled: set[str] = set()
        self._noted: set[str] = set()
        self._committed = deepcopy(self.products)

    def already_handled(self, message_id: str) -> bool:
        self._noted.add(message_id)
        return message_id in self.handled

    def announce(self, event: Announcement) -> None:
        self.announced.append(event)

    def commit(self) -> None:
        self.handled |= self._noted
        self._committed = deepcopy(self.products)

    def forget_uncommitted(self) -> None:
        self._noted.clear()
        self.products = deepcopy(self._committed)


def fake_begin() -> Callable[[], AbstractContextManager[FakeWork]]:
    shared = FakeWork()

    @contextmanager
    def begin() -> Iterator[FakeWork]:
        shared.forget_uncommitted()
        yield shared

    return begin
