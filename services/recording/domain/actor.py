"""Who asks for something: who serves a client records, who inspects watches."""

from dataclasses import dataclass

from chassis.scope import NOTHING, Custody, Scope

SERVING = frozenset({"adviser", "team_leader"})
INSPECTING = frozenset({"inspector", "compliance", "auditor"})


@dataclass(frozen=True)
class Actor:
    """A member of staff, or a system, as the gateway vouches for them."""

    staff_id: str
    roles: frozenset[str] = frozenset()
    team_id: str = ""
    granted: Scope = NOTHING  # what others have shared with them for a time

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def serves(self, custody: Custody, customer_id: str) -> bool:
        """The adviser in charge, the leader of that adviser's team, or who stands in for them."""
        leads_team = self.has("team_leader") and self.team_id == custody.team_id != ""
        in_charge = self.has("adviser") and self.staff_id == custody.owner_id != ""
        stands_in = self.has(*SERVING) and self.granted.covers(custody, customer_id)
        return leads_team or in_charge or stands_in

    @property
    def inspects(self) -> bool:
        return self.has(*INSPECTING)
