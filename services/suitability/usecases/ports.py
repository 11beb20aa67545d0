"""What the use cases of suitability need from the outside world."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chassis.custodians import CustodyWork
from services.suitability.domain.assessment import LevelConfirmed, ProfileAssessed, RiskProfile
from services.suitability.domain.match import DecisionMade, DecisionStale, Match
from services.suitability.domain.rule_pack import RulePack, RulePackReleased

Announcement = ProfileAssessed | LevelConfirmed | DecisionMade | DecisionStale | RulePackReleased
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


class RulePacks(Protocol):
    """The institution's own, drafts and released ones."""

    def add(self, pack: RulePack) -> None: ...

    def claim(self, pack_id: str) -> RulePack:
        """To change it: nobody else does meanwhile. Raise NotFound when there is none."""
        ...

    def save(self, pack: RulePack) -> None:
        """Raise Conflict when somebody else saved it since it was read."""
        ...

    def refuse_taken(self, edition: str, pack_id: str) -> None:
        """Raise Conflict when another pack has this edition."""
        ...

    def next_release(self) -> int:
        """The number of the next release; until this work is over nobody else releases."""
        ...


class SuitabilityWork(CustodyWork, Protocol):
    @property
    def customers(self) -> KeptFacts: ...

    @property
    def products(self) -> KeptFacts: ...

    @property
    def profiles(self) -> Profiles: ...

    @property
    def matches(self) -> Matches: ...

    @property
    def rule_packs(self) -> RulePacks: ...

    def announce(self, event: Announcement) -> None: ...
