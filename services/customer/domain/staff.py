"""The institution's people: who advises, in which team and branch."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.errors import NotFound, RuleBroken

ADVISER = "adviser"

# Duties nobody holds together; the gateway keeps to the same (gateway/permissions.toml).
SELLS = frozenset({"adviser", "team_leader", "branch_manager"})
CHECKS = frozenset({"compliance", "inspector", "service_desk", "operations"})
APART = (
    (SELLS, CHECKS | {"auditor", "administrator"}),
    (frozenset({"management"}), SELLS),
    (frozenset({"auditor"}), CHECKS | {"management", "administrator"}),
    (frozenset({"administrator"}), CHECKS | {"management"}),
)


class Unclear(StrEnum):
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True)
class Assignment:
    """Who serves a customer; empty strings: nobody yet."""

    adviser_id: str = ""
    team_id: str = ""
    branch_id: str = ""


NOBODY = Assignment()


@dataclass(frozen=True, kw_only=True)
class Member:
    staff_id: str
    name: str
    roles: tuple[str, ...]
    team_id: str = ""
    team_name: str = ""
    branch_id: str = ""
    branch_name: str = ""
    active: bool = True

    @property
    def assignment(self) -> Assignment:
        return Assignment(self.staff_id, self.team_id, self.branch_id)

    @property
    def advises(self) -> bool:
        return self.active and ADVISER in self.roles

    def normal(self) -> "Member":
        """Roles once each, in a fixed order, so that equal members are equal."""
        return replace(self, roles=tuple(sorted(set(self.roles))))

    def check_duties(self) -> None:
        if any(one & set(self.roles) and other & set(self.roles) for one, other in APART):
            raise RuleBroken(
                "duties_in_conflict",
                "these roles are duties that nobody holds together; leave one of them out",
                "这些角色属于不相容职责，请去掉其中之一",
                field="roles",
            )


@dataclass(frozen=True)
class StaffChanged:
    member: Member
    at: datetime


def adviser_named(name: str, team: str, members: Iterable[Member]) -> Member | Unclear:
    """The active adviser of this name; of several the one of the team."""
    named = [m for m in members if m.name == name and m.active and ADVISER in m.roles]
    fitting = named if len(named) < 2 else [m for m in named if m.team_name == team]
    if len(fitting) == 1:
        return fitting[0]
    return Unclear.AMBIGUOUS if named else Unclear.UNKNOWN


def no_such_member(field: str) -> NotFound:
    return NotFound(
        "no_such_member", "there is no such member of staff", "没有这位员工", field=field
    )
