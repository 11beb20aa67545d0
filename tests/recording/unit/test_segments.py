from datetime import timedelta

import pytest

from chassis.errors import Conflict, Invalid, RuleBroken
from services.recording.domain.segment import MEBIBYTE, PART_SIZE, Capture, ContentType
from tests.recording.unit.studio import FILM, LARGEST, NOON, Studio


@pytest.fixture
def studio() -> Studio:
    return Studio()


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
