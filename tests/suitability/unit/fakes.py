"""Facts, profiles and decisions in memory, behaving as those in PostgreSQL."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import date, datetime

from chassis.errors import Conflict, NotFound
from chassis.scope import Scope
from chassis.versions import changed_meanwhile
from services.suitability.domain.assessment import LevelConfirmed, ProfileAssessed, RiskProfile
from services.suitability.domain.customer_class import ApplicationState, ClassApplication
from services.suitability.domain.expiry import Expiry
from services.suitability.domain.holding import Holding
from services.suitability.domain.match import Match
from services.suitability.domain.pack import Verdict
from services.suitability.domain.pack_document import PackDocument
from services.suitability.domain.pack_review import PackReview
from services.suitability.domain.price import Price
from services.suitability.domain.questionnaire import Questionnaire
from services.suitability.domain.questionnaires import changed_since
from services.suitability.domain.rehearsal import (
    Rehearsal,
    RehearsalState,
    RehearsedCase,
    Tally,
)
from services.suitability.domain.rematch import Rematch
from services.suitability.domain.rule_pack import RulePack
from services.suitability.usecases.ports import Announcement, Kept, Known
from services.suitability.usecases.rehearsal_ports import Extent, Past
from tests.custodies import FakeCustodies
from tests.memory import WorkInMemory, beginning


class FakeKeptFacts:
    def __init__(self) -> None:
        self.newest: dict[str, Kept] = {}

    def find(self, subject: str) -> Kept | None:
        return self.newest.get(subject)

    def find_each(self, subjects: Sequence[str]) -> Mapping[str, Kept]:
        return {name: self.newest[name] for name in subjects if name in self.newest}

    def among(self, subjects: Sequence[str]) -> Sequence[Kept]:
        return [self.newest[name] for name in subjects if name in self.newest]

    def after(self, subject: str, limit: int) -> Sequence[Kept]:
        following = sorted(name for name in self.newest if name > subject)
        return [self.newest[name] for name in following[:limit]]

    def claim(self, subject: str) -> Kept | None:
        return self.find(subject)

    def keep(self, version: Kept) -> None:
        known = self.newest.get(version.subject)
        if known is None or known.sequence < version.sequence:
            self.newest[version.subject] = version


class FakeProfiles:
    def __init__(self) -> None:
        self.rows: dict[str, RiskProfile] = {}

    def find(self, customer_id: str) -> RiskProfile | None:
        return deepcopy(self.rows.get(customer_id))

    def save(
        self,
        profile: RiskProfile,
        assessed: ProfileAssessed | None = None,
        confirmed: LevelConfirmed | None = None,
    ) -> None:
        known = self.rows.get(profile.customer_id)
        if known is not None and known.version != profile.version:
            raise changed_meanwhile()
        profile.version += 1
        self.rows[profile.customer_id] = deepcopy(profile)


class FakeClassApplications:
    def __init__(self) -> None:
        self.rows: dict[str, ClassApplication] = {}

    def add(self, application: ClassApplication) -> None:
        if application.state is ApplicationState.OPEN and self.waiting(application.customer_id):
            raise changed_meanwhile()
        application.version = 1
        self.rows[application.application_id] = deepcopy(application)

    def find(self, application_id: str) -> ClassApplication | None:
        return deepcopy(self.rows.get(application_id))

    def waiting(self, customer_id: str) -> ClassApplication | None:
        theirs = (one for one in self.rows.values() if one.customer_id == customer_id)
        return deepcopy(next((one for one in theirs if one.state is ApplicationState.OPEN), None))

    def save(self, application: ClassApplication) -> None:
        if self.rows[application.application_id].version != application.version:
            raise changed_meanwhile()
        application.version += 1
        self.rows[application.application_id] = deepcopy(application)


class FakeExpiries:
    def __init__(self) -> None:
        self.rows: dict[str, Expiry] = {}

    def put(self, expiry: Expiry) -> None:
        self.rows[expiry.customer_id] = deepcopy(expiry)

    def claim_due(self, today: date, limit: int) -> Sequence[Expiry]:
        due = [(each.tell_on, each.customer_id) for each in self.rows.values() if each.tell_on]
        told = sorted(each for each in due if each[0] <= today)
        return [deepcopy(self.rows[customer_id]) for _, customer_id in told[:limit]]

    def save(self, expiry: Expiry) -> None:
        self.put(expiry)


class FakeAnsweredQuestionnaires:
    def __init__(self) -> None:
        self.digests: dict[str, str] = {}

    def note(self, questionnaire: Questionnaire, at: datetime) -> None:
        version = questionnaire.version
        if self.digests.setdefault(version, questionnaire.digest) != questionnaire.digest:
            raise changed_since(version)


class FakeMatches:
    def __init__(self) -> None:
        self.rows: dict[str, Match] = {}

    def add(self, match: Match) -> None:
        match.version += 1
        self.rows[match.decision_id] = deepcopy(match)

    def save(self, match: Match) -> None:
        if self.rows[match.decision_id].version != match.version:
            raise changed_meanwhile()
        match.version += 1
        self.rows[match.decision_id] = deepcopy(match)

    def open_of_customer(self, customer_id: str, at: datetime) -> Sequence[Match]:
        return [match for match in self._open(at) if match.customer_id == customer_id]

    def open_of_product(self, product_id: str, at: datetime) -> Sequence[Match]:
        return [match for match in self._open(at) if match.product_id == product_id]

    def open_under_others(
        self, rule_pack: str, after: str, at: datetime, limit: int
    ) -> Sequence[Match]:
        others = (match for match in self._open(at) if match.receipt["rule_pack"] != rule_pack)
        following = [match for match in others if match.decision_id > after]
        return sorted(following, key=lambda match: match.decision_id)[:limit]

    def _open(self, at: datetime) -> Iterator[Match]:
        for match in deepcopy(list(self.rows.values())):
            allowed = match.outcome is Verdict.ALLOW and match.staleness is None
            if allowed and match.valid_until > at:
                yield match


class FakePackReviews:
    def __init__(self) -> None:
        self.rows: dict[str, PackReview] = {}

    def claim_newest(self) -> PackReview | None:
        newest = max(self.rows.values(), key=lambda review: review.noticed_at, default=None)
        return deepcopy(newest)

    def add(self, review: PackReview) -> None:
        self.rows[review.review_id] = deepcopy(review)

    def save(self, review: PackReview) -> None:
        self.rows[review.review_id] = deepcopy(review)


class FakePrices:
    def __init__(self) -> None:
        self.rows: list[Price] = []

    def keep(self, price: Price) -> None:
        if self._key(price) not in [self._key(known) for known in self.rows]:
            self.rows.append(price)

    def newest(self, product_id: str) -> Price | None:
        return self._latest([one for one in self.rows if one.product_id == product_id])

    def at(self, product_id: str, at: datetime) -> Price | None:
        return self._latest(
            [one for one in self.rows if one.product_id == product_id and one.at <= at]
        )

    @staticmethod
    def _key(price: Price) -> tuple[str, int]:
        return price.product_id, price.sequence

    @staticmethod
    def _latest(found: list[Price]) -> Price | None:
        return max(found, key=lambda price: (price.as_of, price.sequence), default=None)


class FakeHoldings:
    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Holding] = {}

    def claim(self, customer_id: str, product_ids: Sequence[str]) -> Mapping[str, Holding]:
        return {
            product_id: deepcopy(self.rows[customer_id, product_id])
            for product_id in product_ids
            if (customer_id, product_id) in self.rows
        }

    def of_customer(self, customer_id: str) -> Sequence[Holding]:
        return [deepcopy(held) for held in self._held() if held.customer_id == customer_id]

    def holders(self, product_id: str, after: str, limit: int) -> Sequence[str]:
        who = (held.customer_id for held in self._held() if held.product_id == product_id)
        return [customer_id for customer_id in who if customer_id > after][:limit]

    def with_expired_level(self, on: date, limit: int) -> Sequence[str]:
        over = [
            held.customer_id
            for held in self._held()
            if held.opinion and held.opinion.level_until and held.opinion.level_until < on
        ]
        return list(dict.fromkeys(over))[:limit]

    def save(self, changed: Sequence[Holding]) -> None:
        for holding in changed:
            self.rows[holding.customer_id, holding.product_id] = deepcopy(holding)

    def _held(self) -> list[Holding]:
        return [held for _, held in sorted(self.rows.items()) if held.units > 0]


class FakeRematches:
    def __init__(self) -> None:
        self.rows: dict[str, Rematch] = {}

    def add(self, rematch: Rematch) -> None:
        self.rows[rematch.rematch_id] = deepcopy(rematch)

    def claim_next(self) -> Rematch | None:
        waiting = [one for one in self.rows.values() if one.finished_at is None]
        first = min(waiting, key=lambda one: (one.noticed_at, one.rematch_id), default=None)
        return deepcopy(first)

    def save(self, rematch: Rematch) -> None:
        self.rows[rematch.rematch_id] = deepcopy(rematch)


class FakeRulePacks:
    def __init__(self) -> None:
        self.rows: dict[str, RulePack] = {}

    def add(self, pack: RulePack) -> None:
        pack.version = 1
        self.rows[pack.pack_id] = deepcopy(pack)

    def claim(self, pack_id: str) -> RulePack:
        if pack_id not in self.rows:
            raise NotFound("no_such_rule_pack", "there is no such rule pack", "没有这个规则包")
        return deepcopy(self.rows[pack_id])

    def document(self, pack_id: str) -> PackDocument:
        return self.rows[pack_id].document

    def save(self, pack: RulePack) -> None:
        if self.rows[pack.pack_id].version != pack.version:
            raise changed_meanwhile()
        pack.version += 1
        self.rows[pack.pack_id] = deepcopy(pack)

    def refuse_taken(self, edition: str, pack_id: str) -> None:
        if any(one.edition == edition and one.pack_id != pack_id for one in self.rows.values()):
            raise Conflict("edition_taken", "there is one already", "已有")

    def next_release(self) -> int:
        numbers = (one.release.number for one in self.rows.values() if one.release)
        return max(numbers, default=0) + 1


class FakeRehearsals:
    """Of an institution without a history."""

    def __init__(self, customers: FakeKeptFacts, products: FakeKeptFacts) -> None:
        self.rows: dict[str, Rehearsal] = {}
        self.cases: list[RehearsedCase] = []
        self._customers, self._products = customers, products

    def extent(self, since: datetime | None) -> Extent:
        return Extent("", 0, len(self._customers.newest), len(self._products.newest))

    def add(self, rehearsal: Rehearsal) -> None:
        self.save(rehearsal)

    def claim(self, rehearsal_id: str) -> Rehearsal:
        return deepcopy(self.rows[rehearsal_id])

    def running(self, pack_id: str) -> Sequence[Rehearsal]:
        return [one for one in self._of(pack_id) if one.state is RehearsalState.RUNNING]

    def stalled(self, since: datetime) -> str | None:
        last = [
            (one.advanced_at or one.started_at, one.rehearsal_id)
            for one in self.rows.values()
            if one.state is RehearsalState.RUNNING
        ]
        return min([each for each in last if each[0] <= since], default=(since, None))[1]

    def save(self, rehearsal: Rehearsal) -> None:
        rehearsal.version += 1
        self.rows[rehearsal.rehearsal_id] = deepcopy(rehearsal)

    def past(self, rehearsal: Rehearsal, since: datetime | None, limit: int) -> Sequence[Past]:
        return []

    def keep(self, rehearsal: Rehearsal, cases: Sequence[RehearsedCase], tally: Tally) -> None:
        self.cases += cases

    def attached(self, pack_id: str, digest: str) -> Rehearsal | None:
        done = [
            one
            for one in self._of(pack_id)
            if one.state is RehearsalState.FINISHED and one.digest == digest
        ]
        return done[-1] if done else None

    def _of(self, pack_id: str) -> list[Rehearsal]:
        return [one for one in deepcopy(list(self.rows.values())) if one.pack_id == pack_id]


class FakeWork(WorkInMemory[Announcement]):
    def __init__(self) -> None:
        self.customers = FakeKeptFacts()
        self.products = FakeKeptFacts()
        self.profiles = FakeProfiles()
        self.class_applications = FakeClassApplications()
        self.expiries = FakeExpiries()
        self.questionnaires = FakeAnsweredQuestionnaires()
        self.matches = FakeMatches()
        self.rule_packs = FakeRulePacks()
        self.pack_reviews = FakePackReviews()
        self.prices = FakePrices()
        self.holdings = FakeHoldings()
        self.rematches = FakeRematches()
        self.rehearsals = FakeRehearsals(self.customers, self.products)
        self.custody = FakeCustodies()
        super().__init__()

    def known(self, scope: Scope, customer_id: str, product_id: str) -> Known:
        return Known(
            self.custody.sees(scope, customer_id),
            self.customers.find(customer_id),
            self.products.find(product_id),
        )


def fake_begin() -> Callable[[], AbstractContextManager[FakeWork]]:
    return beginning(FakeWork())
