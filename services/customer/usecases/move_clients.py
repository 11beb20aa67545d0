"""The next batch of a handover goes to its new adviser."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.customer.domain.events import AdviserChanged
from services.customer.domain.grant import Grant, Opened, Purpose, Span
from services.customer.domain.handover import BATCH, Batch, Handover
from services.customer.usecases.ports import CustomerWork


@dataclass(frozen=True, kw_only=True)
class MoveClients:
    handover_id: str
    new_id: Callable[[], str]
    at: datetime
    batch: int = BATCH


def move_clients(command: MoveClients, work: CustomerWork) -> None:
    handover = work.handovers.get(command.handover_id)
    if handover.finished_at is not None:
        return
    batch = work.handovers.move(handover, command.batch, command.at)
    for customer_id in batch.moved:
        work.announce(
            AdviserChanged(customer_id, handover.to, handover.from_adviser_id, command.at)
        )
    _keep_access(command, handover, batch, work)
    advanced = handover.advance(len(batch.moved), len(batch.skipped), command.at)
    work.handovers.save(handover)
    work.announce(advanced)


def _keep_access(
    command: MoveClients, handover: Handover, batch: Batch, work: CustomerWork
) -> None:
    """The former adviser's, to the clients that were theirs until now."""
    if handover.access_until is None or handover.access_until <= command.at:
        return
    for customer_id in batch.moved:
        grant = Grant(
            grant_id=command.new_id(),
            staff_id=handover.from_adviser_id,
            opened=Opened(customer_id=customer_id),
            purpose=Purpose.HANDOVER,
            span=Span(command.at, handover.access_until),
            granted_by=handover.started_by,
            granted_at=command.at,
        )
        work.grants.add(grant)
        work.announce(grant.granted())
