"""What workflow keeps of who looks after whom, whatever order it is told in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.moments import stamp
from chassis.scope import Custody
from liheng.customer.v1.events_pb2 import (
    AccessEnded,
    AccessGranted,
    AdviserChanged,
    CustomerOnboarded,
)
from services.workflow.domain.lead import LeadState
from tests.workflow.examples import ADVISER, NOON, new_lead
from tests.workflow.unit.fakes import FakeWork
from tests.workflow.unit.listener import Listener, meta

HOUR = timedelta(hours=1)
Told = Callable[[Any], None]


def onboarded(events: Any) -> None:
    event = CustomerOnboarded(
        customer_id="c-1", adviser_id="s-ada", team_id="t-1", branch_id="b-1", at=stamp(NOON)
    )
    events.customer_onboarded(event, meta(1))


def changed(adviser_id: str, team_id: str, sequence: int) -> Told:
    event = AdviserChanged(
        customer_id="c-1",
        adviser_id=adviser_id,
        team_id=team_id,
        branch_id="b-1",
        at=stamp(NOON),
    )
    return lambda events: events.adviser_changed(event, meta(sequence))


def granted(events: Any) -> None:
    event = AccessGranted(
        grant_id="g-1",
        staff_id="s-bo",
        customer_id="c-1",
        purpose="leave_cover",
        valid_from=stamp(NOON),
        valid_until=stamp(NOON + HOUR),
        at=stamp(NOON),
    )
    events.access_granted(event, meta(4))


def ended(events: Any) -> None:
    events.access_ended(AccessEnded(grant_id="g-1", staff_id="s-bo", at=stamp(NOON)), meta(5))


TOLD: list[Told] = [
    onboarded,
    changed("s-bo", "t-1", 2),
    changed("s-cai", "t-2", 3),
    granted,
    ended,
]


def listening(state: LeadState = LeadState.ASSIGNED) -> tuple[FakeWork, Listener]:
    work = FakeWork()
    work.leads.add(new_lead(state))
    work.commit()
    return work, Listener(work)


@given(order=st.permutations(TOLD), again=st.lists(st.sampled_from(TOLD), max_size=4))
def test_the_newest_word_counts_in_whatever_order_it_comes(
    order: list[Told], again: list[Told]
) -> None:
    work, listener = listening()

    for tell in [*order, *again]:
        tell(listener.events)

    assert work.custody.get("c-1") == Custody("s-cai", "t-2", "b-1")
    assert work.leads.get("l-1").adviser.staff_id == "s-cai"
    assert work.custody.shares["g-1"][0].valid_until == NOON
    assert work.register.customers == {"c-1"}


def test_a_lead_that_follows_its_client_says_so_in_its_history_and_announces_nothing() -> None:
    work, listener = listening()

    changed("s-cai", "t-2", 3)(listener.events)
    changed("s-bo", "t-1", 2)(listener.events)

    lines = [(change.what, change.details) for change in work.leads.history["l-1"]]
    assert lines == [("adviser_changed", {"adviser_id": "s-cai"})]
    assert work.announced == []


def test_word_of_the_adviser_a_lead_has_already_changes_nothing() -> None:
    work, listener = listening()

    changed(ADVISER.staff_id, ADVISER.team_id, 2)(listener.events)

    assert work.leads.get("l-1").version == 1


@pytest.mark.parametrize("state", LeadState)
def test_leads_in_every_state_follow_the_client(state: LeadState) -> None:
    work, listener = listening(state)

    changed("s-cai", "t-2", 2)(listener.events)

    assert work.leads.get("l-1").adviser.staff_id == "s-cai"
