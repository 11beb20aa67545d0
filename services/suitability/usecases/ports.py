"""What the use cases of suitability need from the outside world."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chassis.custodians import CustodyWork
from services.suitability.domain.assessment import LevelConfirmed, ProfileAssessed, RiskProfile
from services.suitability.domain.match import DecisionMade, DecisionStale, Match

Announcement = ProfileAssessed | LevelConfirmed | DecisionMade | DecisionStale
Facts = Mapping[str, object]


@dataclass(frozen=True)
class Kept:
    """Facts as another service last announced them, and the number of that announcement."""

    subject: str
    facts: Facts
    sequence: int
    at: datetime


class KeptFacts(Protocol):
    """Facts of customers, or of products; older versions stay."""

    def find(self, subject: str) -> Kept | None:
        """The newest version; it cannot change until the work is over."""
        ...

    def claim(self, subject: str) -> Kept | None:
        """The newest version, to change what rests on it: nobody else reads it meanwhile."""
        ...

    def keep(self, version: Kept) -> None: ...

    def after(self, subject: str, limit: int) -> Sequence[Kept]:
        """The newest versions of the next subjects in order; they may change meanwhile."""
        ...


class Profiles(Protocol):
    def find(self, customer_id: str) -> RiskProfile | None: ...

    def save(self, profile: RiskProfile, assessed: ProfileAssessed | None = None) -> None:
        """Raise Conflict when somebody else saved it since it was read."""
        ...


class Matches(Protocol):
    def add(self, match: Match) -> None: ...

    def save(self, match: Match) -> None: ...

    def open_of_customer(self, customer_id: str, at: datetime) -> Sequence[Match]:
        """Allowing decisions that are neither stale nor expired."""
        ...

    def open_of_product(self, product_id: str, at: datetime) -> Sequence[Match]: ...


class SuitabilityWork(CustodyWork, Protocol):
    @property
    def customers(self) -> KeptFacts: ...

    @property
    def products(self) -> KeptFacts: ...

    @property
    def profiles(self) -> Profiles: ...

    @property
    def matches(self) -> Matches: ...

    def announce(self, event: Announcement) -> None: ...
