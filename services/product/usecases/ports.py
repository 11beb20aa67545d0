"""What the use cases of the catalogue need from the outside world."""

from typing import Protocol

from chassis.work import Work
from services.product.domain.events import NavPublished, ProductListed, RatingChanged
from services.product.domain.product import Product
from services.product.domain.rating import RatingVersion

Announcement = ProductListed | RatingChanged | NavPublished


class Products(Protocol):
    def get(self, product_id: str) -> Product:
        """Raise NotFound when there is none."""
        ...

    def find(self, product_id: str) -> Product | None: ...

    def add(self, product: Product) -> None: ...

    def save(self, product: Product) -> None:
        """Raise Conflict when somebody else saved it since it was read."""
        ...

    def keep_rating(self, product_id: str, version: RatingVersion) -> None: ...

    def keep_nav(self, published: NavPublished) -> None: ...


class ProductWork(Work, Protocol):
    @property
    def products(self) -> Products: ...

    def announce(self, event: Announcement) -> None: ...
