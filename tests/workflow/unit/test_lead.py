from collections.abc import Callable
from dataclasses import replace

import pytest

from chassis.errors import Conflict, Forbidden, Refusal
from services.workflow.domain.actor import NOBODY, Actor, Adviser
from services.workflow.domain.lead import Lead, LeadState
from services.workflow.domain.lead_events import (
    LeadAssigned,
    LeadContacted,
    LeadCreated,
    LeadDropped,
    LeadQualified,
)
from tests.workflow.examples import ADA, ADVISER, BO, LEADER, NOON, OTHER_LEADER, new_lead
from tests.workflow.examples import phone_call as contact

BOS = Adviser("s-bo", "t-1", "b-1")

MOVES: dict[str, Callable[[Lead], object]] = {
    "assign": lambda lead: lead.assign(BOS, by="s-leader", at=NOON),
    "contact": lambda lead: lead.contact(contact(), ADA),
    "qualify": lambda lead: lead.qualify(by=ADA, at=NOON),
    "drop": lambda lead: lead.drop("moved away", by=ADA, at=NOON),
}

# Where each move leads from each state, or how it is refused.
N, A, C, Q, D = LeadState
TABLE: dict[tuple[LeadState, str], LeadState | type[Refusal]] = {
    (N, "assign"): A,
    (N, "contact"): Forbidden,
    (N, "qualify"): Forbidden,
    (N, "drop"): D,
    (A, "assign"): A,
    (A, "contact"): C,
    (A, "qualify"): Conflict,
    (A, "drop"): D,
    (C, "assign"): A,
    (C, "contact"): C,
    (C, "qualify"): Q,
    (C, "drop"): D,
    (Q, "assign"): Conflict,
    (Q, "contact"): Conflict,
    (Q, "qualify"): Conflict,
    (Q, "drop"): Conflict,
    (D, "assign"): Conflict,
    (D, "contact"): Conflict,
    (D, "qualify"): Conflict,
    (D, "drop"): Conflict,
}


def test_the_table_has_every_move_from_every_state() -> None:
    assert set(TABLE) == {(state, move) for state in LeadState for move in MOVES}


@pytest.mark.parametrize(("state", "move"), TABLE)
def test_every_move_from_every_state(state: LeadState, move: str) -> None:
    lead, expected = new_lead(state), TABLE[state, move]

    if isinstance(expected, LeadState):
        MOVES[move](lead)
        assert (lead.state, lead.changes[-1].state) == (expected, expected)
    else:
        with pytest.raises(expected):
            MOVES[move](lead)
        assert (lead.state, lead.changes) == (state, [])


def test_each_move_is_announced() -> None:
    lead = new_lead()

    assert lead.create() == LeadCreated("l-1", "c-1", "campaign", "autumn", NOON)
    assert lead.assign(ADVISER, by="s-leader", at=NOON) == LeadAssigned(
        "l-1", "c-1", ADVISER, "s-leader", NOON
    )
    assert lead.contact(contact(), ADA) == LeadContacted("l-1", "c-1", ADVISER, "phone", NOON)
    assert lead.qualify(by=ADA, at=NOON) == LeadQualified("l-1", "c-1", ADVISER, NOON)
    assert [change.what for change in lead.changes] == [
        "created",
        "assigned",
        "contacted",
        "qualified",
    ]


def test_a_dropped_lead_says_why() -> None:
    lead = new_lead(LeadState.CONTACTED)

    dropped = lead.drop("moved away", by=ADA, at=NOON)

    assert dropped == LeadDropped("l-1", "c-1", ADVISER, NOON)
    assert lead.dropped_reason == "moved away"


def test_assigning_to_the_same_adviser_changes_nothing() -> None:
    lead = new_lead(LeadState.CONTACTED)

    assert lead.assign(ADVISER, by="s-leader", at=NOON) is None
    assert (lead.state, lead.changes) == (LeadState.CONTACTED, [])


def test_a_new_adviser_gets_in_touch_before_qualifying() -> None:
    lead = new_lead(LeadState.CONTACTED)

    lead.assign(BOS, by="s-leader", at=NOON)

    with pytest.raises(Conflict):
        lead.qualify(by=BO, at=NOON)


def test_a_lead_follows_the_client_to_another_adviser() -> None:
    lead = new_lead(LeadState.CONTACTED)

    assert lead.follow(BOS, at=NOON)
    assert not lead.follow(BOS, at=NOON)

    assert (lead.state, lead.adviser) == (LeadState.CONTACTED, BOS)
    assert [(change.what, change.details) for change in lead.changes] == [
        ("adviser_changed", {"adviser_id": "s-bo"})
    ]
    lead.qualify(by=BO, at=NOON)


@pytest.mark.parametrize(
    ("state", "adviser", "expected"),
    [
        (LeadState.NEW, BOS, LeadState.ASSIGNED),
        (LeadState.ASSIGNED, NOBODY, LeadState.NEW),
        (LeadState.CONTACTED, NOBODY, LeadState.NEW),
        (LeadState.QUALIFIED, NOBODY, LeadState.QUALIFIED),
        (LeadState.DROPPED, BOS, LeadState.DROPPED),
    ],
)
def test_a_lead_without_adviser_is_new_again(
    state: LeadState, adviser: Adviser, expected: LeadState
) -> None:
    lead = new_lead(state)

    lead.follow(adviser, at=NOON)

    assert (lead.state, lead.adviser) == (expected, adviser)


def test_the_leader_of_the_advisers_team_may_act_for_the_adviser() -> None:
    lead = new_lead(LeadState.ASSIGNED)

    lead.contact(contact(LEADER), LEADER)
    lead.qualify(by=LEADER, at=NOON)

    assert lead.state is LeadState.QUALIFIED


@pytest.mark.parametrize(
    "somebody",
    [BO, OTHER_LEADER, replace(ADA, roles=frozenset({"auditor"})), replace(LEADER, team_id="")],
)
@pytest.mark.parametrize("move", ["contact", "qualify", "drop"])
def test_nobody_else_may_touch_an_assigned_lead(somebody: Actor, move: str) -> None:
    lead = new_lead(LeadState.CONTACTED)
    moves: dict[str, Callable[[], object]] = {
        "contact": lambda: lead.contact(contact(), somebody),
        "qualify": lambda: lead.qualify(by=somebody, at=NOON),
        "drop": lambda: lead.drop("why not", by=somebody, at=NOON),
    }

    with pytest.raises(Forbidden) as caught:
        moves[move]()

    assert caught.value.code == "not_your_lead"


def test_anybody_may_drop_what_nobody_is_in_charge_of() -> None:
    lead = new_lead()

    lead.drop("a duplicate", by=BO, at=NOON)

    assert lead.state is LeadState.DROPPED


def test_a_refused_move_says_in_both_languages_what_is_wrong() -> None:
    with pytest.raises(Conflict) as caught:
        new_lead(LeadState.QUALIFIED).drop("moved away", by=ADA, at=NOON)

    assert caught.value.en == "a lead that is qualified cannot become dropped"
    assert caught.value.zh == "线索状态为“已转化”，不能变更为“已放弃”"
