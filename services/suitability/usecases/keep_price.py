"""Keep what a unit of a product is worth; decisions made at quite another price hold no longer."""

from dataclasses import dataclass

from services.suitability.domain.institution import Institution
from services.suitability.domain.price import Price, price_change
from services.suitability.usecases.ports import SuitabilityWork


@dataclass(frozen=True, kw_only=True)
class KeepPrice:
    price: Price
    institution: Institution


def keep_price(command: KeepPrice, work: SuitabilityWork) -> None:
    """A price of an earlier day, or one told earlier, is kept and changes nothing."""
    price, institution = command.price, command.institution
    work.products.claim(price.product_id)
    newest = work.prices.newest(price.product_id)
    work.prices.keep(price)
    if newest and (newest.as_of, newest.sequence) > (price.as_of, price.sequence):
        return
    matches = work.matches.open_of_product(price.product_id, price.at)
    if not matches:
        return
    pack = institution.packs.in_force(institution.day(price.at))
    for match in matches:
        before = work.prices.at(price.product_id, match.at)
        change = price_change(before.nav, price.nav, pack) if before else None
        if change:
            stale = match.given_up(change, price.at)
            work.matches.save(match)
            work.announce(stale)
