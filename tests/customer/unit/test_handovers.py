from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from chassis.errors import Forbidden, Invalid, NotFound, Refusal, RuleBroken
from services.customer.domain.authority import Superior
from services.customer.domain.events import (
    AccessGranted,
    AdviserChanged,
    HandoverAdvanced,
    HandoverFinished,
    HandoverStarted,
)
from services.customer.domain.handover import WITH_ACCESS, Reason
from services.customer.domain.staff import Assignment
from services.customer.usecases.make_handover import MakeHandover, make_handover
from services.customer.usecases.move_clients import MoveClients, move_clients
from tests.customer.unit.fakes import FakeWork
from tests.customer.unit.people import NOON, WANG, somebody

LI = replace(WANG, staff_id="s-li", name="李敏")
FAR = replace(WANG, staff_id="s-far", team_id="t-beijing", branch_id="b-beijing")
LEADER = Superior("s-leader", frozenset({"team_leader"}), "t-hangzhou", "b-hangzhou")
OPERATIONS = Superior("s-ops", frozenset({"operations"}))
TO_LI = LI.assignment


@pytest.fixture
def work() -> FakeWork:
    work = FakeWork()
    work.customers.add(*(somebody(f"c-{number}") for number in range(1, 6)))
    for member in (WANG, LI, FAR):
        work.staff.put(member)
    return work


def start(
    work: FakeWork,
    to: str = "s-li",
    *customer_ids: str,
    former: str = "s-wang",
    reason: Reason = Reason.LEAVES,
    by: Superior = LEADER,
    access_until: datetime | None = None,
) -> None:
    command = MakeHandover(
        handover_id="h-1",
        from_adviser_id=former,
        to_adviser_id=to,
        customer_ids=customer_ids,
        reason=reason,
        access_until=access_until,
        by=by,
        at=NOON,
    )
    make_handover(command, work)


def move(work: FakeWork, batch: int = 2) -> None:
    """As the events process does, until nothing announces another batch."""
    numbers = count(1)
    while not isinstance(work.announced[-1], HandoverFinished):
        assert isinstance(work.announced[-1], HandoverStarted | HandoverAdvanced)
        command = MoveClients(
            handover_id="h-1", new_id=lambda: f"g-{next(numbers)}", at=NOON, batch=batch
        )
        move_clients(command, work)


def advisers(work: FakeWork) -> list[str]:
    return [work.customers.rows[each].assignment.adviser_id for each in sorted(work.customers.rows)]


def test_a_book_moves_batch_by_batch_and_every_client_is_told_once(work: FakeWork) -> None:
    start(work)
    move(work)

    told = [event for event in work.announced if isinstance(event, AdviserChanged)]
    assert told == [AdviserChanged(f"c-{n}", TO_LI, "s-wang", NOON) for n in range(1, 6)]
    assert advisers(work) == ["s-li"] * 5
    progress = [event for event in work.announced if not isinstance(event, AdviserChanged)]
    assert progress[1:] == [
        HandoverAdvanced("h-1", 2, 0, NOON),
        HandoverAdvanced("h-1", 4, 0, NOON),
        HandoverFinished("h-1", 5, 0, NOON),
    ]


def test_only_those_listed_move(work: FakeWork) -> None:
    start(work, "s-li", "c-2", "c-4", "c-4")
    move(work)

    assert advisers(work) == ["s-wang", "s-li", "s-wang", "s-li", "s-wang"]


def test_who_has_another_adviser_by_then_is_left_alone(work: FakeWork) -> None:
    start(work)
    work.customers.rows["c-3"].assignment = FAR.assignment
    move(work)

    assert advisers(work) == ["s-li", "s-li", "s-far", "s-li", "s-li"]
    assert work.announced[-1] == HandoverFinished("h-1", 4, 1, NOON)


def test_a_message_that_comes_late_moves_nobody(work: FakeWork) -> None:
    start(work)
    move(work)
    work.announced.clear()

    move_clients(MoveClients(handover_id="h-1", new_id=lambda: "g", at=NOON), work)

    assert work.announced == []


def test_a_handover_is_undone_by_a_handover_back(work: FakeWork) -> None:
    start(work)
    move(work)
    start(work, "s-wang", former="s-li")
    move(work)

    assert advisers(work) == ["s-wang"] * 5


def test_the_former_adviser_may_keep_access_for_a_time(work: FakeWork) -> None:
    until = NOON + timedelta(days=30)

    start(work, "s-li", "c-1", "c-2", access_until=until)
    move(work)

    granted = [event for event in work.announced if isinstance(event, AccessGranted)]
    assert [(event.staff_id, event.customer_id, event.valid_until) for event in granted] == [
        ("s-wang", "c-1", until),
        ("s-wang", "c-2", until),
    ]
    assert {grant.granted_by for grant in work.grants.rows.values()} == {"s-leader"}


def test_a_book_follows_its_adviser_into_another_team(work: FakeWork) -> None:
    work.staff.put(replace(WANG, team_id="t-hangzhou-2"))

    with pytest.raises(Forbidden) as caught:
        start(work, "s-wang", reason=Reason.MOVES, by=replace(LEADER, team_id="t-hangzhou-2"))
    start(work, "s-wang", reason=Reason.MOVES, by=OPERATIONS)
    move(work)

    assert caught.value.code == "book_follows_adviser"
    there = Assignment("s-wang", "t-hangzhou-2", "b-hangzhou")
    assert {row.assignment for row in work.customers.rows.values()} == {there}


@pytest.mark.parametrize(
    ("asked", "kind", "code"),
    [
        ({"to": "s-404"}, NotFound, "no_such_member"),
        ({"former": "s-404"}, NotFound, "no_such_member"),
        ({"to": "s-wang"}, RuleBroken, "same_adviser"),
        ({"to": "s-far"}, Forbidden, "beyond_your_reach"),
        ({"former": "s-li", "to": "s-wang"}, RuleBroken, "nothing_to_hand_over"),
        ({"access_until": NOON}, Invalid, "ends_before_it_begins"),
        ({"access_until": NOON + timedelta(days=91)}, RuleBroken, "grant_too_long"),
    ],
    ids=str,
)
def test_what_is_not_handed_over(
    work: FakeWork, asked: dict[str, object], kind: type[Refusal], code: str
) -> None:
    with pytest.raises(kind) as caught:
        start(work, **asked)  # type: ignore[arg-type]

    assert caught.value.code == code
    assert work.announced == []


def test_across_branches_operations_hand_over(work: FakeWork) -> None:
    start(work, "s-far", by=OPERATIONS)
    move(work)

    assert advisers(work) == ["s-far"] * 5


def test_a_leader_who_advises_takes_nobodys_clients_for_themselves(work: FakeWork) -> None:
    leads_too = replace(LEADER, staff_id="s-li", roles=frozenset({"adviser", "team_leader"}))

    with pytest.raises(RuleBroken) as caught:
        start(work, "s-li", by=leads_too)

    assert caught.value.code == "handover_to_oneself"
    assert work.announced == []


@pytest.mark.parametrize("unfit", [{"active": False}, {"roles": ("team_leader",)}])
def test_clients_go_to_active_advisers_only(work: FakeWork, unfit: dict[str, object]) -> None:
    work.staff.put(replace(LI, **unfit))  # type: ignore[arg-type]

    with pytest.raises(RuleBroken) as caught:
        start(work)

    assert caught.value.code == "successor_not_active"


def test_who_lists_a_client_of_another_adviser_is_told_no_more_than_that(work: FakeWork) -> None:
    work.customers.rows["c-3"].assignment = FAR.assignment

    for unknown in ("c-3", "c-404"):
        with pytest.raises(RuleBroken) as caught:
            start(work, "s-li", "c-1", unknown)
        assert caught.value.code == "nothing_to_hand_over"


def test_who_left_keeps_no_access(work: FakeWork) -> None:
    work.staff.put(replace(WANG, active=False))

    with pytest.raises(RuleBroken) as caught:
        start(work, access_until=NOON + timedelta(days=1))

    assert caught.value.code == "no_access_afterwards"


def test_access_is_kept_to_so_many_clients_and_no_more(work: FakeWork) -> None:
    work.customers.add(*(somebody(f"c-1{number:03}") for number in range(WITH_ACCESS)))

    with pytest.raises(RuleBroken) as caught:
        start(work, access_until=NOON + timedelta(days=1))

    assert caught.value.code == "too_many_for_access"
