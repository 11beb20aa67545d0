"""What clients asked to be, and what they have elected, read without a transaction."""

from typing import Any

import sqlalchemy as sa

from chassis.custody import Scopes
from chassis.paging import Order, Page
from services.suitability.adapters.tables import class_applications, custody, profiles
from services.suitability.usecases.decide_class import no_such_application

HOLDS = profiles.c.election == class_applications.c.application_id
APPLICATIONS = sa.select(
    class_applications, sa.func.coalesce(HOLDS, sa.false()).label("in_force")
).outerjoin(profiles, profiles.c.customer_id == class_applications.c.customer_id)
ENTERED = (class_applications.c.entered_at, class_applications.c.application_id)
NEWEST = Order(ENTERED, descending=True)


class ClassQueries:
    """Answers only of clients that the caller sees; others have nothing, as unknown ones."""

    def __init__(self, engine: sa.Engine, scopes: Scopes) -> None:
        self._engine = engine
        self._scopes = scopes

    def applications(self, customer_id: str, page: Page) -> tuple[list[sa.Row[Any]], str, str]:
        """One page, the cursor of the next, and the class that the client has elected."""
        subject = class_applications.c.customer_id
        theirs = APPLICATIONS.where(subject == customer_id, self._seen(subject))
        elected = sa.select(profiles.c.elected_class).where(
            profiles.c.customer_id == customer_id, self._seen(profiles.c.customer_id)
        )
        with self._engine.connect() as connection:
            found = connection.execute(NEWEST.page(theirs, page)).all()
            rows, following = NEWEST.cut(found, page)
            return list(rows), following, connection.execute(elected).scalar() or ""

    def application(self, application_id: str) -> sa.Row[Any]:
        subject = class_applications.c.customer_id
        asked = class_applications.c.application_id == application_id
        with self._engine.connect() as connection:
            one = APPLICATIONS.where(asked, self._seen(subject))
            row = connection.execute(one).one_or_none()
        if row is None:
            raise no_such_application()
        return row

    def _seen(self, customer: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        return custody.seen(self._scopes(), customer)
