"""The institution's people: who advises, in which team and branch."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

ADVISER = "adviser"


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

    def normal(self) -> "Member":
        """Roles once each, in a fixed order, so that equal members are equal."""
        return replace(self, roles=tuple(sorted(set(self.roles))))


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
