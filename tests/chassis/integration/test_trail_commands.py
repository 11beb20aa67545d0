"""python -m services.<name> trail …: what is printed, and the exit code."""

import pytest

from chassis.trail.commands import Kept, run
from tests.chassis.trails import NAME, Trail


def command(trail: Trail, *argv: str) -> int:
    return run(argv, Kept(NAME, trail.url, 183))


def test_an_intact_trail_is_said_to_be_so(trail: Trail, capsys: pytest.CaptureFixture[str]) -> None:
    trail.recorded(3).record(1)

    code = command(trail, "verify")

    said = capsys.readouterr().out
    assert code == 0
    assert "3 links read, 1 entries not linked yet" in said
    assert f"intact up to position 3, digest {trail.verdict().head.digest.hex()}" in said


def test_a_broken_one_names_its_first_break(
    trail: Trail, capsys: pytest.CaptureFixture[str]
) -> None:
    trail.recorded(3).tamper("UPDATE trail_entries SET actor = 's-2' WHERE entry_id = 2")

    code = command(trail, "verify")

    assert code == 1
    assert "BROKEN: position 2, entry 2: changed" in capsys.readouterr().out


def test_a_head_that_others_hold_is_looked_for(
    trail: Trail, capsys: pytest.CaptureFixture[str]
) -> None:
    held = trail.recorded(3).verdict().head.digest.hex()

    assert command(trail, "verify", "--head", held) == 0
    assert command(trail, "verify", "--head", "00" * 32) == 1
    assert "the announced head is not in this chain" in capsys.readouterr().out


@pytest.mark.parametrize("argv", [[], ["rewrite"], ["verify", "--head", "xyz"]])
def test_what_is_not_understood_changes_nothing(
    trail: Trail, argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(trail, *argv) == 2
    assert "usage" in capsys.readouterr().err


def test_the_head_is_shown(trail: Trail, capsys: pytest.CaptureFixture[str]) -> None:
    head = trail.recorded(2).verdict().head

    assert command(trail, "head") == 0
    assert f"position 2, digest {head.digest.hex()}" in capsys.readouterr().out


def test_what_was_found_is_remembered(trail: Trail) -> None:
    trail.recorded(2)
    command(trail, "verify")
    trail.tamper("DELETE FROM trail_entries WHERE entry_id = 1")
    command(trail, "verify")

    found = trail.rows("SELECT found FROM trail_verifications ORDER BY verification_id")
    assert [row.found for row in found] == ["intact", "missing"]


def test_old_entries_are_let_go_of_unless_one_is_missing(
    trail: Trail, capsys: pytest.CaptureFixture[str]
) -> None:
    trail.recorded(4).age(days=200, below=3)

    assert command(trail, "prune") == 0
    assert "2 entries older than 183 days are gone" in capsys.readouterr().out

    trail.age(days=200, below=5)
    trail.tamper("DELETE FROM trail_entries WHERE entry_id = 3")
    assert command(trail, "prune") == 1
    assert "verify the trail first" in capsys.readouterr().err
