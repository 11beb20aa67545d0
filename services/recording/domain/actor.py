"""Who asks for something: who serves a client records, who inspects watches."""

from dataclasses import dataclass

from chassis.scope import Custody

INSPECTING = frozenset({"inspector", "compliance", "auditor"})


@dataclass(frozen=True)
class Actor:
    """A member of staff, or a system, as the gateway vouches for them."""

    staff_id: str
    roles: frozenset[str] = frozenset()
    team_id: str = ""

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def serves(self, custody: Custody) -> bool:
        """The adviser in charge, or the leader of that adviser's team."""
        leads_team = self.has("team_leader") and self.team_id == custody.team_id != ""
        return leads_team or (self.has("adviser") and self.staff_id == custody.owner_id != "")

    @property
    def inspects(self) -> bool:
        return self.has(*INSPECTING)
