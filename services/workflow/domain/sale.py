"""A sale 认购, which goes on only through the gates that its match decision sets up."""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal

from services.workflow.domain import gates as gating
from services.workflow.domain import sale_events as events
from services.workflow.domain import sale_refusals as refusals
from services.workflow.domain.actor import NOBODY, Actor, Adviser
from services.workflow.domain.callback import ITEMS, Callback, CallbackOutcome, check_caller
from services.workflow.domain.decision import (
    Decision,
    Outcome,
    SaleTerms,
    SealedRecording,
    Staleness,
    staleness_of,
)
from services.workflow.domain.history import Change
from services.workflow.domain.sale_events import SaleEvent, SaleMoved
from services.workflow.domain.sale_states import (
    SALE_MOVES,
    UNPAID,
    UNSIGNED,
    Channel,
    Initiator,
    SaleState,
)
from services.workflow.domain.settlement import (
    Confirmation,
    Contract,
    Payment,
    check_confirmer,
    check_payer,
)


@dataclass(eq=False, kw_only=True)
class Sale:
    terms: SaleTerms
    channel: Channel
    initiated_by: Initiator
    created_at: datetime
    updated_at: datetime
    state: SaleState = SaleState.DRAFTED
    decision: Decision | None = None
    stale: tuple[Staleness, ...] = ()
    recording: SealedRecording | None = None
    contract: Contract | None = None
    payment: Payment | None = None
    cooling_off_until: datetime | None = None
    callbacks: tuple[Callback, ...] = ()
    confirmation: Confirmation | None = None
    refund_amount: Decimal | None = None
    closed_reason: str = ""
    served_by: Adviser = NOBODY  # who looks after the client now; others keep that
    version: int = 0
    changes: list[Change] = field(default_factory=list)  # since it was read

    def draft(self, *, by: Actor) -> events.SaleDrafted:
        self._expect_served_by(by)
        self._note("drafted", by.staff_id, self.created_at)
        return events.SaleDrafted(self.terms, self.created_at)

    def gates(self, at: datetime) -> list[gating.Gate]:
        return gating.gates(self._standing(at))

    @property
    def called_back(self) -> bool:
        return any(call.outcome is CallbackOutcome.SUCCEEDED for call in self.callbacks)

    @property
    def advisers(self) -> frozenset[str]:
        """Who sold it, and who looks after the client now."""
        return frozenset({self.terms.adviser_id, self.served_by.staff_id})

    def take_decision(
        self, decision: Decision, *, at: datetime, decider: Actor | None = None
    ) -> list[SaleEvent]:
        """Before the signature the newest decision counts, in whatever order they arrive.

        Until the payment one that blocks closes the sale for good, also when it was overtaken, and
        a signature gives way when its own decision has expired. *decider* is staff, if staff asked.
        """
        if decider and not self._is_decided_by(decider):
            return self._set_aside("decision_by_a_stranger", decision, at)
        if not decision.concerns(self.terms, self.channel, self.initiated_by):
            return self._set_aside("decision_of_another_sale", decision, at)
        if self.state in UNPAID and decision.outcome is Outcome.BLOCK:
            return self._refuse(decision, at)
        if self.state not in UNSIGNED and not self._lapsed(at):
            return self._set_aside("decision_after_signature", decision, at)
        if self.decision and decision.sequence <= self.decision.sequence:
            return self._set_aside("decision_overtaken", decision, at)
        _ = decision.cooling_off  # one that nobody could carry out later is refused now
        self._let_signature_lapse(at)
        self.decision = decision
        return self._settle("decision_made", decision.decided_by, at, **decision.summary())

    def lose_decision(self, staleness: Staleness) -> list[SaleEvent]:
        """The decision no longer holds; it may arrive before the decision itself.

        Until the money has come, a signature falls with the decision it rests on.
        """
        details = {"decision_id": staleness.decision_id, "reason": staleness.reason_en}
        self.stale += (staleness,)
        if self.state not in UNPAID:
            self._note("decision_stale_after_payment", "", staleness.at, **details)
            return []
        if self.state is SaleState.SIGNED and not staleness_of(self.decision, (staleness,)):
            self._note("decision_stale", "", staleness.at, **details)
            return []
        self._let_signature_lapse(staleness.at)
        return self._settle("decision_stale", "", staleness.at, **details)

    def take_recording(self, recording: SealedRecording, *, at: datetime) -> list[SaleEvent]:
        details = {"recording_id": recording.recording_id}
        known = self.recording.sequence if self.recording else -1
        if not recording.concerns(self.terms) or self.state not in UNSIGNED:
            self._note("recording_set_aside", recording.sealed_by, at, **details)
            return []
        if recording.sequence > known:
            self.recording = recording
        return self._settle("recording_sealed", recording.sealed_by, at, **details)

    def sign(self, contract: Contract, *, by: Actor) -> list[SaleEvent]:
        """Refused, naming every gate that is still open."""
        self._expect_served_by(by)
        self._expect("signed")
        would_pass = gating.gates(self._standing(contract.at, contract))
        missing = gating.still_open(would_pass, gating.Stage.SIGNATURE)
        if missing or not self.decision:
            raise refusals.not_ready_to_sign(missing)
        self.contract = contract
        self._move(SaleState.SIGNED, by.staff_id, contract.at, contract_number=contract.number)
        recording_id = self.recording.recording_id if self.recording else ""
        decision_id = self.decision.decision_id
        return [events.SaleSigned(self.terms, decision_id, recording_id, contract.at)]

    def pay(self, amount: Decimal, payment: Payment, *, by: Actor) -> list[SaleEvent]:
        """Paying again with the same reference changes nothing.

        No money is taken on a decision that went stale or has expired.
        """
        check_payer(by, self.advisers)
        if amount != self.terms.amount:
            raise refusals.amount_differs()
        if self.payment and self.payment.reference == payment.reference:
            return []
        if lapsed := self._lapsed(payment.at):
            raise refusals.decision_lapsed(lapsed)
        self._expect("paid")
        self.payment = payment
        self._move(SaleState.PAID, by.staff_id, payment.at, reference=payment.reference)
        paid = events.SalePaid(self.terms, payment.at)
        return [paid, *self._begin_cooling_off(by.staff_id, payment.at)]

    def end_cooling_off(self, *, at: datetime, by: str = "") -> list[SaleEvent]:
        """Nothing happens while it still runs."""
        if self.state is not SaleState.COOLING_OFF or not self._cooled_off(at):
            return []
        self.state = self._after_cooling_off()
        self._note("cooling_off_ended", by, at)
        return [events.CoolingOffEnded(self.terms, at), SaleMoved(self.terms, self.state, at)]

    def record_callback(self, callback: Callback, *, by: Actor) -> list[SaleEvent]:
        """The clock decides whether the cooling-off is over, not whether the timer has fired."""
        check_caller(by, self.advisers)
        if self.state in UNPAID:
            raise refusals.callback_before_payment()
        ended = self.end_cooling_off(at=callback.at)
        if self.state is SaleState.COOLING_OFF and self.cooling_off_until:
            raise refusals.callback_too_early(self.cooling_off_until.isoformat(timespec="seconds"))
        self._expect("called back")
        if self.called_back:
            raise refusals.callback_succeeded_already()
        callback.check((self.decision and self.decision.callback_items) or ITEMS)
        self.callbacks += (callback,)
        self._note(f"callback_{callback.outcome}", by.staff_id, callback.at, reason=callback.reason)
        return [*ended, self._called(callback)]

    def confirm(
        self, confirmation: Confirmation, *, by: Actor, at: datetime, zone: tzinfo
    ) -> list[SaleEvent]:
        """Days are those of the institution's zone."""
        check_confirmer(by, self.advisers)
        ended = self.end_cooling_off(at=at)
        self._expect("confirmed")
        missing = gating.still_open(self.gates(at), gating.Stage.CONFIRMATION)
        if missing:
            raise refusals.not_ready_to_confirm(missing)
        paid_at = self.payment.at if self.payment else at
        paid_on, today = (moment.astimezone(zone).date() for moment in (paid_at, at))
        confirmation.check(self.terms.amount, paid_on, today)
        self.confirmation = confirmation
        self._move(SaleState.CONFIRMED, by.staff_id, at, units=f"{confirmation.units:f}")
        units, nav, on = confirmation.units, confirmation.nav, confirmation.confirmed_on
        return [*ended, events.SaleConfirmed(self.terms, units, nav, on, at)]

    def rescind(self, reason: str, *, by: Actor, at: datetime) -> list[SaleEvent]:
        """Whatever was paid goes back in full (PF-06)."""
        if not by.has("service_desk", "operations"):
            self._expect_served_by(by)
        if self.called_back or self.state is SaleState.CONFIRMED:
            raise refusals.rescission_too_late()
        self._expect("rescinded")
        stood = self.state
        refund = self.terms.amount if self.payment else Decimal(0)
        self.refund_amount, self.closed_reason = refund, reason
        self._move(SaleState.RESCINDED, by.staff_id, at, reason=reason, refund=f"{refund:f}")
        return [events.SaleRescinded(self.terms, refund, stood, at)]

    def _expect_served_by(self, by: Actor) -> None:
        """Whoever looks after the client now goes on with what others began."""
        if not by.serves(self.served_by, self.terms.customer_id):
            raise refusals.not_your_client()

    def _is_decided_by(self, decider: Actor) -> bool:
        """What was asked before a change of adviser may be heard of after it."""
        asked_of_their_own = decider.staff_id in self.advisers
        return asked_of_their_own or decider.serves(self.served_by, self.terms.customer_id)

    def _lapsed(self, at: datetime) -> gating.Missing | None:
        return gating.lapsed_decision(self._standing(at)) if self.state in UNPAID else None

    def _let_signature_lapse(self, at: datetime) -> None:
        if self.state is SaleState.SIGNED and self.contract:
            self._note("signature_lapsed", "", at, contract_number=self.contract.number)
            self.contract = None

    def _standing(self, at: datetime, signing: Contract | None = None) -> gating.Standing:
        contract = signing or self.contract
        return gating.Standing(
            at=at,
            decision=self.decision,
            staleness=staleness_of(self.decision, self.stale),
            recorded=self.recording is not None,
            paid=self.payment is not None,
            confirmed_items=frozenset(contract.disclosures_confirmed if contract else ()),
            cooling_off_until=self.cooling_off_until,
            called_back=self.called_back,
        )

    def _settle(self, what: str, by: str, at: datetime, **details: str) -> list[SaleEvent]:
        """Before the signature the state follows from decision and recording alone."""
        before, self.state = self.state, self._prepared()
        self._note(what, by, at, **details)
        return [] if self.state is before else [SaleMoved(self.terms, self.state, at)]

    def _prepared(self) -> SaleState:
        allowed = self.decision and self.decision.outcome is Outcome.ALLOW
        if not allowed or staleness_of(self.decision, self.stale):
            return SaleState.DRAFTED
        return SaleState.RECORDED if self.recording else SaleState.DECIDED

    def _refuse(self, decision: Decision, at: datetime) -> list[SaleEvent]:
        self.decision = decision
        self.closed_reason = ", ".join(decision.rule_ids)
        self._move(SaleState.REFUSED, decision.decided_by, at, **decision.summary())
        decision_id, rule_ids = decision.decision_id, decision.rule_ids
        return [events.SaleRefused(self.terms, decision_id, rule_ids, at)]

    def _set_aside(self, why: str, decision: Decision, at: datetime) -> list[SaleEvent]:
        self._note(why, decision.decided_by, at, **decision.summary())
        return []

    def _begin_cooling_off(self, by: str, at: datetime) -> list[SaleEvent]:
        length = self.decision.cooling_off if self.decision else None
        self.cooling_off_until = at + length if length else None
        self.state = SaleState.COOLING_OFF if length else self._after_cooling_off()
        if self.state is SaleState.PAID:
            return []
        self._note(self.state, by, at)
        return [SaleMoved(self.terms, self.state, at)]

    def _cooled_off(self, at: datetime) -> bool:
        return self.cooling_off_until is not None and at >= self.cooling_off_until

    def _after_cooling_off(self) -> SaleState:
        owed = self.decision is not None and self.decision.owes("callback")
        return SaleState.CALLBACK if owed else SaleState.PAID

    def _called(self, callback: Callback) -> SaleEvent:
        if callback.outcome is CallbackOutcome.SUCCEEDED:
            return events.CallbackSucceeded(self.terms, callback.by, callback.at)
        return events.CallbackFailed(self.terms, callback.by, callback.at)

    def _expect(self, move: str) -> None:
        if self.state not in SALE_MOVES[move]:
            raise refusals.wrong_state(self.state, move)

    def _move(self, state: SaleState, by: str, at: datetime, **details: str) -> None:
        self.state = state
        self._note(state, by, at, **details)

    def _note(self, what: str, by: str, at: datetime, **details: str) -> None:
        self.updated_at = at
        self.changes.append(Change(what=what, by=by, at=at, state=self.state, details=details))
