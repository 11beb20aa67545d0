"""Keep what is announced of who looks after whom, for services that do not own it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chassis.scope import Custody, Scope, Share
from chassis.work import Work


class Custodies(Protocol):
    """Of two words on one subject or share, the one with the larger sequence stays."""

    def sees(self, scope: Scope, subject_id: str) -> bool:
        """Whether the subject is there for a caller of this scope; EVERYTHING sees any id."""
        ...

    def get(self, subject_id: str) -> Custody:
        """Nobody's when nobody told us."""
        ...

    def granted_to(self, staff_id: str, at: datetime) -> Scope:
        """What others have shared with them at that moment, and nothing of their own."""
        ...

    def put(self, subject_id: str, custody: Custody, sequence: int) -> bool:
        """False when something newer is known."""
        ...

    def share(self, share: Share, sequence: int) -> None: ...

    def end_share(self, share_id: str, at: datetime, sequence: int) -> None: ...


class CustodyWork(Work, Protocol):
    @property
    def custody(self) -> Custodies: ...


@dataclass(frozen=True, kw_only=True)
class KeepCustody:
    subject_id: str
    custody: Custody
    sequence: int


@dataclass(frozen=True, kw_only=True)
class KeepShare:
    share: Share
    sequence: int


@dataclass(frozen=True, kw_only=True)
class EndShare:
    share_id: str
    at: datetime
    sequence: int


def keep_custody(command: KeepCustody, work: CustodyWork) -> bool:
    """False when something newer is known."""
    return work.custody.put(command.subject_id, command.custody, command.sequence)


def keep_share(command: KeepShare, work: CustodyWork) -> None:
    work.custody.share(command.share, command.sequence)


def end_share(command: EndShare, work: CustodyWork) -> None:
    work.custody.end_share(command.share_id, command.at, command.sequence)
