"""What every RecordingWork must do, the fake included."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from chassis.database import begin, engine
from chassis.errors import Conflict, NotFound
from chassis.scope import EVERYTHING
from services.recording.adapters.database import SqlRecordingWork
from services.recording.adapters.sealing import SEALED
from services.recording.domain.known import Insurance
from services.recording.domain.mark import Answer, Mark
from services.recording.domain.recording import Recording, State
from services.recording.domain.regime import ProductKind
from services.recording.domain.seal import Seal
from services.recording.domain.segment import Found
from services.recording.usecases.ports import BegunUpload, RecordingWork
from tests.recording.unit.fakes import FakeDatabase
from tests.recording.unit.studio import FUND, NOON, SALE, SCRIPT, capture
from tests.sealing import sealer_of
from tests.tables import without_trail

Begin = Callable[[], AbstractContextManager[RecordingWork]]


@pytest.fixture(scope="module")
def database(create_database: Callable[[str], str]) -> str:
    from chassis.migrations import migrate
    from services.recording.bootstrap import SERVICE

    url = create_database("recording_work")
    migrate(url, SERVICE.migrations)
    return url


@pytest.fixture(params=["fake", "sql"])
def work(request: pytest.FixtureRequest) -> Iterator[Begin]:
    if request.param == "fake":
        yield FakeDatabase().begin
        return
    bound = engine(request.getfixturevalue("database"))
    yield begin(bound, partial(SqlRecordingWork, sealer=sealer_of(bound, SEALED), scope=EVERYTHING))
    from services.recording.adapters.tables import metadata

    with bound.begin() as connection:
        for table in reversed(without_trail(metadata)):
            connection.execute(table.delete())
    bound.dispose()


def recording(recording_id: str = "r-1") -> Recording:
    return Recording(
        recording_id=recording_id,
        sale_id="sale-1",
        customer_id="c-1",
        product_id="P1",
        script=SCRIPT,
        opened_by="s-ada",
        opened_at=NOON,
    )


def full_recording() -> Recording:
    full = recording()
    segment = full.claim_segment(capture(), segment_id="g-1", by="s-ada", at=NOON)
    full.note_upload("g-1", "upload-1")
    found = Found("version-1", segment.capture.byte_size, segment.capture.sha256)
    full.keep_segment("g-1", found, NOON + timedelta(minutes=1))
    for node_id, answer in (("identity", None), ("risks", Answer.YES)):
        full.mark(
            Mark(
                node_id=node_id,
                segment_id="g-1",
                offset_ms=500,
                answer=answer,
                by="s-ada",
                at=NOON,
            )
        )
    return full


SEAL = Seal(
    manifest='{"风险":"是"}',
    digest="0" * 64,
    retain_until=date(2046, 11, 23),
    rules=("REC-13", "AML-02"),
    locked_until=NOON + timedelta(days=7305),
    by="s-ada",
    at=NOON,
)


def keep(work: Begin, kept: Recording) -> None:
    with work() as first:
        first.recordings.add(kept)
        first.commit()


def facts(one: Recording) -> dict[str, object]:
    """All of it, comparable."""
    return vars(one) | {"segments": [vars(segment) for segment in one.segments]}


def test_a_recording_is_found_as_it_was(work: Begin) -> None:
    kept = full_recording()
    keep(work, kept)

    with work() as second:
        found = second.recordings.get("r-1")
        of_sale = second.recordings.of_sale("sale-1")
    assert facts(found) == facts(kept)
    assert found.version == 1
    assert of_sale is not None
    assert facts(of_sale) == facts(found)


def test_a_saved_recording_is_found_as_it_was(work: Begin) -> None:
    keep(work, recording())
    full = full_recording()
    full.version = 1

    with work() as second:
        second.recordings.save(full)
        second.commit()
    full.start_sealing(SEAL)
    full.finish_sealing("version-2")
    with work() as third:
        third.recordings.save(full)
        third.commit()

    with work() as fourth:
        found = fourth.recordings.get("r-1")
    assert facts(found) == facts(full)
    assert (found.version, found.state) == (3, State.SEALED)


def test_an_abandoned_recording_leaves_room_for_another(work: Begin) -> None:
    abandoned = recording("r-1")
    abandoned.abandon(reason="picture failed", by="s-ada", at=NOON)
    keep(work, abandoned)
    keep(work, recording("r-2"))

    with work() as third:
        assert facts(third.recordings.get("r-1")) == facts(abandoned)
        of_sale = third.recordings.of_sale("sale-1")
    assert of_sale is not None
    assert of_sale.recording_id == "r-2"


def test_a_sale_has_one_recording_at_a_time(work: Begin) -> None:
    keep(work, recording("r-1"))

    with pytest.raises(Conflict), work() as second:
        second.recordings.add(recording("r-2"))


def test_what_was_never_kept_is_not_found(work: Begin) -> None:
    with work() as first:
        first.recordings.add(recording())

    with work() as second:
        assert second.recordings.of_sale("sale-1") is None
        assert second.sales.find("sale-1") is None
        assert second.products.find("P1") is None
        with pytest.raises(NotFound):
            second.recordings.get("r-1")


def test_of_two_who_read_the_same_version_the_second_is_refused(work: Begin) -> None:
    keep(work, recording())
    with work() as reader:
        one, other = reader.recordings.get("r-1"), reader.recordings.get("r-1")
    with work() as second:
        second.recordings.save(one)
        second.commit()

    with pytest.raises(Conflict), work() as third:
        third.recordings.save(other)


def test_the_newest_of_a_sale_is_kept(work: Begin) -> None:
    with work() as first:
        first.sales.keep(SALE, 5)
        first.sales.keep(replace(SALE, ended=True), 7)
        first.sales.keep(SALE, 6)
        first.commit()

    with work() as second:
        assert second.sales.find("sale-1") == replace(SALE, ended=True)


def test_the_newest_of_a_product_is_kept(work: Begin) -> None:
    terms = Insurance("life", "universal", 20)
    newest = replace(FUND, kind=ProductKind.INSURANCE, insurance=terms)
    with work() as first:
        first.products.keep(FUND, 5)
        first.products.keep(newest, 7)
        first.products.keep(FUND, 6)
        first.commit()

    with work() as second:
        assert second.products.find("P1") == newest


def test_begun_uploads_are_found_oldest_first_and_forgotten(work: Begin) -> None:
    uploads = [BegunUpload(name, NOON + timedelta(hours=h)) for name, h in (("b", 1), ("a", 0))]
    with work() as first:
        for upload in [*uploads, BegunUpload("c", NOON + timedelta(hours=9))]:
            first.uploads.note(upload)
        first.commit()

    with work() as second:
        found = second.uploads.begun_before(NOON + timedelta(hours=2), 10)
        assert [upload.name for upload in found] == ["a", "b"]
        assert len(second.uploads.begun_before(NOON + timedelta(hours=2), 1)) == 1
        for upload in found:
            second.uploads.forget(upload)
        assert second.uploads.begun_before(NOON + timedelta(hours=2), 10) == []


def test_an_upload_begun_again_meanwhile_is_not_forgotten(work: Begin) -> None:
    with work() as first:
        first.uploads.note(BegunUpload("a", NOON))
        first.uploads.note(BegunUpload("a", NOON + timedelta(hours=1)))
        first.uploads.forget(BegunUpload("a", NOON))

        found = first.uploads.begun_before(NOON + timedelta(hours=2), 10)
    assert found == [BegunUpload("a", NOON + timedelta(hours=1))]


def test_a_message_is_new_only_once(work: Begin) -> None:
    with work() as first:
        assert not first.already_handled("m-1")
        first.commit()

    with work() as second:
        assert second.already_handled("m-1")
