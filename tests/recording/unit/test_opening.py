from dataclasses import replace

import pytest

from chassis.errors import Conflict, NotFound
from services.recording.domain.events import (
    RecordingAbandoned,
    RecordingOpened,
)
from services.recording.domain.known import Insurance
from services.recording.domain.recording import State
from services.recording.domain.regime import ProductKind
from services.recording.usecases.end_sale import EndSale, end_sale
from tests.recording.unit.studio import FUND, NOON, SALE, SCRIPT, Studio


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
