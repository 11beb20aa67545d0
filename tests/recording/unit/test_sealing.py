import json
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest

from chassis.errors import Conflict, NotFound, RuleBroken
from services.recording.domain.events import (
    RecordingSealed,
)
from services.recording.domain.mark import Answer
from services.recording.domain.recording import State
from tests.recording.unit.studio import FILM, NOON, Studio


@pytest.fixture
def studio() -> Studio:
    return Studio()


def test_every_time_a_node_was_said_is_kept_and_the_last_counts(studio: Studio) -> None:
    studio.open()
    studio.store()

    studio.mark("risks", Answer.NO, 1000)
    studio.mark("risks", Answer.YES, 9000)
    studio.mark("risks", Answer.YES, 9000)

    assert [mark.answer for mark in studio.recording().marks] == ["no", "yes"]
    last = studio.recording().last_mark("risks")
    assert last is not None
    assert last.offset_ms == 9000


def test_only_nodes_of_the_script_and_segments_of_the_recording_are_marked(
    studio: Studio,
) -> None:
    studio.open()
    with pytest.raises(NotFound, match="segment"):
        studio.mark("risks", Answer.YES)

    studio.store()
    with pytest.raises(NotFound, match="node"):
        studio.mark("weather", Answer.YES)


def test_a_complete_recording_is_sealed_and_announced(studio: Studio) -> None:
    studio.ready_to_seal().seal()

    recording = studio.recording()
    assert (recording.state, recording.seal is not None) == (State.SEALED, True)
    assert recording.seal is not None
    assert recording.seal.retain_until == date(2046, 11, 23)
    assert recording.seal.rules == ("REC-13", "AML-02")
    assert studio.announced[-1] == RecordingSealed("r-1", "sale-1", "c-1", "P1", recording.seal)


def test_everything_sealed_is_locked_until_its_last_day_is_over(studio: Studio) -> None:
    studio.ready_to_seal().seal()

    midnight = datetime(2046, 11, 23, 16, tzinfo=UTC)
    assert [kept.locked_until for kept in studio.shelf.objects.values()] == [midnight] * 2


def test_the_manifest_says_all_there_is_and_hashes_to_its_digest(studio: Studio) -> None:
    studio.ready_to_seal().seal()

    recording = studio.recording()
    assert recording.seal is not None
    written = next(
        kept.content
        for stored, kept in studio.shelf.objects.items()
        if stored.name == recording.manifest_name
    )
    manifest = json.loads(written)
    assert sha256(written).hexdigest() == recording.seal.digest
    assert (manifest["sale_id"], manifest["customer_id"], manifest["retain_until"]) == (
        "sale-1",
        "c-1",
        "2046-11-23",
    )
    assert manifest["nodes"][1]["marks"][0]["answer"] == "yes"
    assert manifest["segments"][0]["sha256"] == sha256(FILM).hexdigest()
    assert manifest["segments"][0]["version_id"] == recording.segments[0].version_id


def test_sealing_again_answers_the_same_seal(studio: Studio) -> None:
    studio.ready_to_seal().seal()
    seal = studio.recording().seal

    studio.seal(at=NOON + timedelta(days=1))

    assert studio.recording().seal == seal
    assert len(studio.announced) == 2


@pytest.mark.parametrize(
    ("nodes", "rule", "says"),
    [
        ([("identity", None)], "REC-02", "not recorded: risks"),
        ([("identity", None), ("risks", None)], "REC-02", "clearly say yes at: risks"),
        ([("identity", None), ("risks", Answer.NO)], "REC-02", "clearly say yes at: risks"),
    ],
)
def test_a_script_that_was_not_followed_is_not_sealed(
    studio: Studio, nodes: list[tuple[str, Answer | None]], rule: str, says: str
) -> None:
    studio.open()
    studio.store()
    for node_id, answer in nodes:
        studio.mark(node_id, answer)

    with pytest.raises(RuleBroken, match=says) as refused:
        studio.seal()

    assert refused.value.rule == rule
    assert studio.recording().state is State.OPEN


def test_a_recording_with_a_gap_is_not_sealed(studio: Studio) -> None:
    studio.ready_to_seal()
    studio.start(b"never uploaded", segment_id="g-2")

    with pytest.raises(RuleBroken, match="not stored: 2") as refused:
        studio.seal()

    assert refused.value.rule == "REC-03"


@pytest.mark.parametrize(
    "change",
    [
        lambda studio: studio.start(b"more", segment_id="g-2"),
        lambda studio: studio.mark("risks", Answer.NO),
        lambda studio: studio.abandon(),
    ],
    ids=["start", "mark", "abandon"],
)
def test_sealed_is_final(studio: Studio, change: object) -> None:
    studio.ready_to_seal().seal()

    assert callable(change)
    with pytest.raises(Conflict, match="sealed"):
        change(studio)
    with pytest.raises(Conflict, match="sealed"):
        studio.open("r-2")
