"""Who asks for something, in which roles, and who is in charge."""

from dataclasses import dataclass

SALES_ROLES = frozenset({"adviser", "team_leader", "branch_manager"})


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

    @property
    def sells(self) -> bool:
        return bool(self.roles & SALES_ROLES)

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def serves(self, adviser: Adviser) -> bool:
        """The adviser in charge, or the leader of that adviser's team."""
        leads_team = self.has("team_leader") and self.team_id == adviser.team_id != ""
        return leads_team or (self.has("adviser") and self.staff_id == adviser.staff_id != "")
