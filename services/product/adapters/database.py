"""The catalogue in PostgreSQL."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.database import SqlWork
from chassis.errors import NotFound
from chassis.versions import changed_meanwhile, check
from services.product.adapters import tables
from services.product.adapters.announcements import to_message
from services.product.adapters.rows import rating_values, to_product, to_values
from services.product.domain.events import NavPublished
from services.product.domain.product import Product
from services.product.domain.rating import RatingVersion
from services.product.usecases.ports import Announcement

products = tables.products


class SqlProducts:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, product_id: str) -> Product:
        product = self.find(product_id)
        if product is None:
            raise no_such_product()
        return product

    def find(self, product_id: str) -> Product | None:
        row = self._session.execute(
            sa.select(products).where(products.c.product_id == product_id)
        ).one_or_none()
        if row is None:
            return None
        check(product_id, row.version)
        return to_product(row)

    def add(self, product: Product) -> None:
        self._session.execute(products.insert().values(to_values(product)))
        product.version += 1

    def save(self, product: Product) -> None:
        saved = self._session.execute(
            products.update()
            .where(products.c.product_id == product.product_id)
            .where(products.c.version == product.version)
            .values(to_values(product))
            .returning(products.c.version)
        ).one_or_none()
        if saved is None:
            raise changed_meanwhile()
        product.version = saved.version

    def keep_rating(self, product_id: str, version: RatingVersion) -> None:
        self._session.execute(
            tables.ratings.insert().values(
                product_id=product_id,
                reason=version.reason,
                rated_by=version.rated_by,
                at=version.at,
                **rating_values(version.rating),
            )
        )

    def keep_nav(self, published: NavPublished) -> None:
        point = insert(tables.navs).values(
            product_id=published.product_id,
            as_of=published.point.as_of,
            nav=published.point.nav,
            published_at=published.at,
        )
        self._session.execute(
            point.on_conflict_do_update(
                index_elements=["product_id", "as_of"],
                set_={"nav": point.excluded.nav, "published_at": point.excluded.published_at},
            )
        )


class SqlProductWork(SqlWork[Announcement]):
    def __init__(self, session: Session) -> None:
        super().__init__(session, tables.mailbox, to_message, "product")
        self.products = SqlProducts(session)


def no_such_product() -> NotFound:
    return NotFound("no_such_product", "there is no such product", "没有这个产品")
