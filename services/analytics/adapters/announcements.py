"""Domain events in the words of proto/liheng/analytics/v1/events.proto."""

from chassis.moments import stamp
from liheng.analytics.v1 import events_pb2 as pb
from services.analytics.domain.month import MonthClosed


def to_message(event: MonthClosed) -> pb.MonthClosed:
    return pb.MonthClosed(
        month=str(event.month),
        aum=f"{event.aum:.2f}",
        customers=event.customers,
        at=stamp(event.at),
    )
