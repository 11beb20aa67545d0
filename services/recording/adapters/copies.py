"""What other services own, and uploads begun, in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.custody import put_newer
from chassis.scope import Scope
from services.recording.adapters.rows import product_values, to_product, to_sale
from services.recording.adapters.tables import custody, products, sales, uploads
from services.recording.domain.known import Product, Sale
from services.recording.usecases.ports import BegunUpload


class SqlSales:
    def __init__(self, session: Session, scope: Scope) -> None:
        self._session = session
        self._seen = sa.select(sales).where(custody.seen(scope, sales.c.customer_id))

    def find(self, sale_id: str) -> Sale | None:
        row = self._session.execute(self._seen.where(sales.c.sale_id == sale_id)).one_or_none()
        return to_sale(row) if row else None

    def keep(self, sale: Sale, sequence: int) -> None:
        put_newer(self._session, sales, asdict(sale) | {"sequence": sequence})


class SqlProducts:
    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, product_id: str) -> Product | None:
        row = self._session.execute(
            sa.select(products).where(products.c.product_id == product_id)
        ).one_or_none()
        return to_product(row) if row else None

    def keep(self, product: Product, sequence: int) -> None:
        put_newer(self._session, products, product_values(product) | {"sequence": sequence})


class SqlUploads:
    def __init__(self, session: Session) -> None:
        self._session = session

    def note(self, begun: BegunUpload) -> None:
        row = insert(uploads).values(asdict(begun))
        self._session.execute(
            row.on_conflict_do_update(
                index_elements=["name"], set_={"begun_at": row.excluded.begun_at}
            )
        )

    def begun_before(self, moment: datetime, most: int) -> Sequence[BegunUpload]:
        rows = self._session.execute(
            sa.select(uploads)
            .where(uploads.c.begun_at < moment)
            .order_by(uploads.c.begun_at, uploads.c.name)
            .limit(most)
        )
        return [BegunUpload(row.name, row.begun_at) for row in rows]

    def forget(self, begun: BegunUpload) -> None:
        self._session.execute(
            uploads.delete()
            .where(uploads.c.name == begun.name)
            .where(uploads.c.begun_at == begun.begun_at)
        )
