"""Keep what is announced of a product: its terms, or only its ratings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.suitability.domain.institution import Institution
from services.suitability.domain.match import PRODUCT
from services.suitability.domain.rematch import Rematch
from services.suitability.usecases.ports import Kept, SuitabilityWork
from services.suitability.usecases.review import review


@dataclass(frozen=True, kw_only=True)
class KeepProduct:
    """*whole* says everything of the product; otherwise what is not named stays as it is."""

    product_id: str
    facts: Mapping[str, object]
    whole: bool
    sequence: int
    at: datetime
    institution: Institution


def keep_product(command: KeepProduct, work: SuitabilityWork) -> None:
    """An announcement older than what is known is passed over."""
    known = work.products.claim(command.product_id)
    if known is not None and known.sequence >= command.sequence:
        return
    before = known.facts if known is not None and not command.whole else {}
    facts = {**before, **command.facts}
    work.products.keep(Kept(command.product_id, facts, command.sequence, command.at))
    matches = work.matches.open_of_product(command.product_id, command.at)
    review(matches, PRODUCT, command.institution, command.at, work)
    if levels(facts) != levels(known.facts if known else {}):
        work.rematches.add(
            Rematch(
                rematch_id=f"{command.product_id}.{command.sequence}",
                product_id=command.product_id,
                noticed_at=command.at,
            )
        )


def levels(facts: Mapping[str, object]) -> tuple[object, ...]:
    """What holders are matched by."""
    return tuple(facts.get(name) for name in ("kind", "issuer_level", "seller_level"))
