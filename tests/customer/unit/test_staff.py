from dataclasses import replace
from itertools import combinations

import pytest

from chassis.errors import Forbidden, RuleBroken
from chassis.scope import Reach, Scope
from gateway.permissions import load
from services.customer.domain.staff import StaffChanged
from services.customer.usecases.put_staff import Put, PutStaff, put_staff
from tests.customer.unit.fakes import FakeWork
from tests.customer.unit.people import NOON, WANG, somebody

PERMISSIONS = load()
ROLES = sorted(PERMISSIONS.roles.keys() - {"client_channel", "system"})


def put(work: FakeWork, by: str = "s-admin", role: str = "administrator", **changed: object) -> Put:
    member = replace(WANG, **changed)  # type: ignore[arg-type]
    return put_staff(PutStaff(member=member, by=by, roles=frozenset({role}), at=NOON), work)


def test_the_register_learns_and_announces_once() -> None:
    work = FakeWork()
    twice = ("team_leader", "adviser", "adviser")

    told = [put(work, roles=twice), put(work, roles=twice), put(work, roles=twice, name="王军")]

    assert [each.changed for each in told] == [True, False, True]
    assert [event.member.name for event in work.announced if isinstance(event, StaffChanged)] == [
        "王俊",
        "王军",
    ]
    assert work.staff.rows["s-wang"].roles == ("adviser", "team_leader")


def test_only_an_administrator_changes_the_register() -> None:
    with pytest.raises(Forbidden):
        put(FakeWork(), role="adviser")


def test_nobody_changes_their_own_roles() -> None:
    work = FakeWork()
    put(work, roles=("administrator",))

    with pytest.raises(Forbidden) as caught:
        put(work, by="s-wang", roles=("management",))
    moved = put(work, by="s-wang", roles=("administrator",), branch_name="总部")

    assert caught.value.code == "own_roles"
    assert moved.changed


def test_who_enters_themselves_has_the_roles_they_signed_in_with() -> None:
    with pytest.raises(Forbidden):
        put(FakeWork(), by="s-wang", roles=("management",))

    assert put(FakeWork(), by="s-wang", roles=("administrator",)).changed


@pytest.mark.parametrize("roles", list(combinations(ROLES, 2)), ids=str)
def test_the_register_and_the_gateway_keep_the_same_duties_apart(roles: tuple[str, ...]) -> None:
    """A change of the one without the other fails here."""
    refused = False
    try:
        put(FakeWork(), roles=roles)
    except RuleBroken as error:
        refused = error.code == "duties_in_conflict"

    assert refused is PERMISSIONS.conflict(frozenset(roles))


def test_it_is_told_how_many_clients_are_left_without_an_active_adviser() -> None:
    work = FakeWork()
    work.customers.add(somebody("c-1"), somebody("c-2"))

    counted = [put(work), put(work, active=False), put(work, roles=("management",))]

    assert [each.unserved for each in counted] == [0, 2, 2]


def test_clients_the_caller_may_not_see_are_not_counted() -> None:
    work = FakeWork(Scope(reach=Reach.NONE, staff_id="s-admin"))
    work.customers.add(somebody("c-1"))

    assert put(work, active=False).unserved == 0
