"""Which role may do what: the data, and that the door keeps to it."""

from itertools import combinations
from typing import Any

import pytest

from chassis.scope import Reach
from gateway.claims import SYSTEM_ROLES
from gateway.permissions import Sight, load
from gateway.routes import OPERATIONS
from tests.gateway.cases import CASES
from tests.gateway.conformity import BY_NAME
from tests.gateway.conftest import Ask
from tests.gateway.fakes import Answers
from tests.gateway.signing import Signing

PERMISSIONS = load()
READS_ONLY = {"auditor", "management", "inspector"}

# Duties that must stay apart, and who alone has them.
APART = {
    "customer.kyc.submit": {"adviser", "team_leader"},
    "customer.kyc.review": {"compliance"},
    "assessment.submit": {"client_channel"},
    "level.confirm": {"client_channel"},
    "assessment.read": {"compliance", "inspector", "auditor"},
    "sale.draft": {"adviser", "team_leader"},
    "sale.sign": {"adviser", "team_leader"},
    "sale.pay": {"operations", "system"},
    "sale.rescind": {"adviser", "team_leader", "service_desk", "operations"},
    "sale.callback": {"service_desk"},
    "sale.confirm": {"operations"},
    "recording.record": {"adviser", "team_leader"},
    "recording.play": {"compliance", "inspector", "auditor"},
    "product.write": {"operations"},
    "product.rate": {"compliance", "operations"},
    "rule_pack.draft": {"compliance"},
    "rule_pack.release": {"compliance"},
    "rehearsal.start": {"compliance"},
    "rehearsal.read": {"compliance", "management", "auditor"},
    "import.start": {"operations", "system"},
    "lead.assign": {"team_leader", "branch_manager", "operations"},
    "staff.write": {"administrator", "system"},
    "bus.read": {"operations"},
    "bus.operate": {"operations"},
}


def holders(permission: str) -> set[str]:
    return {role for role, may in PERMISSIONS.roles.items() if permission in may}


def test_every_permission_opens_something_and_every_door_has_a_key() -> None:
    needed = {operation.permission for operation in OPERATIONS}

    assert needed == PERMISSIONS.known


@pytest.mark.parametrize(("permission", "roles"), APART.items(), ids=list(APART))
def test_duties_stay_apart(permission: str, roles: set[str]) -> None:
    assert holders(permission) == roles


@pytest.mark.parametrize("role", sorted(READS_ONLY))
def test_who_watches_changes_nothing(role: str) -> None:
    verbs = {permission.rpartition(".")[2] for permission in PERMISSIONS.roles[role]}

    assert verbs <= {"read", "play"}


def test_no_second_role_opens_to_the_institution_what_one_opens_to_a_few() -> None:
    """Permissions add up and the widest reach counts: together they would be more than both."""
    staff = sorted(PERMISSIONS.roles.keys() - SYSTEM_ROLES)

    for pair in map(frozenset, combinations(staff, 2)):
        reaches = {PERMISSIONS.reach[role] for role in pair}
        if Reach.INSTITUTION in reaches and len(reaches) > 1:
            assert PERMISSIONS.conflict(pair), sorted(pair)


def test_several_roles_may_do_what_any_of_them_may() -> None:
    both = PERMISSIONS.of(frozenset({"adviser", "team_leader"}))

    assert both == PERMISSIONS.roles["adviser"] | PERMISSIONS.roles["team_leader"]


def test_every_role_has_one_reach() -> None:
    assert PERMISSIONS.reach.keys() == PERMISSIONS.roles.keys()


def test_the_widest_reach_and_all_the_sights_of_several_roles_count() -> None:
    sight = PERMISSIONS.sight(frozenset({"adviser", "branch_manager"}))

    assert sight == Sight(Reach.BRANCH, frozenset({"name", "search"}))


def test_an_unknown_role_sees_nothing() -> None:
    assert PERMISSIONS.sight(frozenset({"emperor"})) == Sight(Reach.NONE, frozenset())


def test_only_known_roles_are_told_to_see_or_to_stay_apart() -> None:
    told = set().union(*PERMISSIONS.sees.values(), *(a.one | a.other for a in PERMISSIONS.apart))

    assert told <= PERMISSIONS.roles.keys()


@pytest.mark.parametrize(
    "roles",
    [("adviser", "service_desk"), ("team_leader", "compliance"), ("auditor", "operations")],
    ids="+".join,
)
def test_duties_in_conflict_open_no_door(
    roles: tuple[str, ...], ask: Ask, signing: Signing, answers: Answers
) -> None:
    token = signing.staff(*roles)

    answer = ask("GET", "/me", role="", headers={"Authorization": f"Bearer {token}"})

    assert (answer.status_code, answer.json()["code"]) == (403, "duties_in_conflict")
    assert answers.calls == []


def test_a_leader_may_advise_too() -> None:
    assert not PERMISSIONS.conflict(frozenset({"adviser", "team_leader"}))


def test_an_unknown_role_may_only_ask_who_it_is() -> None:
    assert PERMISSIONS.of(frozenset({"emperor"})) == {"me.read"}


@pytest.mark.parametrize("role", sorted(PERMISSIONS.roles))
def test_the_door_keeps_to_the_permissions(role: str, ask: Ask, answers: Answers) -> None:
    for case in CASES:
        answers.given[case.rpc] = case.answer
        operation = BY_NAME[case.operation]
        more: dict[str, Any] = {"params": case.query, "json": case.json, "headers": case.headers}

        answer = ask(operation.method, case.path, role, **more)

        allowed = operation.permission in PERMISSIONS.roles[role]
        assert (answer.status_code == 403) is not allowed, case.operation
        assert allowed or answer.json()["code"] == "not_permitted"
    reached = {call.method for call in answers.calls}
    assert reached == {c.rpc for c in CASES if role in holders(BY_NAME[c.operation].permission)}
