import pytest

from chassis.scope import EVERYTHING, Custody, Reach, Scope, widest

THEIRS = Custody("s-ada", "t-1", "b-1")
NOBODYS = Custody()


def scope(reach: Reach, staff_id: str = "s-bo", team_id: str = "", branch_id: str = "") -> Scope:
    return Scope(reach=reach, staff_id=staff_id, team_id=team_id, branch_id=branch_id)


@pytest.mark.parametrize(
    ("seer", "seen"),
    [
        (scope(Reach.NONE, "s-ada", "t-1", "b-1"), False),
        (scope(Reach.OWN, "s-ada"), True),
        (scope(Reach.OWN, "s-bo", "t-1", "b-1"), False),
        (scope(Reach.TEAM, "s-bo", "t-1"), True),
        (scope(Reach.TEAM, "s-bo", "t-2", "b-1"), False),
        (scope(Reach.TEAM, "s-ada", "t-2"), True),
        (scope(Reach.BRANCH, "s-bo", "t-2", "b-1"), True),
        (scope(Reach.BRANCH, "s-bo", "t-1", "b-2"), False),
        (scope(Reach.INSTITUTION), True),
        (EVERYTHING, True),
    ],
    ids=str,
)
def test_a_client_is_seen_as_far_as_the_reach_goes(seer: Scope, seen: bool) -> None:
    assert seer.covers(THEIRS, "c-1") is seen


@pytest.mark.parametrize(
    ("reach", "seen"),
    [(Reach.NONE, False), (Reach.OWN, False), (Reach.TEAM, True), (Reach.BRANCH, True)],
)
def test_what_nobody_looks_after_is_seen_from_the_team_upward(reach: Reach, seen: bool) -> None:
    assert scope(reach, team_id="t-1", branch_id="b-1").covers(NOBODYS, "c-1") is seen


def test_a_caller_without_team_does_not_see_what_has_no_team() -> None:
    nowhere = Custody("s-ada")

    assert not scope(Reach.TEAM).covers(nowhere, "c-1")
    assert not scope(Reach.BRANCH).covers(nowhere, "c-1")


def test_what_was_shared_is_seen_whatever_the_reach() -> None:
    one = Scope(reach=Reach.NONE, staff_id="s-bo", shared_subjects=frozenset({"c-1"}))
    book = Scope(reach=Reach.OWN, staff_id="s-bo", shared_owners=frozenset({"s-ada"}))

    assert one.covers(THEIRS, "c-1") and not one.covers(THEIRS, "c-2")
    assert book.covers(THEIRS, "c-2") and not book.covers(NOBODYS, "c-2")


def test_the_widest_reach_counts() -> None:
    assert widest([Reach.OWN, Reach.BRANCH, Reach.TEAM]) is Reach.BRANCH
    assert widest([]) is Reach.NONE
