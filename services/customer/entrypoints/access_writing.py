"""Write grants and handovers as the contract's messages."""

from datetime import datetime

from chassis.moments import stamp
from liheng.customer.v1 import customer_pb2 as pb
from services.customer.domain.grant import Grant
from services.customer.domain.handover import Handover


def grant_message(grant: Grant, now: datetime) -> pb.AccessGrant:
    return pb.AccessGrant(
        grant_id=grant.grant_id,
        staff_id=grant.staff_id,
        customer_id=grant.opened.customer_id,
        adviser_id=grant.opened.adviser_id,
        purpose=grant.purpose,
        valid_from=stamp(grant.span.valid_from),
        valid_until=stamp(grant.span.valid_until),
        granted_by=grant.granted_by,
        granted_at=stamp(grant.granted_at),
        ended_by=grant.ended_by,
        ended_at=stamp(grant.ended_at),
        active=grant.active_at(now),
    )


def handover_message(handover: Handover) -> pb.Handover:
    return pb.Handover(
        handover_id=handover.handover_id,
        from_adviser_id=handover.from_adviser_id,
        to_adviser_id=handover.to.adviser_id,
        reason=handover.reason,
        access_until=stamp(handover.access_until),
        started_by=handover.started_by,
        started_at=stamp(handover.started_at),
        finished_at=stamp(handover.finished_at),
        state="finished" if handover.finished_at else "running",
        customers=handover.customers,
        moved=handover.moved,
        skipped=handover.skipped,
    )
