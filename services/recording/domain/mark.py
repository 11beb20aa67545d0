"""A node of the script, said and answered."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Answer(StrEnum):
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A node of the script was said, here in this segment, and answered."""

    node_id: str
    segment_id: str
    offset_ms: int
    answer: Answer | None
    by: str
    at: datetime

    def repeats(self, other: "Mark | None") -> bool:
        return other is not None and replace(self, by=other.by, at=other.at) == other
