"""Who asks for something, in which roles, and who is in charge."""

from dataclasses import dataclass

from chassis.scope import NOTHING, Custody, Scope

SERVING_ROLES = frozenset({"adviser", "team_leader"})
SALES_ROLES = SERVING_ROLES | {"branch_manager"}


@dataclass(frozen=True)
class Adviser:
    """Whoever is in charge, with team and branch as they were at that moment."""

    staff_id: str
    team_id: str
    branch_id: str


NOBODY = Adviser("", "", "")


@dataclass(frozen=True)
class Actor:
    """A member of staff, or a system, as the gateway vouches for them."""

    staff_id: str
    roles: frozenset[str] = frozenset()
    team_id: str = ""
    granted: Scope = NOTHING  # what others have shared with them for a time

    @property
    def sells(self) -> bool:
        return bool(self.roles & SALES_ROLES)

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def serves(self, adviser: Adviser, customer_id: str) -> bool:
        """The adviser in charge, the leader of that adviser's team, or who stands in for them."""
        leads_team = self.has("team_leader") and self.team_id == adviser.team_id != ""
        in_charge = self.has("adviser") and self.staff_id == adviser.staff_id != ""
        return leads_team or in_charge or self._stands_in(adviser, customer_id)

    def _stands_in(self, adviser: Adviser, customer_id: str) -> bool:
        """A grant opens what the roles of its receiver let them do with clients of their own."""
        custody = Custody(adviser.staff_id, adviser.team_id, adviser.branch_id)
        return self.has(*SERVING_ROLES) and self.granted.covers(custody, customer_id)
