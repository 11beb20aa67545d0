"""A customer: who they are, who serves them, what is known about them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chassis.errors import RuleBroken
from chassis.scope import Custody, Reach, Scope
from services.customer.domain.events import (
    AdviserChanged,
    CustomerOnboarded,
    FactsChanged,
    KycApproved,
    KycRejected,
    KycSubmitted,
    ProspectRegistered,
)
from services.customer.domain.facts import Facts, LegalKind
from services.customer.domain.identity_number import IdentityNumber, Sex
from services.customer.domain.kyc import VALID_FOR, Kyc, KycAnswers, KycState
from services.customer.domain.staff import NOBODY, Assignment


class State(StrEnum):
    PROSPECT = "prospect"
    CUSTOMER = "customer"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Personal data, plain only inside this service."""

    name: str
    phone: str = ""
    identity_number: str = ""
    sex: Sex | None = None
    born_on: date | None = None
    wechat: str = ""
    address: str = ""

    def identified(self, identity: IdentityNumber) -> "Person":
        return replace(
            self,
            identity_number=identity.number,
            sex=identity.sex,
            born_on=identity.born_on,
        )


@dataclass(frozen=True)
class RiskLevel:
    """The level as suitability last announced it."""

    level: str = ""  # C1–C5
    valid_until: date | None = None
    sequence: int = 0


@dataclass(frozen=True)
class Origin:
    """Where a customer came from."""

    source: str  # campaign, referral, walk_in, import
    campaign: str = ""
    lead_id: str = ""
    registered_by: str = ""


@dataclass(eq=False, kw_only=True)
class Customer:
    customer_id: str
    state: State
    person: Person
    origin: Origin
    created_at: datetime
    updated_at: datetime
    kind: LegalKind = LegalKind.PERSON
    numbers: tuple[str, ...] = ()  # the institution's own; the first one counts
    tags: tuple[str, ...] = ()
    assignment: Assignment = NOBODY
    assignment_sequence: int = 0  # of the event that said so
    kyc: Kyc = field(default_factory=Kyc)
    facts: Facts = field(default_factory=Facts)
    risk: RiskLevel = field(default_factory=RiskLevel)
    identity_contested: bool = False  # somebody else has the number; compliance must settle it
    version: int = 0

    @property
    def customer_no(self) -> str:
        return self.numbers[0] if self.numbers else ""

    def seen_by(self, scope: Scope) -> bool:
        """By whose it is; a prospect whom nobody looks after also by who registered them."""
        to = self.assignment
        if scope.covers(Custody(to.adviser_id, to.team_id, to.branch_id), self.customer_id):
            return True
        registered = self.origin.registered_by == scope.staff_id != ""
        return scope.reach is Reach.OWN and registered and not to.adviser_id

    def registered(self) -> ProspectRegistered:
        origin = self.origin
        return ProspectRegistered(
            self.customer_id,
            origin.lead_id,
            origin.source,
            origin.campaign,
            origin.registered_by,
            self.created_at,
        )

    def assign(self, to: Assignment, *, sequence: int, at: datetime) -> AdviserChanged | None:
        """None when it is old news, changes nothing, or concerns a prospect, whose lead tells."""
        if sequence < self.assignment_sequence:
            return None
        previous, self.assignment_sequence = self.assignment, sequence
        if to == previous:
            return None
        self.assignment, self.updated_at = to, at
        if self.state is State.PROSPECT:
            return None
        return AdviserChanged(self.customer_id, to, previous.adviser_id, at)

    def onboard(self, source: str, at: datetime) -> CustomerOnboarded | None:
        """A prospect becomes a customer; None when they are one already."""
        if self.state is State.CUSTOMER:
            return None
        self.state, self.updated_at = State.CUSTOMER, at
        return self.onboarded(source, at)

    def onboarded(
        self, source: str, at: datetime, *, risk_level: str = "", assessed_on: date | None = None
    ) -> CustomerOnboarded:
        return CustomerOnboarded(
            customer_id=self.customer_id,
            customer_no=self.customer_no,
            kind=self.kind,
            assignment=self.assignment,
            born_on=self.person.born_on,
            facts=self.facts,
            risk_level=risk_level,
            assessed_on=assessed_on,
            source=source,
            at=at,
        )

    def submit_kyc(
        self, submission: "Submission", *, by: str, roles: frozenset[str], today: date, at: datetime
    ) -> KycSubmitted:
        if self.state is State.PROSPECT:
            raise RuleBroken(
                "prospect_kyc",
                "a KYC is submitted for customers; qualify the lead first",
                "请先将线索转为客户，再提交 KYC",
            )
        self.kyc.check_may_submit(roles, today)
        submission.answers.check()
        self.person = replace(
            submission.person.identified(submission.identity), wechat=self.person.wechat
        )
        self.kyc = Kyc(
            kyc_id=submission.kyc_id,
            state=KycState.SUBMITTED,
            submitted_by=by,
            submitted_at=at,
        )
        self.updated_at = at
        return KycSubmitted(self.customer_id, by, at)

    def approve_kyc(
        self,
        *,
        by: str,
        roles: frozenset[str],
        today: date,
        at: datetime,
        valid_for: timedelta = VALID_FOR,
    ) -> KycApproved:
        self.kyc.check_may_review(by, roles, self.assignment.adviser_id)
        expires_on = today + valid_for
        self.kyc = replace(
            self.kyc,
            state=KycState.APPROVED,
            reviewed_by=by,
            reviewed_at=at,
            expires_on=expires_on,
        )
        self.updated_at = at
        return KycApproved(self.customer_id, by, expires_on, at)

    def reject_kyc(
        self, reason: str, *, by: str, roles: frozenset[str], at: datetime
    ) -> KycRejected:
        self.kyc.check_may_review(by, roles, self.assignment.adviser_id)
        self.kyc = replace(
            self.kyc, state=KycState.REJECTED, reviewed_by=by, reviewed_at=at, reason=reason
        )
        self.updated_at = at
        return KycRejected(self.customer_id, by, at)

    def check_birth_date(self, told: Facts) -> None:
        """The one on the identity document counts; another one is not dropped in silence."""
        if told.born_on and self.person.born_on and told.born_on != self.person.born_on:
            raise RuleBroken(
                "birth_date_contradicts",
                "the birth date contradicts the identity number; correct it or leave it out",
                "出生日期与证件号码不一致，请更正或不填",
                field="born_on",
            )

    def update_facts(self, newer: Facts, *, by: str, at: datetime) -> FactsChanged | None:
        """None when nothing is known that was not known before."""
        known = replace(newer, born_on=self.person.born_on or newer.born_on)
        facts = self.facts.updated(known)
        if facts.says_the_same_as(self.facts):
            return None
        self.facts, self.updated_at = facts, at
        return FactsChanged(self.customer_id, facts, by, at)

    def take_level(self, risk: RiskLevel, at: datetime) -> bool:
        """False when it is old news."""
        if risk.sequence <= self.risk.sequence:
            return False
        self.risk, self.updated_at = risk, at
        return True

    def add_numbers(self, numbers: Sequence[str]) -> None:
        self.numbers = tuple(dict.fromkeys((*self.numbers, *numbers)))


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A KYC as the adviser hands it in."""

    kyc_id: str
    person: Person
    identity: IdentityNumber
    answers: KycAnswers


def prospect(customer_id: str, person: Person, origin: Origin, at: datetime) -> Customer:
    return Customer(
        customer_id=customer_id,
        state=State.PROSPECT,
        person=person,
        origin=origin,
        created_at=at,
        updated_at=at,
    )
