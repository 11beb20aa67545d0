"""Decisions that still allow a sale are looked at again when another rule pack takes effect."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# A decision that was under way by the pack before is kept by then.
SETTLED = timedelta(minutes=1)


@dataclass(eq=False, kw_only=True)
class PackReview:
    """*reached* is the last decision that was looked at, in the order of their ids."""

    review_id: str
    rule_pack: str
    noticed_at: datetime
    reached: str = ""
    finished_at: datetime | None = None

    def may_go_on(self, at: datetime) -> bool:
        return self.finished_at is None and at >= self.noticed_at + SETTLED

    def advance(self, reached: str, at: datetime, *, last: bool) -> None:
        self.reached = reached or self.reached
        self.finished_at = at if last else None
