"""Who asks for something, and in which roles."""

from dataclasses import dataclass

SALES_ROLES = frozenset({"adviser", "team_leader", "branch_manager"})


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

    def serves(self, adviser_id: str, team_id: str) -> bool:
        """The adviser in charge, or the leader of that adviser's team."""
        leads_team = self.has("team_leader") and self.team_id == team_id != ""
        return leads_team or (self.has("adviser") and self.staff_id == adviser_id != "")
