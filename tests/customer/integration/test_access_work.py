"""What every CustomerWork must do for grants and handovers, the fake included."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.errors import NotFound
from services.customer.domain.grant import Grant, Opened, Purpose, Span
from services.customer.domain.handover import Batch, Handover, Reason
from services.customer.domain.staff import Assignment
from services.customer.domain.unmasking import Field, Unmasking
from services.customer.domain.unmasking import Purpose as ShownFor
from tests.customer.integration.customers import add
from tests.customer.integration.stores import Begin
from tests.customer.unit.people import NOON, WANG, WITH_WANG, somebody

THIS_CLIENT = Opened(customer_id="c-1")
LATER = NOON + timedelta(days=1)
TO_LI = Assignment("s-li", "t-hangzhou", "b-hangzhou")


def grant(grant_id: str = "g-1", opened: Opened = THIS_CLIENT) -> Grant:
    return Grant(
        grant_id=grant_id,
        staff_id="s-li",
        opened=opened,
        purpose=Purpose.LEAVE_COVER,
        span=Span(NOON, LATER),
        granted_by="s-leader",
        granted_at=NOON,
    )


def handover(handover_id: str = "h-1") -> Handover:
    return Handover(
        handover_id=handover_id,
        from_adviser_id="s-wang",
        to=TO_LI,
        reason=Reason.LEAVES,
        started_by="s-leader",
        started_at=NOON,
        access_until=LATER,
    )


def test_a_grant_is_found_as_it_was_saved(work: Begin) -> None:
    with work() as first:
        first.grants.add(grant())
        first.commit()
    with work() as second:
        ended = second.grants.get("g-1")
        ended.end("s-leader", NOON)
        second.grants.save(ended)
        second.commit()

    with work() as third:
        found = third.grants.get("g-1")
        with pytest.raises(NotFound):
            third.grants.get("g-404")
    assert vars(found) == vars(grant()) | {"ended_by": "s-leader", "ended_at": NOON}


def test_grants_count_for_whom_what_and_when_they_are_given(work: Begin) -> None:
    of_client, of_adviser = THIS_CLIENT, Opened(adviser_id="s-wang")
    ended = grant("g-3")
    ended.end("s-leader", NOON)
    with work() as first:
        for each in (grant(), grant("g-2", of_adviser), ended):
            first.grants.add(each)
        first.commit()

    with work() as second:
        active = second.grants.active
        assert [each.grant_id for each in active("s-li", [of_client], NOON)] == ["g-1"]
        both = active("s-li", [of_client, of_adviser], NOON)
        assert {each.grant_id for each in both} == {"g-1", "g-2"}
        assert active("s-wang", [of_client], NOON) == []
        assert active("s-li", [of_client], LATER) == []
        assert active("s-li", [Opened(customer_id="c-2")], NOON) == []


def test_a_handover_is_found_as_it_was_saved(work: Begin) -> None:
    add(work, somebody())
    with work() as first:
        first.handovers.add(handover(), ())
        first.commit()
    with work() as second:
        running = second.handovers.get("h-1")
        running.advance(1, 0, LATER)
        second.handovers.save(running)
        second.commit()

    with work() as third:
        found = third.handovers.get("h-1")
        with pytest.raises(NotFound):
            third.handovers.get("h-404")
    assert vars(found) == vars(handover()) | {"customers": 1, "moved": 1, "finished_at": LATER}


def test_who_moves_is_settled_at_the_start(work: Begin) -> None:
    add(work, somebody("c-1"), somebody("c-2"), somebody("c-3", to=TO_LI))
    whole, some, none = handover("h-1"), handover("h-2"), handover("h-3")

    with work() as first:
        first.handovers.add(whole, ())
        first.handovers.add(some, {"c-2", "c-3", "c-404"})
        first.handovers.add(none, {"c-404"})

    assert [each.customers for each in (whole, some, none)] == [2, 1, 0]


def test_customers_move_in_batches_and_only_from_the_former_adviser(work: Begin) -> None:
    add(work, *(somebody(f"c-{number}") for number in range(1, 4)))
    with work() as first:
        first.handovers.add(handover(), ())
        first.commit()
    with work() as second:
        elsewhere = second.customers.get("c-2")
        elsewhere.assign(replace(WITH_WANG, adviser_id="s-far"), sequence=1, at=NOON)
        second.customers.save(elsewhere)
        second.commit()

    with work() as third:
        running = third.handovers.get("h-1")
        batches = [third.handovers.move(running, 2, LATER) for _ in range(3)]
        third.commit()

    assert batches == [Batch(["c-1"], ["c-2"]), Batch(["c-3"], []), Batch([], [])]
    with work() as fourth:
        moved = fourth.customers.get("c-1")
        assert (moved.assignment, moved.updated_at, moved.version) == (TO_LI, LATER, 2)
        assert fourth.customers.get("c-2").assignment.adviser_id == "s-far"
        assert fourth.customers.count_of("s-li") == 2


def test_the_register_says_who_is_not_in_it(work: Begin) -> None:
    with work() as first:
        first.staff.put(WANG)
        first.commit()

    with work() as second:
        assert second.staff.get("s-wang", "staff_id") == WANG
        with pytest.raises(NotFound) as caught:
            second.staff.get("s-404", "to_adviser_id")
    assert caught.value.field == "to_adviser_id"


def test_unmaskings_are_kept(work: Begin) -> None:
    add(work, somebody())
    shown = Unmasking(
        customer_id="c-1",
        fields=(Field.PHONE,),
        purpose=ShownFor.CONTACT,
        note="约定面谈",
        shown_to="s-wang",
        at=NOON,
    )

    with work() as second:
        second.customers.keep_unmasking(shown)
        second.commit()
