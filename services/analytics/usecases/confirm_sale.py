"""A sale was confirmed: its last stage, and money that came in."""

from dataclasses import dataclass

from services.analytics.domain.journey import Arrival, Particulars, Stage
from services.analytics.domain.transaction import Transaction, TransactionKind
from services.analytics.usecases.ports import AnalyticsWork
from services.analytics.usecases.reach_stage import ReachStage, advance
from services.analytics.usecases.record_transactions import count


@dataclass(frozen=True, kw_only=True)
class ConfirmSale:
    sale_id: str
    arrival: Arrival
    particulars: Particulars


def confirm_sale(command: ConfirmSale, work: AnalyticsWork) -> None:
    work.freshness.note(command.arrival.at)
    confirmed = ReachStage(
        journey_id=command.sale_id,
        stage=Stage.SALE_CONFIRMED,
        arrival=command.arrival,
        particulars=command.particulars,
    )
    advance(confirmed, work)
    count([_subscription(command)], work)


def _subscription(command: ConfirmSale) -> Transaction:
    told = command.particulars
    return Transaction(
        transaction_id=command.sale_id,
        month=command.arrival.month,
        team_id=told.team_id,
        adviser_id=told.adviser_id,
        kind=TransactionKind.SUBSCRIBE,
        amount=told.amount,
        told_by_sale=True,
        sequence=told.sequence,
    )
