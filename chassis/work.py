"""What every unit of work offers to the runner."""

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
