"""A grant is taken back before its end."""

from dataclasses import dataclass
from datetime import datetime

from services.customer.domain.authority import Superior
from services.customer.domain.grant import Grant
from services.customer.usecases.grant_access import owner_of
from services.customer.usecases.ports import CustomerWork


@dataclass(frozen=True, kw_only=True)
class EndAccess:
    grant_id: str
    by: Superior
    at: datetime


def end_access(command: EndAccess, work: CustomerWork) -> Grant:
    """By who granted it, and by whoever answers for the clients now."""
    grant = work.grants.get(command.grant_id)
    if grant.granted_by != command.by.staff_id:
        command.by.check_answers_for(owner_of(grant.opened, work))
    ended = grant.end(command.by.staff_id, command.at)
    work.grants.save(grant)
    work.announce(ended)
    return grant
