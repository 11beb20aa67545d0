"""Who takes little by little takes much."""

from gateway.takings import BULK, MOST, SECONDS, STEADILY, Takings

PAGE = BULK - 1


def told(takings: Takings, *rows: int, who: str = "s-1", operation: str = "list") -> list[int]:
    return [takings.to_tell(who, operation, each) for each in rows]


def test_much_at_once_is_told_at_once() -> None:
    assert told(Takings(), 0, BULK - 1, BULK, 2 * BULK) == [0, 0, BULK, 2 * BULK]


def test_many_small_pages_are_told_together() -> None:
    takings = Takings()

    assert told(takings, PAGE, PAGE, PAGE, PAGE) == [0, 0, 0, 4 * PAGE]
    assert told(takings, PAGE) == [0]


def test_who_asks_all_the_time_leaves_few_entries() -> None:
    takings = Takings(lambda: 0.0)

    entries = [each for each in told(takings, *[50] * 700) if each]

    assert entries == [STEADILY, 10 * STEADILY, 100 * STEADILY]


def test_who_looks_now_and_then_is_not_told_of() -> None:
    moments = iter(range(0, 10_000, int(SECONDS) // 2))
    takings = Takings(lambda: next(moments))

    assert told(takings, *[STEADILY // 4] * 20) == [0] * 20


def test_callers_and_operations_are_counted_apart() -> None:
    takings = Takings()
    told(takings, PAGE, PAGE, PAGE)

    assert told(takings, PAGE, who="s-2") == [0]
    assert told(takings, PAGE, operation="another") == [0]
    assert told(takings, PAGE) == [4 * PAGE]


def test_counts_do_not_grow_without_bound() -> None:
    takings = Takings(lambda: 0.0)
    told(takings, PAGE, PAGE, PAGE)

    for number in range(MOST):
        told(takings, 1, who=f"s-{number}", operation="another")

    assert told(takings, PAGE) == [0]
