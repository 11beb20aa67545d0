"""How often the database is asked which packs are released."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from chassis.database import read_engine
from services.suitability.adapters.packs import shipped_documents
from services.suitability.adapters.released_packs import FRESH_FOR, ReleasedPacks


class Watch:
    """Counts the statements of an engine, and says the time."""

    def __init__(self, bound: sa.Engine) -> None:
        self.asked = 0
        self.seconds = 100.0
        sa.event.listen(bound, "after_cursor_execute", self._count)

    def _count(self, *_: object) -> None:
        self.asked += 1


@pytest.fixture
def bound(postgres_url: Callable[[str], str]) -> Iterator[sa.Engine]:
    made = read_engine(postgres_url("suitability"))
    yield made
    made.dispose()


def test_what_is_kept_asks_each_time_and_what_is_not_at_most_once_a_second(
    bound: sa.Engine,
) -> None:
    watch = Watch(bound)
    shipped = [document.read() for document in shipped_documents()]
    packs = ReleasedPacks(bound, shipped, ticking=lambda: watch.seconds)

    packs.recently()
    packs.recently()
    once = watch.asked
    watch.seconds += FRESH_FOR + 0.1
    packs.recently()
    twice = watch.asked
    packs.now()
    packs.now()

    assert (once, twice, watch.asked) == (1, 2, 4)
