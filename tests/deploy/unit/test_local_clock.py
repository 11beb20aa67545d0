from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.local import clock
from deploy.local.clock import OffsetClock, duration
from deploy.local.say import Problem

A_MOMENT = timedelta(seconds=5)


@pytest.fixture
def offset(tmp_path: Path) -> Path:
    return tmp_path / "clock-offset"


def test_time_is_real_until_it_is_moved(offset: Path) -> None:
    assert abs(OffsetClock(offset)() - datetime.now(UTC)) < A_MOMENT


def test_moves_add_up_and_outlive_the_process(offset: Path) -> None:
    clock.forward(offset, timedelta(hours=24))
    clock.forward(offset, timedelta(days=3))

    assert abs(OffsetClock(offset)() - datetime.now(UTC) - timedelta(days=4)) < A_MOMENT


def test_a_running_process_notices_within_a_second(offset: Path) -> None:
    now = 100.0
    running = OffsetClock(offset, monotonic=lambda: now)
    running()

    clock.forward(offset, timedelta(days=1))
    now += 1.0

    assert running() - datetime.now(UTC) > timedelta(hours=23)


def test_time_never_goes_back(offset: Path) -> None:
    with pytest.raises(Problem, match="cannot go back"):
        clock.forward(offset, timedelta(hours=-1))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("24h", timedelta(hours=24)),
        ("3d", timedelta(days=3)),
        ("90m", timedelta(minutes=90)),
        ("1d12h", timedelta(hours=36)),
    ],
)
def test_durations_are_written_with_their_units(text: str, meant: timedelta) -> None:
    assert duration(text) == meant


@pytest.mark.parametrize("text", ["", "24", "-24h", "a day", "1.5h"])
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(Problem, match="no duration"):
        duration(text)
