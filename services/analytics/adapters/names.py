"""What staff, teams and products are called, in PostgreSQL."""

from sqlalchemy.orm import Session

from services.analytics.adapters.tables import products, staff, teams
from services.analytics.adapters.upserts import arrays, upsert_newer
from services.analytics.domain.names import ListedProduct, StaffMember, Team

KEEP_MEMBER = upsert_newer(staff)
KEEP_TEAM = upsert_newer(teams)
KEEP_PRODUCT = upsert_newer(products)


class SqlNames:
    def __init__(self, session: Session) -> None:
        self._session = session

    def keep_member(self, member: StaffMember) -> None:
        self._session.execute(KEEP_MEMBER, arrays(staff, [vars(member)]))

    def keep_team(self, team: Team) -> None:
        self._session.execute(KEEP_TEAM, arrays(teams, [vars(team)]))

    def keep_product(self, product: ListedProduct) -> None:
        self._session.execute(KEEP_PRODUCT, arrays(products, [vars(product)]))
