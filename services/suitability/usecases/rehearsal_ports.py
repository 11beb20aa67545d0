"""What rehearsals need from the outside world."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from chassis.scope import Custody
from services.suitability.domain.rehearsal import Rehearsal, RehearsedCase, Tally


@dataclass(frozen=True)
class Past:
    """A decision of the past; *last* unless a later one was made on the same sale."""

    decision_id: str
    sale_id: str
    customer_id: str
    product_id: str
    amount: Decimal
    receipt: Mapping[str, object]
    custody: Custody
    last: bool


@dataclass(frozen=True)
class Extent:
    """How much there is to rehearse; *until* is the last decision."""

    until: str
    decisions: int
    customers: int
    products: int


class Rehearsals(Protocol):
    def extent(self, since: datetime | None) -> Extent: ...

    def add(self, rehearsal: Rehearsal) -> None: ...

    def claim(self, rehearsal_id: str) -> Rehearsal:
        """To go on with it: nobody else does meanwhile. Raise NotFound when there is none."""
        ...

    def running(self, pack_id: str) -> Sequence[Rehearsal]: ...

    def stalled(self, since: datetime) -> str | None:
        """The running one whose last batch, or start, is longest ago, and not later than that."""
        ...

    def save(self, rehearsal: Rehearsal) -> None: ...

    def past(self, rehearsal: Rehearsal, since: datetime | None, limit: int) -> Sequence[Past]:
        """The next decisions that it has not come to, in order."""
        ...

    def keep(self, rehearsal: Rehearsal, cases: Sequence[RehearsedCase], tally: Tally) -> None:
        """Add the cases, and the tally to what was counted."""
        ...

    def attached(self, pack_id: str, digest: str) -> Rehearsal | None:
        """The newest finished one of this very document."""
        ...
