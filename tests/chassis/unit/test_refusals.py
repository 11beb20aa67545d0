from chassis.trail import Entry, Outcome
from chassis.trail.refusals import SECONDS, Refusals

REFUSED = Entry(action="call.refused", outcome=Outcome.REFUSED)


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def counted(entries: list[Entry]) -> list[tuple[object, object]]:
    return [
        (entry.details["source"], entry.details["count"])
        for entry in entries
        if entry.action == "refusals.counted"
    ]


def test_of_a_flood_only_so_many_are_written_and_the_rest_counted() -> None:
    time = Time()
    refusals = Refusals(per_source=3, altogether=100, now=time)

    written = [entry for _ in range(50) for entry in refusals.to_write("s-1", REFUSED)]
    time.now += SECONDS + 1
    later = refusals.to_write("s-1", REFUSED)

    assert written == [REFUSED] * 3
    assert counted(later) == [("s-1", 47)]
    assert later[-1] is REFUSED


def test_one_who_floods_takes_nothing_from_another() -> None:
    refusals = Refusals(per_source=3, altogether=100, now=Time())
    for _ in range(50):
        refusals.to_write("s-1", REFUSED)

    assert refusals.to_write("s-2", REFUSED) == [REFUSED]


def test_a_flood_from_many_sources_is_bounded_too() -> None:
    refusals = Refusals(per_source=3, altogether=10, now=Time())

    written = [entry for n in range(500) for entry in refusals.to_write(f"s-{n}", REFUSED)]

    assert written == [REFUSED] * 10
    assert sum(int(str(count)) for _, count in counted(refusals.rest())) == 490


def test_so_many_sources_are_remembered_and_no_more() -> None:
    refusals = Refusals(per_source=0, altogether=0, now=Time())

    told = [entry for n in range(12_000) for entry in refusals.to_write(f"s-{n}", REFUSED)]

    assert len(told) + len(refusals.rest()) == 12_000
    assert len(told) >= 1_990


def test_nothing_is_counted_where_everything_was_written() -> None:
    refusals = Refusals(now=Time())
    refusals.to_write("s-1", REFUSED)

    assert refusals.rest() == []
