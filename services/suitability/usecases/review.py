"""Look again at decisions that still allow a sale, after something they rest on changed."""

from collections.abc import Iterable
from datetime import datetime

from services.suitability.domain.institution import Institution
from services.suitability.domain.match import Change, Match
from services.suitability.usecases.known import customer_facts, product_facts
from services.suitability.usecases.ports import SuitabilityWork


def review(
    matches: Iterable[Match],
    why: Change,
    institution: Institution,
    at: datetime,
    work: SuitabilityWork,
) -> None:
    for match in matches:
        customer = customer_facts(match.customer_id, work)
        product = product_facts(match.product_id, match.asked, work)
        if customer is None or product is None:
            continue
        again = institution.decide(at, customer, product, dict(match.asked))
        stale = match.reviewed(again, why, at)
        if stale is not None:
            work.matches.save(match)
            work.announce(stale)
