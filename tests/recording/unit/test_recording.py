import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest

from chassis.errors import Conflict, Invalid, NotFound, RuleBroken
from services.recording.domain.events import (
    RecordingAbandoned,
    RecordingOpened,
    RecordingSealed,
)
from services.recording.domain.known import Insurance
from services.recording.domain.mark import Answer
from services.recording.domain.recording import State
from services.recording.domain.regime import ProductKind
from services.recording.domain.segment import MEBIBYTE, PART_SIZE, Capture, ContentType
from services.recording.usecases.end_sale import EndSale, end_sale
from tests.recording.unit.studio import FILM, FUND, LARGEST, NOON, SALE, SCRIPT, Studio


@pytest.fixture
def studio() -> Studio:
    return Studio()


def end(studio: Studio, sequence: int = 9) -> None:
    command = EndSale(sale=replace(SALE, ended=True), sequence=sequence, at=NOON)
    studio.run(end_sale, command)


def test_a_recording_opens_with_the_script_of_its_product(studio: Studio) -> None:
    studio.open()

    assert studio.recording().script == SCRIPT
    assert studio.announced == [RecordingOpened("r-1", "sale-1", "c-1", "P1", "s-ada", NOON)]


def test_a_product_without_script_gets_the_built_in_one_of_its_kind(studio: Studio) -> None:
    studio.relist_without_script(ProductKind.PRIVATE_FUND)

    studio.open()

    ids = [node.node_id for node in studio.recording().script]
    assert ids[:3] == ["identity", "consent", "qualified"]


def test_insurance_without_script_is_asked_by_line_and_design(studio: Studio) -> None:
    terms = Insurance("health", "traditional", 1)
    studio.relist(replace(FUND, kind=ProductKind.INSURANCE, script=(), insurance=terms))

    studio.open()

    ids = {node.node_id for node in studio.recording().script}
    assert "health" in ids
    assert "uncertainty" not in ids


def test_the_script_of_an_open_recording_stays_when_the_product_changes(studio: Studio) -> None:
    studio.open()

    studio.relist_without_script(ProductKind.PUBLIC_FUND)

    assert studio.recording().script == SCRIPT


def test_a_sale_that_is_not_known_yet_may_take_a_moment(studio: Studio) -> None:
    with pytest.raises(NotFound, match="moment"):
        studio.open(sale_id="sale-2")


def test_opening_again_answers_the_recording_that_is_open(studio: Studio) -> None:
    studio.open("r-1")

    assert studio.open("r-2") == "r-1"
    assert len(studio.announced) == 1


def test_somebody_else_cannot_record_the_same_sale_beside(studio: Studio) -> None:
    studio.open("r-1")

    with pytest.raises(Conflict, match="open"):
        studio.open("r-2", by="s-bob")


def test_an_abandoned_recording_allows_a_new_one(studio: Studio) -> None:
    studio.open("r-1")
    studio.abandon("picture failed")

    assert studio.open("r-2") == "r-2"
    assert RecordingAbandoned("r-1", "sale-1", "picture failed", NOON) in studio.announced


def test_abandoning_twice_is_announced_once(studio: Studio) -> None:
    studio.open()
    studio.abandon()
    studio.abandon()

    assert len(studio.announced) == 2


def test_nothing_is_recorded_for_a_sale_that_ended(studio: Studio) -> None:
    end(studio)

    with pytest.raises(Conflict, match="ended"):
        studio.open()


def test_the_end_of_a_sale_abandons_its_open_recording(studio: Studio) -> None:
    studio.open()

    end(studio)

    assert studio.recording().state is State.ABANDONED


def test_the_end_of_a_sale_leaves_its_sealed_recording(studio: Studio) -> None:
    studio.ready_to_seal().seal()

    end(studio)

    assert studio.recording().state is State.SEALED


def test_a_late_draft_does_not_bring_an_ended_sale_back(studio: Studio) -> None:
    end(studio, sequence=9)
    studio.run(lambda _, work: work.sales.keep(SALE, 8), None)

    with pytest.raises(Conflict, match="ended"):
        studio.open()


def test_a_segment_is_stored_when_its_bytes_are_those_captured(studio: Studio) -> None:
    studio.open()

    studio.store()

    (segment,) = studio.recording().segments
    assert (segment.number, segment.is_stored) == (1, True)
    assert studio.shelf.objects[segment.stored_object].content == FILM


def test_an_edited_segment_is_refused_and_may_be_uploaded_again(studio: Studio) -> None:
    studio.open()
    started = studio.start()

    with pytest.raises(RuleBroken) as refused:
        studio.complete(studio.put(started, FILM[:-1] + b"!"))

    assert refused.value.rule == "REC-08"
    assert not studio.recording().segments[0].is_stored
    studio.store()
    assert studio.recording().segments[0].is_stored


def test_a_truncated_segment_is_refused(studio: Studio) -> None:
    studio.open()

    with pytest.raises(RuleBroken, match="not what was captured"):
        studio.complete(studio.put(studio.start(), FILM[:-1]))


def test_starting_the_same_segment_again_continues_its_upload(studio: Studio) -> None:
    studio.open()
    first = studio.start(segment_id="g-1")

    second = studio.start(segment_id="g-2")

    assert (second.segment_id, second.addresses) == ("g-1", first.addresses)


def test_starting_a_stored_segment_again_is_a_conflict(studio: Studio) -> None:
    studio.open()
    studio.store()

    with pytest.raises(Conflict, match="stored already"):
        studio.start()


def test_completing_a_stored_segment_again_changes_nothing(studio: Studio) -> None:
    studio.open()
    studio.store()

    studio.complete([])

    assert studio.recording().segments[0].is_stored


def test_missing_parts_are_refused_before_anything_is_assembled(studio: Studio) -> None:
    studio.open()
    film = bytes(PART_SIZE + 1)
    parts = studio.put(studio.start(film), film)

    with pytest.raises(Conflict, match="parts"):
        studio.complete(parts[:1])
    studio.complete(parts[::-1])

    assert studio.recording().segments[0].is_stored


@pytest.mark.parametrize("size", [0, -1, LARGEST + 1])
def test_the_size_of_a_segment_is_limited(size: int) -> None:
    with pytest.raises(Invalid) as refused:
        Capture(ContentType.AUDIO_WEBM, size, "0" * 64).check_size(LARGEST)

    assert refused.value.field == "byte_size"


@pytest.mark.parametrize(
    ("size", "part_size", "parts"),
    [
        (1, PART_SIZE, 1),
        (PART_SIZE, PART_SIZE, 1),
        (PART_SIZE + 1, PART_SIZE, 2),
        (1000 * PART_SIZE, PART_SIZE, 1000),
        (1000 * PART_SIZE + 1, PART_SIZE + MEBIBYTE, 889),
    ],
)
def test_a_segment_is_cut_into_at_most_a_thousand_parts(
    size: int, part_size: int, parts: int
) -> None:
    film = Capture(ContentType.VIDEO_MP4, size, "0" * 64)

    assert (film.part_size, film.parts) == (part_size, parts)


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


def test_uploads_left_behind_are_dropped_after_a_day(studio: Studio) -> None:
    studio.open()
    studio.start()

    for hours in (23, 25):
        studio.sweep(NOON + timedelta(hours=hours))
        assert bool(studio.shelf.uploads) is (hours < 24)

    assert studio.database.contents.uploads == {}


def test_a_segment_whose_upload_was_dropped_is_started_anew(studio: Studio) -> None:
    studio.open()
    parts = studio.put(studio.start())
    late = NOON + timedelta(hours=25)
    studio.sweep(late)

    with pytest.raises(Conflict, match="start the segment again"):
        studio.complete(parts)
    studio.complete(studio.put(studio.start(at=late)))

    assert studio.recording().segments[0].is_stored
