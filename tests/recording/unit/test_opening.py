from collections.abc import Callable
from dataclasses import replace

import pytest

from chassis.errors import Conflict, Forbidden, NotFound
from chassis.scope import Custody
from services.recording.domain.actor import Actor
from services.recording.domain.events import (
    RecordingAbandoned,
    RecordingOpened,
)
from services.recording.domain.known import Insurance
from services.recording.domain.recording import State
from services.recording.domain.regime import ProductKind
from services.recording.usecases.end_sale import EndSale, end_sale
from services.recording.usecases.watch_segment import WatchSegment, watch_segment
from tests.recording.unit.studio import ADVISER, FUND, NOON, SALE, SCRIPT, Studio

LEADER = Actor("s-leader", frozenset({"team_leader"}), "t-1")
CAI = Actor("s-cai", frozenset({"adviser"}), "t-2")
OTHER_LEADER = Actor("s-other", frozenset({"team_leader"}), "t-2")
INSPECTOR = Actor("s-inspector", frozenset({"inspector"}))


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


def test_the_leader_does_not_record_the_same_sale_beside_the_adviser(studio: Studio) -> None:
    studio.open("r-1")

    with pytest.raises(Conflict, match="open"):
        studio.open("r-2", by=LEADER)


def test_after_a_handover_the_new_adviser_gives_up_what_was_open_and_records_anew(
    studio: Studio,
) -> None:
    studio.open("r-1")
    studio.hand_over(Custody("s-cai", "t-2", "b-1"), sequence=2)

    studio.abandon("taken over", by=CAI)

    assert studio.open("r-2", by=CAI) == "r-2"


@pytest.mark.parametrize("stranger", [CAI, OTHER_LEADER, replace(ADVISER, roles=frozenset())])
def test_nobody_records_the_sale_of_a_client_they_do_not_serve(
    studio: Studio, stranger: Actor
) -> None:
    with pytest.raises(Forbidden) as caught:
        studio.open(by=stranger)

    assert caught.value.code == "not_your_client"


@pytest.mark.parametrize("stranger", [CAI, OTHER_LEADER, INSPECTOR])
@pytest.mark.parametrize("step", ["start", "complete", "mark", "seal", "abandon"])
def test_nobody_goes_on_with_the_recording_of_a_client_they_do_not_serve(
    studio: Studio, stranger: Actor, step: str
) -> None:
    studio.open()
    parts = studio.put(studio.start())
    before = vars(studio.recording())
    steps: dict[str, Callable[[], object]] = {
        "start": lambda: studio.start(by=stranger),
        "complete": lambda: studio.complete(parts, by=stranger),
        "mark": lambda: studio.mark("identity", by=stranger),
        "seal": lambda: studio.seal(by=stranger),
        "abandon": lambda: studio.abandon(by=stranger),
    }

    with pytest.raises(Forbidden) as caught:
        steps[step]()

    assert caught.value.code == "not_your_client"
    assert studio.recording().version == before["version"]


def watch(studio: Studio, by: Actor) -> None:
    command = WatchSegment(recording_id="r-1", segment_id="g-1", by=by)
    studio.run(watch_segment, command)


def test_who_inspects_watches_and_leaves_an_entry_in_the_trail(studio: Studio) -> None:
    studio.open()
    studio.store()

    watch(studio, INSPECTOR)

    entries = studio.database.contents.recorded
    assert [(each.action, each.subject, each.details) for each in entries] == [
        ("recording.watched", "r-1", {"segment_id": "g-1"})
    ]


@pytest.mark.parametrize("by", [ADVISER, LEADER])
def test_who_sells_does_not_watch(studio: Studio, by: Actor) -> None:
    studio.open()
    studio.store()

    with pytest.raises(Forbidden) as caught:
        watch(studio, by)

    assert caught.value.code == "watching_needs_inspection"
    assert studio.database.contents.recorded == []


def test_an_abandoned_recording_allows_a_new_one(studio: Studio) -> None:
    studio.open("r-1")
    studio.abandon("picture failed")

    assert studio.open("r-2") == "r-2"
    assert RecordingAbandoned("r-1", "sale-1", NOON) in studio.announced


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
