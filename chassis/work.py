"""What every unit of work offers to the runner."""

from typing import Protocol


class Work(Protocol):
    def already_handled(self, message_id: str) -> bool:
        """Note the message; True when it had been noted by committed work before."""
        ...

    def commit(self) -> None: ...
