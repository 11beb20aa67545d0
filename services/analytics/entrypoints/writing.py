"""Write figures as the contract's messages."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa

from chassis.moments import stamp
from liheng.analytics.v1 import analytics_pb2 as pb
from services.analytics.domain.journey import Stage, share_of_previous

CENT = Decimal("0.01")


def money(amount: Decimal | int) -> str:
    return f"{Decimal(amount).quantize(CENT, ROUND_HALF_UP):f}"


def freshness_message(row: sa.Row[Any]) -> pb.Freshness:
    return pb.Freshness(last_event_at=stamp(row.last_event_at), events_applied=row.events_applied)


def aum_message(row: sa.Row[Any]) -> pb.AumRow:
    return pb.AumRow(
        month=str(row.month),
        team_id=row.team_id,
        team_name=row.team_name,
        aum=money(row.aum),
        net_subscriptions=money(row.net_subscriptions),
        customers=int(row.customers),
    )


def stage_messages(values: Mapping[str, Decimal]) -> Iterator[pb.FunnelStage]:
    """Every stage, also those that nothing reached."""
    counts = {stage: int(values.get(stage.value, 0)) for stage in Stage}
    for stage, count in counts.items():
        share = share_of_previous(stage, counts)
        yield pb.FunnelStage(
            stage=stage.value,
            count=count,
            amount=money(values.get(stage.amount, 0)),
            from_previous="" if share is None else f"{share:f}",
        )


def product_message(row: sa.Row[Any]) -> pb.ProductSalesRow:
    return pb.ProductSalesRow(
        product_id=row.product_id,
        product_name=row.product_name,
        kind=row.kind,
        confirmed=int(row.confirmed),
        amount=money(row.amount),
        rescinded=int(row.rescinded),
        rescinded_amount=money(row.rescinded_amount),
    )


def adviser_message(row: sa.Row[Any]) -> pb.AdviserRow:
    return pb.AdviserRow(
        rank=row.rank,
        adviser_id=row.adviser_id,
        adviser_name=row.adviser_name,
        team_id=row.team_id,
        team_name=row.team_name,
        aum=money(row.aum),
        customers=int(row.customers),
        sales=int(row.sales),
        sales_amount=money(row.sales_amount),
    )
