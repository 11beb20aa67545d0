"""A lead 线索: somebody who may become a customer, and who follows them up."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict, Forbidden
from services.workflow.domain.actor import NOBODY, Actor, Adviser
from services.workflow.domain.history import Change
from services.workflow.domain.lead_events import (
    LeadAssigned,
    LeadContacted,
    LeadCreated,
    LeadDropped,
    LeadQualified,
)
from services.workflow.domain.wording import chinese


class LeadState(StrEnum):
    NEW = "new"
    ASSIGNED = "assigned"
    CONTACTED = "contacted"
    QUALIFIED = "qualified"
    DROPPED = "dropped"


class ContactChannel(StrEnum):
    PHONE = "phone"
    VISIT = "visit"
    MESSAGE = "message"


# What may be done to a lead, and in which states.
LEAD_MOVES = {
    "assigned": {LeadState.NEW, LeadState.ASSIGNED, LeadState.CONTACTED},
    "contacted": {LeadState.ASSIGNED, LeadState.CONTACTED},
    "qualified": {LeadState.CONTACTED},
    "dropped": {LeadState.NEW, LeadState.ASSIGNED, LeadState.CONTACTED},
}
IN_HAND = {LeadState.ASSIGNED, LeadState.CONTACTED}


@dataclass(frozen=True)
class LeadContact:
    channel: ContactChannel
    note: str
    by: str
    at: datetime


@dataclass(eq=False, kw_only=True)
class Lead:
    lead_id: str
    customer_id: str
    source: str
    campaign: str
    registered_by: str  # sees it until somebody is in charge
    created_at: datetime
    updated_at: datetime
    state: LeadState = LeadState.NEW
    adviser: Adviser = NOBODY
    contacts: tuple[LeadContact, ...] = ()
    dropped_reason: str = ""
    version: int = 0
    changes: list[Change] = field(default_factory=list)  # since it was read

    def create(self) -> LeadCreated:
        self._note("created", self.registered_by, self.created_at)
        return LeadCreated(
            self.lead_id, self.customer_id, self.source, self.campaign, self.created_at
        )

    def check_same_prospect(self, customer_id: str) -> None:
        if customer_id != self.customer_id:
            raise Conflict(
                "lead_id_taken",
                "this lead id belongs to the lead of somebody else; use another one",
                "该线索编号属于另一位客户，请使用其他编号",
                field="lead_id",
            )

    def assign(self, adviser: Adviser, *, by: str, at: datetime) -> LeadAssigned | None:
        """None when this adviser has it already; a new adviser starts with a contact."""
        self._expect("assigned")
        if adviser == self.adviser:
            return None
        self.adviser = adviser
        self.state = LeadState.ASSIGNED
        self._note("assigned", by, at, adviser_id=adviser.staff_id)
        return LeadAssigned(self.lead_id, self.customer_id, adviser, by, at)

    def follow(self, adviser: Adviser, *, at: datetime) -> bool:
        """The client has another adviser now, and so has the lead; False when it has already.

        Nothing is announced: whoever told us of it has told everybody.
        """
        if adviser == self.adviser:
            return False
        self.adviser = adviser
        if adviser == NOBODY and self.state in IN_HAND:
            self.state = LeadState.NEW
        elif self.state is LeadState.NEW:
            self.state = LeadState.ASSIGNED
        self._note("adviser_changed", "", at, adviser_id=adviser.staff_id)
        return True

    def contact(self, contact: LeadContact, by: Actor) -> LeadContacted:
        self._expect_in_charge(by)
        self._expect("contacted")
        self.contacts += (contact,)
        self.state = LeadState.CONTACTED
        self._note("contacted", by.staff_id, contact.at, channel=contact.channel)
        return LeadContacted(
            self.lead_id, self.customer_id, self.adviser, contact.channel, contact.at
        )

    def qualify(self, *, by: Actor, at: datetime) -> LeadQualified:
        self._expect_in_charge(by)
        self._expect("qualified")
        self.state = LeadState.QUALIFIED
        self._note("qualified", by.staff_id, at)
        return LeadQualified(self.lead_id, self.customer_id, self.adviser, at)

    def drop(self, reason: str, *, by: Actor, at: datetime) -> LeadDropped:
        """Anybody may drop what nobody is in charge of."""
        if self.adviser != NOBODY:
            self._expect_in_charge(by)
        self._expect("dropped")
        self.state = LeadState.DROPPED
        self.dropped_reason = reason
        self._note("dropped", by.staff_id, at, reason=reason)
        return LeadDropped(self.lead_id, self.customer_id, self.adviser, at)

    def _expect(self, move: str) -> None:
        if self.state not in LEAD_MOVES[move]:
            raise Conflict(
                "lead_state",
                f"a lead that is {self.state} cannot become {move}",
                f"线索状态为“{chinese(self.state)}”，不能变更为“{chinese(move)}”",
            )

    def _expect_in_charge(self, by: Actor) -> None:
        if not by.serves(self.adviser, self.customer_id):
            raise Forbidden(
                "not_your_lead",
                "only the adviser in charge, the leader of that team or a stand-in may do this",
                "只有负责该线索的理财顾问、其团队长或获临时授权的代理人可以操作",
            )

    def _note(self, what: str, by: str, at: datetime, **details: str) -> None:
        self.updated_at = at
        self.changes.append(Change(what=what, by=by, at=at, state=self.state, details=details))
