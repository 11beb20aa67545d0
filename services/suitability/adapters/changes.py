"""What makes decisions worth another look, in PostgreSQL: reviews under way, and prices."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.suitability.adapters.tables import pack_reviews, prices
from services.suitability.domain.pack_review import PackReview
from services.suitability.domain.price import Price


class SqlPackReviews:
    def __init__(self, session: Session) -> None:
        self._session = session

    def claim_newest(self) -> PackReview | None:
        newest = pack_reviews.select().order_by(pack_reviews.c.noticed_at.desc()).limit(1)
        row = self._session.execute(newest.with_for_update()).mappings().one_or_none()
        return PackReview(**row) if row else None

    def add(self, review: PackReview) -> None:
        self._session.execute(pack_reviews.insert().values(vars(review)))

    def save(self, review: PackReview) -> None:
        self._session.execute(
            pack_reviews.update()
            .where(pack_reviews.c.review_id == review.review_id)
            .values(reached=review.reached, finished_at=review.finished_at)
        )


class SqlPrices:
    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, price: Price) -> None:
        self._session.execute(insert(prices).values(vars(price)).on_conflict_do_nothing())

    def newest(self, product_id: str) -> Price | None:
        return self._latest(prices.c.product_id == product_id)

    def at(self, product_id: str, at: datetime) -> Price | None:
        return self._latest(prices.c.product_id == product_id, prices.c.at <= at)

    def _latest(self, *which: sa.ColumnElement[bool]) -> Price | None:
        row = self._session.execute(
            prices.select()
            .where(*which)
            .order_by(prices.c.as_of.desc(), prices.c.sequence.desc())
            .limit(1)
        ).one_or_none()
        return Price(*row) if row else None
