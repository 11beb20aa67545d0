"""A superior opens clients to a member of staff, for a purpose and a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.customer.domain.authority import Superior
from services.customer.domain.grant import (
    LONGEST,
    Grant,
    Opened,
    Purpose,
    Span,
    check_receiver,
)
from services.customer.domain.staff import Assignment
from services.customer.usecases.ports import CustomerWork


@dataclass(frozen=True, kw_only=True)
class GrantAccess:
    grant_id: str
    staff_id: str  # who receives it
    opened: Opened
    purpose: Purpose
    valid_from: datetime | None  # None: now; what lies before now begins now
    valid_until: datetime
    by: Superior
    at: datetime
    longest: timedelta = LONGEST


def grant_access(command: GrantAccess, work: CustomerWork) -> Grant:
    command.opened.check()
    span = Span(max(command.valid_from or command.at, command.at), command.valid_until)
    span.check(command.longest)
    owner = owner_of(command.opened, work)
    receiver = work.staff.get(command.staff_id, "staff_id")
    check_receiver(receiver, command.purpose, command.by.staff_id)
    command.by.check_answers_for(owner, receiver.assignment)
    grant = Grant(
        grant_id=command.grant_id,
        staff_id=command.staff_id,
        opened=command.opened,
        purpose=command.purpose,
        span=span,
        granted_by=command.by.staff_id,
        granted_at=command.at,
    )
    work.grants.add(grant)
    work.announce(grant.granted())
    return grant


def owner_of(opened: Opened, work: CustomerWork) -> Assignment:
    """With whom the opened clients are now."""
    if opened.customer_id:
        return work.customers.get(opened.customer_id).assignment
    return work.staff.get(opened.adviser_id, "adviser_id").assignment
