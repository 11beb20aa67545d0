"""All holders of a product are matched again, batch by batch, after its rating changed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class HoldersRematched:
    rematch: "Rematch"
    at: datetime


@dataclass(eq=False, kw_only=True)
class Rematch:
    """*reached* is the last holder that was matched again, in the order of customer ids."""

    rematch_id: str
    product_id: str
    noticed_at: datetime
    reached: str = ""
    holders: int = 0
    mismatches: int = 0
    finished_at: datetime | None = None

    def count(self, customer_id: str, *, mismatch: bool) -> None:
        self.reached = customer_id
        self.holders += 1
        self.mismatches += mismatch

    def finish(self, at: datetime) -> HoldersRematched | None:
        """Nothing to tell of a product that nobody holds."""
        self.finished_at = at
        return HoldersRematched(self, at) if self.holders else None
