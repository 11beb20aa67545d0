"""Every action on a sale in every state: where it leads, or how it is refused."""

from collections.abc import Callable
from datetime import UTC

import pytest

from chassis.errors import Refusal
from services.workflow.domain.callback import CallbackOutcome
from services.workflow.domain.decision import Outcome
from services.workflow.domain.sale import Sale
from services.workflow.domain.sale_states import SaleState
from tests.workflow.examples import (
    ADA,
    DESK,
    MUCH_LATER,
    NOON,
    OPERATIONS,
    TERMS,
    allowed,
    call,
    confirmation,
    contract,
    decided,
    payment,
    sale_in,
    sealed,
    stale,
)

ACTIONS: dict[str, Callable[[Sale], object]] = {
    "allow": lambda s: s.take_decision(allowed("d-2", 2), at=NOON),
    "require": lambda s: s.take_decision(
        decided(Outcome.REQUIRE, decision_id="d-2", sequence=2), at=NOON
    ),
    "block": lambda s: s.take_decision(
        decided(Outcome.BLOCK, decision_id="d-2", sequence=2), at=NOON
    ),
    "go stale": lambda s: s.lose_decision(stale()),
    "seal": lambda s: s.take_recording(sealed("r-2", 2), at=NOON),
    "sign": lambda s: s.sign(contract(), by=ADA),
    "pay": lambda s: s.pay(TERMS.amount, payment(reference="PAY-2"), by=OPERATIONS),
    "wait": lambda s: s.end_cooling_off(at=MUCH_LATER),
    "call early": lambda s: s.record_callback(call(NOON), by=DESK),
    "call late": lambda s: s.record_callback(call(MUCH_LATER), by=DESK),
    "fail late": lambda s: s.record_callback(call(MUCH_LATER, CallbackOutcome.FAILED), by=DESK),
    "confirm": lambda s: s.confirm(confirmation(), by=OPERATIONS, at=MUCH_LATER, zone=UTC),
    "rescind": lambda s: s.rescind("changed their mind", by=DESK, at=NOON),
}

STATE = "sale_state"
NOT_READY = "sale_not_ready"
UNPAID = "callback_before_payment"
EARLY = "callback_too_early"
UNCONFIRMABLE = "sale_not_confirmable"

# A state in lower case is where the action leads; "=" stays; anything else refuses with that code.
COLUMNS = tuple(ACTIONS)
TABLE = {
    "drafted": "decided drafted refused drafted = | X S = U U U S rescinded",
    "decided": "decided drafted refused drafted recorded | X S = U U U S rescinded",
    "recorded": "recorded drafted refused drafted = | signed S = U U U S rescinded",
    "signed": "= = refused drafted = | S cooling_off = U U U S rescinded",
    "paid": "= = = = = | S S = S S S confirmed rescinded",
    "cooling_off": "= = = = = | S S callback E callback callback C rescinded",
    "callback": "= = = = = | S S = callback callback callback C rescinded",
    "confirmed": "= = = = = | S S = S S S S L",
    "rescinded": "= = = = = | S S = S S S S S",
    "refused": "= = = = = | S S = S S S S S",
}
CODES = {
    "S": STATE,
    "X": NOT_READY,
    "U": UNPAID,
    "E": EARLY,
    "C": UNCONFIRMABLE,
    "L": "rescission_too_late",
}
CASES = [
    (state, action, expected)
    for state, row in TABLE.items()
    for action, expected in zip(COLUMNS, row.replace("| ", "").split(), strict=True)
]


def test_the_table_has_every_state() -> None:
    assert list(TABLE) == list(SaleState)


@pytest.mark.parametrize(("state", "action", "expected"), CASES)
def test_every_action_in_every_state(state: str, action: str, expected: str) -> None:
    sale = sale_in(SaleState(state))

    if expected in CODES:
        with pytest.raises(Refusal) as caught:
            ACTIONS[action](sale)
        assert caught.value.code == CODES[expected]
    else:
        ACTIONS[action](sale)
        assert sale.state == (state if expected == "=" else expected)


@pytest.mark.parametrize(("state", "action", "expected"), CASES)
def test_whatever_changes_the_state_is_kept_in_the_history(
    state: str, action: str, expected: str
) -> None:
    sale = sale_in(SaleState(state))
    sale.changes.clear()

    if expected not in CODES:
        ACTIONS[action](sale)
        assert sale.state == state or sale.changes[-1].state == sale.state
