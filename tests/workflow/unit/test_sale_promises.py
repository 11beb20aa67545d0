"""What no sequence of actions, and no order of events, may ever bring about."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chassis.errors import Refusal
from services.workflow.domain.actor import Actor
from services.workflow.domain.callback import CallbackOutcome
from services.workflow.domain.decision import Decision, Obligation, Outcome
from services.workflow.domain.sale import Sale
from services.workflow.domain.sale_events import SaleEvent
from services.workflow.domain.sale_states import UNSIGNED, SaleState
from services.workflow.domain.settlement import Confirmation
from tests.workflow.examples import (
    ADA,
    BO,
    DESK,
    LEADER,
    NOON,
    OPERATIONS,
    PRIVATE_FUND,
    TERMS,
    call,
    confirmation,
    contract,
    decided,
    drafted,
    payment,
    sealed,
    stale,
)

ANYBODY = st.sampled_from([ADA, BO, LEADER, DESK, OPERATIONS])
OBLIGATIONS = st.lists(st.sampled_from(PRIVATE_FUND), unique_by=lambda owed: owed.name)
SIGNED = frozenset(SaleState) - UNSIGNED - {SaleState.REFUSED, SaleState.RESCINDED}


class AnySale(RuleBasedStateMachine):
    """Anybody tries anything, at any time; only the right moments may have an effect."""

    def __init__(self) -> None:
        super().__init__()
        self.sale: Sale = drafted()
        self.now: datetime = NOON
        self.made: list[Decision] = []
        self.sealed = False
        self.stale: set[str] = set()
        self.stale_before_payment: set[str] = set()

    @rule(hours=st.sampled_from([0, 1, 12, 23, 24]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(outcome=st.sampled_from([Outcome.ALLOW, Outcome.REQUIRE]), owed=OBLIGATIONS)
    def decide(self, outcome: Outcome, owed: list[Obligation]) -> None:
        number = len(self.made) + 1
        decision = decided(outcome, *owed, decision_id=f"d-{number}", sequence=number)
        decision = replace(decision, valid_until=self.now + timedelta(hours=24))
        self.sale.take_decision(decision, at=self.now)
        self.made.append(decision)

    @precondition(lambda self: bool(self.made))
    @rule(number=st.integers(0, 20))
    def go_stale(self, number: int) -> None:
        decision_id = self.made[number % len(self.made)].decision_id
        self.sale.lose_decision(stale(decision_id))
        self.stale.add(decision_id)
        if not self.sale.payment:
            self.stale_before_payment.add(decision_id)

    @rule()
    def seal(self) -> None:
        self.sale.take_recording(sealed(), at=self.now)
        self.sealed = True

    @rule(careless=st.booleans())
    def go_on(self, careless: bool) -> None:
        """The usual people do the usual next thing, mostly; that leads deep."""
        steps: dict[SaleState, Callable[[], None]] = {
            SaleState.DRAFTED: lambda: self.decide(Outcome.ALLOW, list(PRIVATE_FUND)),
            SaleState.DECIDED: self.sign_as_usual if careless else self.seal,
            SaleState.RECORDED: self.sign_as_usual,
            SaleState.SIGNED: lambda: self.pay(OPERATIONS, TERMS.amount),
            SaleState.PAID: self.confirm_as_usual,
            SaleState.COOLING_OFF: self.call_as_usual if careless else self.wait_a_day,
            SaleState.CALLBACK: self.confirm_as_usual if careless else self.call_as_usual,
        }
        steps.get(self.sale.state, self.tick)()

    def sign_as_usual(self) -> None:
        self.sign(ADA, ("principal_loss", "match_opinion"))

    def call_as_usual(self) -> None:
        self.call_back(DESK, CallbackOutcome.SUCCEEDED)

    def confirm_as_usual(self) -> None:
        self.confirm(OPERATIONS, confirmation())

    def wait_a_day(self) -> None:
        self.time_passes(24)
        self.tick()

    @rule(by=ANYBODY, items=st.sampled_from([(), ("principal_loss", "match_opinion")]))
    def sign(self, by: Actor, items: tuple[str, ...]) -> None:
        with suppress(Refusal):
            self.sale.sign(contract(self.now, items), by=by)
            self.check_signature(by, items)

    def check_signature(self, by: Actor, items: tuple[str, ...]) -> None:
        decision = self.made[-1]
        assert decision.outcome is Outcome.ALLOW
        assert decision.decision_id not in self.stale
        assert decision.valid_until is not None
        assert self.now <= decision.valid_until
        assert self.sealed or not decision.owes("recording")
        assert items or not decision.owes("disclosure")
        assert by in (ADA, LEADER)

    @rule(by=ANYBODY, amount=st.sampled_from([TERMS.amount, Decimal(1)]))
    def pay(self, by: Actor, amount: Decimal) -> None:
        with suppress(Refusal):
            self.sale.pay(amount, payment(self.now), by=by)
            assert (by, amount) == (OPERATIONS, TERMS.amount)
            self.check_decision_holds()

    def check_decision_holds(self) -> None:
        """At the payment as at the signature; a second word of the same payment is none."""
        if self.sale.payment and self.sale.payment.at == self.now:
            assert self.decision.decision_id not in self.stale_before_payment
            assert self.decision.valid_until is not None
            assert self.now <= self.decision.valid_until

    @rule()
    def tick(self) -> None:
        if self.sale.end_cooling_off(at=self.now):
            self.check_cooled_off()

    @rule(by=ANYBODY, outcome=st.sampled_from(CallbackOutcome))
    def call_back(self, by: Actor, outcome: CallbackOutcome) -> None:
        with suppress(Refusal):
            self.sale.record_callback(call(self.now, outcome), by=by)
            assert by == DESK
            self.check_cooled_off()

    @rule(by=ANYBODY, shares=st.sampled_from([confirmation(), confirmation("1")]))
    def confirm(self, by: Actor, shares: Confirmation) -> None:
        with suppress(Refusal):
            today = replace(shares, confirmed_on=self.now.date())
            self.sale.confirm(today, by=by, at=self.now, zone=UTC)
            assert (by, shares) == (OPERATIONS, confirmation())
            self.check_cooled_off()

    def check_cooled_off(self) -> None:
        assert self.sale.payment is not None
        assert self.now >= self.sale.payment.at + self.decision.cooling_off

    @rule(by=ANYBODY)
    def rescind(self, by: Actor) -> None:
        with suppress(Refusal):
            self.sale.rescind("changed their mind", by=by, at=self.now)

    @property
    def decision(self) -> Decision:
        assert self.sale.decision is not None
        return self.sale.decision

    @invariant()
    def signed_only_under_an_allowing_decision(self) -> None:
        if self.sale.state in SIGNED:
            assert self.decision.outcome is Outcome.ALLOW
            assert self.sale.recording or not self.decision.owes("recording")
            assert self.sale.contract
            assert self.decision.decision_id not in self.stale_before_payment

    @invariant()
    def confirmed_only_after_the_callback(self) -> None:
        if self.sale.state is SaleState.CONFIRMED:
            assert self.sale.payment
            assert self.sale.called_back or not self.decision.owes("callback")

    @invariant()
    def rescinded_money_goes_back_in_full(self) -> None:
        if self.sale.state is SaleState.RESCINDED:
            assert self.sale.refund_amount == (TERMS.amount if self.sale.payment else 0)
            assert not self.sale.called_back
            assert self.sale.confirmation is None

    @invariant()
    def the_history_ends_where_the_sale_stands(self) -> None:
        assert not self.sale.changes or self.sale.changes[-1].state == self.sale.state


AnySale.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestAnySale = AnySale.TestCase

Happening = Callable[[Sale], Sequence[SaleEvent]]


def make(number: int, outcome: Outcome) -> Happening:
    decision = decided(outcome, *PRIVATE_FUND, decision_id=f"d-{number}", sequence=number)
    return lambda sale: sale.take_decision(decision, at=NOON)


def lose(number: int) -> Happening:
    return lambda sale: sale.lose_decision(stale(f"d-{number}"))


def seal(number: int) -> Happening:
    return lambda sale: sale.take_recording(sealed(f"r-{number}", number), at=NOON)


HAPPENINGS = st.lists(
    st.one_of(
        st.tuples(st.just("make"), st.sampled_from(Outcome)),
        st.tuples(st.just("lose"), st.integers(1, 6)),
        st.tuples(st.just("seal"), st.just(0)),
    ),
    max_size=7,
)


def told(happenings: Sequence[tuple[str, object]]) -> list[Happening]:
    """In the order in which they happened."""
    result: list[Happening] = []
    for number, (kind, what) in enumerate(happenings, start=1):
        if kind == "make":
            result.append(make(number, Outcome(str(what))))
        elif kind == "lose":
            result.append(lose(int(str(what))))
        else:
            result.append(seal(number))
    return result


@given(happenings=HAPPENINGS, chance=st.randoms(use_true_random=False))
def test_events_in_any_order_lead_to_the_same_state(
    happenings: list[tuple[str, object]], chance: Random
) -> None:
    in_order = told(happenings)
    shuffled = list(in_order)
    chance.shuffle(shuffled)
    one, other = drafted(), drafted()

    for each in in_order:
        each(one)
    for each in shuffled:
        each(other)

    assert one.state == other.state
    if one.state is not SaleState.REFUSED:
        assert one.decision == other.decision
        assert one.recording == other.recording
        assert [g.missing for g in one.gates(NOON)] == [g.missing for g in other.gates(NOON)]
