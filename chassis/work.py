"""What every unit of work offers to the runner."""

from collections.abc import Sequence
from typing import Protocol

from chassis.trail import Entry


class Work(Protocol):
    def already_handled(self, message_id: str) -> bool:
        """Note the message; True when it had been noted by committed work before."""
        ...

    def record(self, entry: Entry) -> None:
        """Leave an entry in the trail, kept when the work is committed."""
        ...

    def commit(self) -> None: ...


class BatchWork(Work, Protocol):
    """Of a service whose handlers take several events at once."""

    def unhandled(self, message_ids: Sequence[str]) -> set[str]:
        """Note them all; those that had not been noted by committed work before."""
        ...
