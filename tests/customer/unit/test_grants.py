from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, RuleBroken
from chassis.scope import Reach, Scope
from services.customer.domain.authority import Superior
from services.customer.domain.events import AccessEnded
from services.customer.domain.grant import Grant, Opened, Purpose
from services.customer.domain.kyc import KycState
from services.customer.usecases.approve_kyc import ApproveKyc, approve_kyc
from services.customer.usecases.end_access import EndAccess, end_access
from services.customer.usecases.grant_access import GrantAccess, grant_access
from services.customer.usecases.reject_kyc import RejectKyc, reject_kyc
from services.customer.usecases.submit_kyc import submit_kyc
from tests.customer.unit.fakes import FakeWork
from tests.customer.unit.people import NOON, TODAY, WANG, somebody, submit

DAY = timedelta(days=1)
LI = replace(WANG, staff_id="s-li", name="李敏")
FAR = replace(WANG, staff_id="s-far", team_id="t-beijing", branch_id="b-beijing")
NEAR = replace(WANG, staff_id="s-near", team_id="t-hangzhou-2")
INSPECTOR = replace(WANG, staff_id="s-inspector", roles=("inspector",))
LEADER = Superior("s-leader", frozenset({"team_leader"}), "t-hangzhou", "b-hangzhou")
MANAGER = Superior("s-manager", frozenset({"branch_manager"}), "", "b-hangzhou")
OPERATIONS = Superior("s-ops", frozenset({"operations"}))
COMPLIANCE = Superior("s-review", frozenset({"compliance"}))
THIS_CLIENT = Opened(customer_id="c-1")
HIS_CLIENTS = Opened(adviser_id="s-wang")


@pytest.fixture
def work() -> FakeWork:
    work = FakeWork()
    work.customers.add(somebody())
    for member in (WANG, LI, FAR, NEAR, INSPECTOR):
        work.staff.put(member)
    return work


def grant(
    work: FakeWork,
    to: str = "s-li",
    opened: Opened = THIS_CLIENT,
    by: Superior = LEADER,
    purpose: Purpose = Purpose.LEAVE_COVER,
    days: int = 14,
    begins: timedelta | None = None,
) -> Grant:
    command = GrantAccess(
        grant_id="g-1",
        staff_id=to,
        opened=opened,
        purpose=purpose,
        valid_from=None if begins is None else NOON + begins,
        valid_until=NOON + days * DAY,
        by=by,
        at=NOON,
    )
    return grant_access(command, work)


@pytest.mark.parametrize("opened", [THIS_CLIENT, HIS_CLIENTS])
def test_a_grant_is_announced_and_counts_from_now_to_its_end(
    work: FakeWork, opened: Opened
) -> None:
    granted = grant(work, opened=opened)

    assert work.announced == [granted.granted()]
    counts = [granted.active_at(NOON + days * DAY) for days in (0, 13, 14)]
    assert counts == [True, True, False]
    assert not granted.active_at(NOON - DAY)


def test_a_grant_never_begins_in_the_past(work: FakeWork) -> None:
    assert grant(work, begins=-5 * DAY).span.valid_from == NOON
    assert grant(work, begins=5 * DAY).span.valid_from == NOON + 5 * DAY


@pytest.mark.parametrize(
    ("by", "to", "allowed"),
    [
        (LEADER, "s-li", True),
        (LEADER, "s-near", False),
        (LEADER, "s-far", False),
        (MANAGER, "s-near", True),
        (MANAGER, "s-far", False),
        (COMPLIANCE, "s-far", True),
        (Superior("s-ops", frozenset({"operations"})), "s-far", True),
        (Superior("s-x", frozenset({"adviser"}), "t-hangzhou", "b-hangzhou"), "s-li", False),
        (Superior("s-x", frozenset({"team_leader"})), "s-li", False),
    ],
    ids=str,
)
def test_whoever_answers_for_both_sides_grants(
    work: FakeWork, by: Superior, to: str, allowed: bool
) -> None:
    try:
        grant(work, to=to, by=by)
    except Forbidden as refused:
        assert (allowed, refused.code) == (False, "beyond_your_reach")
        assert work.announced == []
    else:
        assert allowed


@pytest.mark.parametrize(
    ("asked", "kind", "code"),
    [
        ({"opened": Opened()}, Invalid, "one_of_two"),
        ({"opened": Opened("c-1", "s-wang")}, Invalid, "one_of_two"),
        ({"opened": Opened(customer_id="c-404")}, NotFound, "no_such_customer"),
        ({"opened": Opened(adviser_id="s-404")}, NotFound, "no_such_member"),
        ({"to": "s-404"}, NotFound, "no_such_member"),
        ({"days": 0}, Invalid, "ends_before_it_begins"),
        ({"days": 91}, RuleBroken, "grant_too_long"),
        ({"to": "s-inspector"}, RuleBroken, "grant_not_for_them"),
        ({"purpose": Purpose.INSPECTION}, RuleBroken, "grant_not_for_them"),
    ],
    ids=str,
)
def test_what_is_not_granted(
    work: FakeWork, asked: dict[str, object], kind: type[Refusal], code: str
) -> None:
    with pytest.raises(kind) as caught:
        grant(work, **asked)  # type: ignore[arg-type]

    assert caught.value.code == code
    assert not work.grants.rows


def test_nobody_grants_access_to_themselves(work: FakeWork) -> None:
    with pytest.raises(RuleBroken) as caught:
        grant(work, to="s-li", by=replace(COMPLIANCE, staff_id="s-li"))

    assert caught.value.code == "grant_to_oneself"


def test_inactive_staff_receive_nothing(work: FakeWork) -> None:
    work.staff.put(replace(LI, active=False))

    with pytest.raises(RuleBroken):
        grant(work)


def test_a_client_out_of_the_granters_scope_is_not_found(work: FakeWork) -> None:
    work.customers.scope = Scope(reach=Reach.TEAM, staff_id="s-x", team_id="t-beijing")

    with pytest.raises(NotFound):
        grant(work, by=COMPLIANCE)


def end(work: FakeWork, by: Superior = LEADER, days: int = 1) -> Grant:
    return end_access(EndAccess(grant_id="g-1", by=by, at=NOON + days * DAY), work)


def test_a_grant_is_taken_back_once(work: FakeWork) -> None:
    grant(work)

    ended = end(work)

    assert work.announced[-1] == AccessEnded("g-1", "s-li", "s-leader", NOON + DAY)
    assert not ended.active_at(NOON + DAY)
    with pytest.raises(Conflict):
        end(work)


def test_a_grant_that_ran_out_is_not_taken_back(work: FakeWork) -> None:
    grant(work)

    with pytest.raises(Conflict):
        end(work, days=14)


def test_a_grant_is_taken_back_by_whoever_answers_for_the_client(work: FakeWork) -> None:
    grant(work, by=COMPLIANCE)
    outsider = Superior("s-out", frozenset({"team_leader"}), "t-beijing", "b-beijing")

    with pytest.raises(Forbidden):
        end(work, by=outsider)
    assert end(work, by=LEADER).ended_by == "s-leader"


def test_who_holds_a_grant_does_not_end_it_to_review_the_client(work: FakeWork) -> None:
    work.staff.put(replace(LI, staff_id="s-review", roles=("compliance",)))
    grant(work, to="s-review", purpose=Purpose.COMPLAINT, by=OPERATIONS)

    with pytest.raises(RuleBroken) as caught:
        end(work, by=COMPLIANCE)

    assert caught.value.code == "grant_of_oneself"
    assert end(work, by=OPERATIONS).ended_by == "s-ops"


def review(work: FakeWork, roles: Collection[str] = ("compliance",)) -> None:
    held = frozenset(roles)
    reject_kyc(RejectKyc(customer_id="c-1", reason="x", by="s-li", roles=held, at=NOON), work)


@pytest.mark.parametrize("opened", [THIS_CLIENT, HIS_CLIENTS])
def test_who_holds_a_grant_reviews_no_kyc_of_that_client(work: FakeWork, opened: Opened) -> None:
    submit_kyc(submit(), work)
    grant(work, opened=opened)
    held = frozenset({"compliance"})

    with pytest.raises(RuleBroken) as caught:
        review(work)
    with pytest.raises(RuleBroken):
        approve_kyc(
            ApproveKyc(customer_id="c-1", by="s-li", roles=held, today=TODAY, at=NOON), work
        )

    assert caught.value.code == "granted_customer_kyc"
    assert work.customers.get("c-1").kyc.state is KycState.SUBMITTED


def test_who_held_a_grant_reviews_again_when_it_is_over(work: FakeWork) -> None:
    submit_kyc(submit(), work)
    grant(work)
    end(work, days=0)

    review(work)

    assert work.customers.get("c-1").kyc.state is KycState.REJECTED
