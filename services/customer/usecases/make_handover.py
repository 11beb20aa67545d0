"""The clients of one adviser, all or some, start to go to another one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.customer.domain.authority import Superior
from services.customer.domain.grant import LONGEST, Span
from services.customer.domain.handover import (
    Handover,
    Reason,
    check_access,
    check_successor,
    no_clients,
)
from services.customer.usecases.ports import CustomerWork


@dataclass(frozen=True, kw_only=True)
class MakeHandover:
    handover_id: str
    from_adviser_id: str
    to_adviser_id: str
    customer_ids: Sequence[str]  # empty: all of them
    reason: Reason
    access_until: datetime | None
    by: Superior
    at: datetime
    longest: timedelta = LONGEST


def make_handover(command: MakeHandover, work: CustomerWork) -> Handover:
    """What is to move is settled now; events move it batch by batch."""
    former = work.staff.get(command.from_adviser_id, "from_adviser_id")
    successor = work.staff.get(command.to_adviser_id, "to_adviser_id")
    check_successor(former, successor, command.reason, command.by)
    handover = Handover(
        handover_id=command.handover_id,
        from_adviser_id=former.staff_id,
        to=successor.assignment,
        reason=command.reason,
        access_until=command.access_until,
        started_by=command.by.staff_id,
        started_at=command.at,
    )
    wanted = frozenset(command.customer_ids)
    work.handovers.add(handover, wanted)
    if not handover.customers or (wanted and handover.customers < len(wanted)):
        raise no_clients()
    if command.access_until:
        Span(command.at, command.access_until).check(command.longest)
        check_access(former, successor, handover.customers)
    work.announce(handover.started())
    return handover
