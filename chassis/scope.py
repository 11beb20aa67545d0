"""Which rows a caller may see: their own, their team's, their branch's, or all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Reach(StrEnum):
    """How far a caller sees, narrowest first."""

    NONE = "none"
    OWN = "own"
    TEAM = "team"
    BRANCH = "branch"
    INSTITUTION = "institution"


WIDTH = {reach: width for width, reach in enumerate(Reach)}


def widest(reaches: Iterable[Reach]) -> Reach:
    """NONE when there are none."""
    return max(reaches, key=WIDTH.__getitem__, default=Reach.NONE)


@dataclass(frozen=True)
class Custody:
    """Who looks after a subject now; empty while nobody does."""

    owner_id: str = ""
    team_id: str = ""
    branch_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What one caller sees, with what others have shared with them for a time."""

    reach: Reach = Reach.NONE
    staff_id: str = ""
    team_id: str = ""
    branch_id: str = ""
    shared_owners: frozenset[str] = frozenset()
    shared_subjects: frozenset[str] = frozenset()

    def covers(self, custody: Custody, subject_id: str) -> bool:
        """As chassis.custody.visible decides for rows."""
        return (
            self.reach is Reach.INSTITUTION
            or subject_id in self.shared_subjects
            or custody.owner_id in self.shared_owners
            or self._reaches(custody)
        )

    @property
    def granted(self) -> "Scope":
        """Of all this only what others have shared."""
        return Scope(shared_owners=self.shared_owners, shared_subjects=self.shared_subjects)

    def _reaches(self, custody: Custody) -> bool:
        if self.reach is Reach.NONE:
            return False
        if custody.owner_id == self.staff_id != "":
            return True
        if self.reach is Reach.TEAM:
            return not custody.owner_id or custody.team_id == self.team_id != ""
        if self.reach is Reach.BRANCH:
            return not custody.owner_id or custody.branch_id == self.branch_id != ""
        return False


@dataclass(frozen=True, kw_only=True)
class Share:
    """One subject, or all that an owner looks after, opened to somebody else for a time."""

    share_id: str
    staff_id: str
    subject_id: str = ""  # either this
    owner_id: str = ""  # or this
    purpose: str
    valid_from: datetime
    valid_until: datetime


def ended_share(share_id: str, at: datetime) -> Share:
    """What stays of a share that was taken back: it opens nothing."""
    return Share(share_id=share_id, staff_id="", purpose="", valid_from=at, valid_until=at)


def granted(shared: Iterable[tuple[str, str]]) -> Scope:
    """Nothing but what was shared: owners and subjects, either of them empty."""
    pairs = list(shared)
    return Scope(
        shared_owners=frozenset(owner_id for owner_id, _ in pairs if owner_id),
        shared_subjects=frozenset(subject_id for _, subject_id in pairs if subject_id),
    )


NOTHING = Scope()
# For event handlers and timers: they act for nobody.
EVERYTHING = Scope(reach=Reach.INSTITUTION)
