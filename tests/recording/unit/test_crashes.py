"""Whatever dies between the database and the object store is mended by calling again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from services.recording.domain.events import RecordingSealed
from services.recording.domain.recording import State
from services.recording.usecases.sweep_uploads import LEFT_FOR, SweepUploads, sweep_uploads
from tests.recording.unit.studio import FILM, NOON, Studio


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Killer:
    """Kills at the nth step: before it took effect, or just after."""

    step: int
    after: bool
    taken: int = 0

    def watch(self, action: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            self.taken += 1
            if self.taken == self.step and not self.after:
                raise Killed
            result = action(*args, **kwargs)
            if self.taken == self.step:
                raise Killed
            return result

        return watched


class Watched:
    """Evidence whose every call is a step."""

    def __init__(self, evidence: Any, killer: Killer) -> None:
        self._evidence = evidence
        self._killer = killer

    def __getattr__(self, name: str) -> Any:
        return self._killer.watch(getattr(self._evidence, name))


def killed_once(studio: Studio, killer: Killer, act: Callable[[], object]) -> bool:
    """Act while the killer is about, then again in peace; False when it never struck."""
    run, evidence = studio.run, studio.evidence
    studio.run, studio.evidence = killer.watch(run), Watched(evidence, killer)  # type: ignore[assignment]
    try:
        act()
    except Killed:
        return True
    finally:
        studio.run, studio.evidence = run, evidence
    return False


KILLS = [Killer(step, after) for step in range(1, 8) for after in (False, True)]


@pytest.mark.parametrize("kill", KILLS, ids=str)
def test_a_seal_survives_a_kill_at_every_step(kill: Killer) -> None:
    studio, killer = Studio().ready_to_seal(), Killer(kill.step, kill.after)

    killed_once(studio, killer, studio.seal)
    studio.seal()

    recording, objects = studio.recording(), studio.evidence.objects
    sealed = [event for event in studio.announced if isinstance(event, RecordingSealed)]
    assert recording.state is State.SEALED
    assert recording.seal is not None
    assert [event.seal for event in sealed] == [recording.seal]
    assert len(objects) == 2
    assert {kept.locked_until for kept in objects.values()} == {recording.seal.locked_until}


@pytest.mark.parametrize("kill", KILLS, ids=str)
def test_a_completion_survives_a_kill_at_every_step(kill: Killer) -> None:
    studio, killer = Studio(), Killer(kill.step, kill.after)
    studio.open()
    parts = studio.put(studio.start())

    killed_once(studio, killer, lambda: studio.complete(parts))
    studio.complete(parts)

    (segment,) = studio.recording().segments
    assert [kept.content for kept in studio.evidence.objects.values()] == [FILM]
    assert segment.stored_object in studio.evidence.objects


@pytest.mark.parametrize("kill", KILLS, ids=str)
def test_a_start_survives_a_kill_at_every_step_and_leaves_nothing_for_ever(kill: Killer) -> None:
    studio, killer = Studio(), Killer(kill.step, kill.after)
    studio.open()

    killed_once(studio, killer, lambda: studio.start(segment_id="g-1"))
    started = studio.start(segment_id="g-1")
    studio.complete(studio.put(started))
    sweep_uploads(SweepUploads(at=NOON + LEFT_FOR * 2), studio.run, studio.evidence)

    (segment,) = studio.recording().segments
    assert segment.is_stored
    assert studio.evidence.uploads == {}


@pytest.mark.parametrize("kill", KILLS, ids=str)
def test_a_sweep_survives_a_kill_at_every_step(kill: Killer) -> None:
    studio, killer = Studio(), Killer(kill.step, kill.after)
    studio.open()
    studio.start()

    def sweep() -> None:
        sweep_uploads(SweepUploads(at=NOON + LEFT_FOR * 2), studio.run, studio.evidence)

    killed_once(studio, killer, sweep)
    sweep()

    assert studio.evidence.uploads == {}
    assert studio.database.contents.uploads == {}


def test_the_killer_does_strike() -> None:
    studio = Studio().ready_to_seal()

    assert killed_once(studio, Killer(3, after=True), studio.seal)
    assert studio.recording().state is State.SEALING
