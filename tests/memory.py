"""A work in memory: what was not committed is forgotten, as in a database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from typing import Any, Generic, TypeVar

from chassis.trail import Entry

E = TypeVar("E")
W = TypeVar("W", bound="WorkInMemory[Any]")


class WorkInMemory(Generic[E]):
    """A subclass has its stores as attributes before it calls this."""

    def __init__(self) -> None:
        self.announced: list[E] = []
        self.recorded: list[Entry] = []
        self.handled: set[str] = set()
        self._noted: set[str] = set()
        self._committed = self._contents()

    def already_handled(self, message_id: str) -> bool:
        self._noted.add(message_id)
        return message_id in self.handled

    def announce(self, event: E) -> None:
        self.announced.append(event)

    def record(self, entry: Entry) -> None:
        self.recorded.append(entry)

    def commit(self) -> None:
        self.handled |= self._noted
        self._committed = self._contents()

    def forget_uncommitted(self) -> None:
        self._noted.clear()
        self.__dict__.update(deepcopy(self._committed))

    def _contents(self) -> dict[str, object]:
        public = {name: kept for name, kept in vars(self).items() if not name.startswith("_")}
        return deepcopy(public)


def beginning(work: W) -> Callable[[], AbstractContextManager[W]]:
    @contextmanager
    def begin() -> Iterator[W]:
        work.forget_uncommitted()
        yield work

    return begin
