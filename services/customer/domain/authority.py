"""Who may dispose of whose clients: open them to others, hand them over."""

from dataclasses import dataclass

from chassis.errors import Forbidden
from services.customer.domain.staff import Assignment

EVERYWHERE = frozenset({"compliance", "operations"})
OF_A_BRANCH = "branch_manager"
OF_A_TEAM = "team_leader"


@dataclass(frozen=True)
class Superior:
    """A member of staff, as far as they answer for others."""

    staff_id: str
    roles: frozenset[str]
    team_id: str = ""
    branch_id: str = ""

    @property
    def everywhere(self) -> bool:
        return bool(self.roles & EVERYWHERE)

    def check_answers_for(self, *places: Assignment) -> None:
        """A leader within the team, a manager within the branch, compliance and operations all."""
        if not self.everywhere and not self._has_all(places):
            raise Forbidden(
                "beyond_your_reach",
                "this concerns somebody outside your team or branch; ask operations or compliance",
                "涉及本团队或本机构以外的人员，请联系运营或合规",
            )

    def _has_all(self, places: tuple[Assignment, ...]) -> bool:
        if OF_A_BRANCH in self.roles and self.branch_id:
            return all(place.branch_id == self.branch_id for place in places)
        if OF_A_TEAM in self.roles and self.team_id:
            return all(place.team_id == self.team_id for place in places)
        return False
