"""What the use cases of suitability need from the outside world."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from chassis.custodians import CustodyWork
from chassis.scope import Scope
from services.suitability.domain.assessment import LevelConfirmed, ProfileAssessed, RiskProfile
from services.suitability.domain.customer_class import ClassApplication, CustomerClassChanged
from services.suitability.domain.expiry import AssessmentExpiring, Expiry, ProfileExpired
from services.suitability.domain.holding import Holding, HoldingsRematched
from services.suitability.domain.match import DecisionMade, DecisionStale, Match
from services.suitability.domain.pack_document import PackDocument
from services.suitability.domain.pack_review import PackReview
from services.suitability.domain.price import Price
from services.suitability.domain.questionnaire import Questionnaire
from services.suitability.domain.rehearsal import (
    RehearsalAdvanced,
    RehearsalFinished,
    RehearsalStarted,
)
from services.suitability.domain.rematch import HoldersRematched, Rematch
from services.suitability.domain.rule_pack import RulePack, RulePackReleased
from services.suitability.usecases.rehearsal_ports import Rehearsals

Announcement = (
    ProfileAssessed
    | LevelConfirmed
    | CustomerClassChanged
    | DecisionMade
    | DecisionStale
    | RulePackReleased
    | AssessmentExpiring
    | ProfileExpired
    | HoldingsRematched
    | HoldersRematched
    | RehearsalStarted
    | RehearsalAdvanced
    | RehearsalFinished
)
Facts = Mapping[str, object]


@dataclass(frozen=True)
class Kept:
    """Facts as another service last announced them, and the number of that announcement."""

    subject: str
    facts: Facts
    sequence: int
    at: datetime


@dataclass(frozen=True)
class Known:
    """What a sale is about, as far as it is known here; *seen* by who asks."""

    seen: bool
    customer: Kept | None
    product: Kept | None


class KeptFacts(Protocol):
    """Facts of customers, or of products; older versions stay."""

    def find(self, subject: str) -> Kept | None:
        """The newest version; it cannot change until the work is over."""
        ...

    def find_each(self, subjects: Sequence[str]) -> Mapping[str, Kept]:
        """As `find`, of those that are known."""
        ...

    def claim(self, subject: str) -> Kept | None:
        """The newest version, to change what rests on it: nobody else reads it meanwhile."""
        ...

    def keep(self, version: Kept) -> None: ...

    def among(self, subjects: Sequence[str]) -> Sequence[Kept]:
        """The newest versions of those that are known; they may change meanwhile."""
        ...

    def after(self, subject: str, limit: int) -> Sequence[Kept]:
        """The newest versions of the next subjects in order; they may change meanwhile."""
        ...


class Profiles(Protocol):
    def find(self, customer_id: str) -> RiskProfile | None: ...

    def save(
        self,
        profile: RiskProfile,
        assessed: ProfileAssessed | None = None,
        confirmed: LevelConfirmed | None = None,
    ) -> None:
        """Raise Conflict when somebody else saved it since it was read."""
        ...


class ClassApplications(Protocol):
    def add(self, application: ClassApplication) -> None:
        """Raise Conflict when another one of the client waits."""
        ...

    def find(self, application_id: str) -> ClassApplication | None: ...

    def waiting(self, customer_id: str) -> ClassApplication | None: ...

    def save(self, application: ClassApplication) -> None:
        """Raise Conflict when somebody else saved it since it was read."""
        ...


class Expiries(Protocol):
    """When the assessment that counts ends, client by client."""

    def put(self, expiry: Expiry) -> None:
        """In the place of the one before."""
        ...

    def claim_due(self, today: date, limit: int) -> Sequence[Expiry]:
        """Those to be told of, the longest waiting first, but for those others have claimed."""
        ...

    def save(self, expiry: Expiry) -> None: ...


class AnsweredQuestionnaires(Protocol):
    """Each version as it was when it was first answered."""

    def note(self, questionnaire: Questionnaire, at: datetime) -> None:
        """Raise Conflict when this version was answered with other content."""
        ...


class Matches(Protocol):
    def add(self, match: Match) -> None: ...

    def save(self, match: Match) -> None: ...

    def open_of_customer(self, customer_id: str, at: datetime) -> Sequence[Match]:
        """Allowing decisions that are neither stale nor expired."""
        ...

    def open_of_product(self, product_id: str, at: datetime) -> Sequence[Match]: ...

    def open_under_others(
        self, rule_pack: str, after: str, at: datetime, limit: int
    ) -> Sequence[Match]:
        """The next ones, by decision_id, that another rule pack than this one allowed."""
        ...


class PackReviews(Protocol):
    def claim_newest(self) -> PackReview | None: ...

    def add(self, review: PackReview) -> None: ...

    def save(self, review: PackReview) -> None: ...


class Prices(Protocol):
    """Of the newest day first; of one day the one told last."""

    def keep(self, price: Price) -> None: ...

    def newest(self, product_id: str) -> Price | None: ...

    def at(self, product_id: str, at: datetime) -> Price | None:
        """The newest that had been told by then."""
        ...


class Holdings(Protocol):
    """Customers come in the order of their ids, without those that hold nothing any more."""

    def claim(self, customer_id: str, product_ids: Sequence[str]) -> Mapping[str, Holding]:
        """Those there are, by product, to change them."""
        ...

    def of_customer(self, customer_id: str) -> Sequence[Holding]:
        """To change them."""
        ...

    def holders(self, product_id: str, after: str, limit: int) -> Sequence[str]: ...

    def with_expired_level(self, on: date, limit: int) -> Sequence[str]:
        """Who holds something with an opinion on a level that ended before the day."""
        ...

    def save(self, changed: Sequence[Holding]) -> None: ...


class Rematches(Protocol):
    def add(self, rematch: Rematch) -> None: ...

    def claim_next(self) -> Rematch | None:
        """The oldest that is not finished."""
        ...

    def save(self, rematch: Rematch) -> None: ...


class RulePacks(Protocol):
    """The institution's own, drafts and released ones."""

    def add(self, pack: RulePack) -> None: ...

    def claim(self, pack_id: str) -> RulePack:
        """To change it: nobody else does meanwhile. Raise NotFound when there is none."""
        ...

    def document(self, pack_id: str) -> PackDocument:
        """As it is now; it may change meanwhile."""
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
    def known(self, scope: Scope, customer_id: str, product_id: str) -> Known:
        """The newest facts of both, which cannot change until the work is over."""
        ...

    @property
    def customers(self) -> KeptFacts: ...

    @property
    def products(self) -> KeptFacts: ...

    @property
    def profiles(self) -> Profiles: ...

    @property
    def class_applications(self) -> ClassApplications: ...

    @property
    def expiries(self) -> Expiries: ...

    @property
    def questionnaires(self) -> AnsweredQuestionnaires: ...

    @property
    def matches(self) -> Matches: ...

    @property
    def rule_packs(self) -> RulePacks: ...

    @property
    def pack_reviews(self) -> PackReviews: ...

    @property
    def prices(self) -> Prices: ...

    @property
    def holdings(self) -> Holdings: ...

    @property
    def rematches(self) -> Rematches: ...

    @property
    def rehearsals(self) -> Rehearsals: ...

    def announce(self, event: Announcement) -> None: ...
