"""What staff, teams and products are called; the highest sequence knows best."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class StaffMember:
    staff_id: str
    name: str
    team_id: str
    advises: bool  # an active adviser
    sequence: int


@dataclass(frozen=True, kw_only=True)
class Team:
    team_id: str
    name: str
    branch_id: str
    sequence: int


@dataclass(frozen=True, kw_only=True)
class ListedProduct:
    product_id: str
    name: str
    kind: str
    sequence: int
