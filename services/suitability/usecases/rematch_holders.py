"""Match the holders of a product again after its rating changed, batch by batch (PRD-06)."""

from dataclasses import dataclass
from datetime import datetime

from services.suitability.domain.holding import Cause, Fit
from services.suitability.domain.institution import Institution
from services.suitability.usecases.match_holdings import match, match_holdings
from services.suitability.usecases.ports import SuitabilityWork


@dataclass(frozen=True, kw_only=True)
class RematchHolders:
    at: datetime
    institution: Institution
    limit: int = 100


def rematch_holders(command: RematchHolders, work: SuitabilityWork) -> bool:
    """Whether there is more to do. Opinions and how far it went are kept together: a process that
    is killed goes on where it left off, and nobody is told of one change twice."""
    rematch = work.rematches.claim_next()
    if rematch is None:
        return False
    holders = work.holdings.holders(rematch.product_id, rematch.reached, command.limit)
    for customer_id in holders:
        customer = work.customers.find(customer_id)
        claimed = work.holdings.claim(customer_id, [rematch.product_id])
        holding = claimed.get(rematch.product_id)
        if holding is None or not holding.units:
            rematch.reached = customer_id
            continue
        match(customer, [holding], Cause.RATING, command.institution, command.at, work)
        fit = holding.opinion.fit if holding.opinion else None
        rematch.count(customer_id, mismatch=fit is Fit.MISMATCH)
    told = rematch.finish(command.at) if len(holders) < command.limit else None
    work.rematches.save(rematch)
    if told:
        work.announce(told)
    return True


@dataclass(frozen=True, kw_only=True)
class RematchExpired:
    at: datetime
    institution: Institution
    limit: int = 100


def rematch_expired(command: RematchExpired, work: SuitabilityWork) -> bool:
    """Holders whose level ran out; whether there is more to do."""
    today = command.institution.day(command.at)
    holders = work.holdings.with_expired_level(today, command.limit)
    for customer_id in holders:
        work.customers.find(customer_id)
        match_holdings(customer_id, Cause.EXPIRY, command.institution, command.at, work)
    return len(holders) == command.limit
