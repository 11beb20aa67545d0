"""What events say of who looks after whom."""

from collections.abc import Callable
from typing import Any

from aiormq.abc import DeliveredMessage
from google.protobuf.message import Message

from chassis.custody import SqlCustody
from chassis.envelope import Unreadable, parse
from chassis.moments import moment
from chassis.scope import Custody, Share
from gateway.broker import read
from liheng.customer.v1.events_pb2 import (
    AccessEnded,
    AccessGranted,
    AdviserChanged,
    CustomerOnboarded,
)

Word = Callable[[SqlCustody], object]
Read = Callable[[Any, int], Word]


def of_client(event: CustomerOnboarded | AdviserChanged, sequence: int) -> Word:
    return lambda kept: kept.put(event.customer_id, custody_of(event), sequence)


def of_grant(event: AccessGranted, sequence: int) -> Word:
    return lambda kept: kept.share(share_of(event), sequence)


def of_end(event: AccessEnded, sequence: int) -> Word:
    return lambda kept: kept.end_share(event.grant_id, moment(event.at), sequence)


READ: dict[type[Message], Read] = {
    CustomerOnboarded: of_client,
    AdviserChanged: of_client,
    AccessGranted: of_grant,
    AccessEnded: of_end,
}
KINDS = {kind.DESCRIPTOR.full_name: kind for kind in READ}


def custody_of(event: Any) -> Custody:
    """Of any event that names adviser, team and branch."""
    return Custody(event.adviser_id, event.team_id, event.branch_id)


def share_of(event: AccessGranted) -> Share:
    return Share(
        share_id=event.grant_id,
        staff_id=event.staff_id,
        subject_id=event.customer_id,
        owner_id=event.adviser_id,
        purpose=event.purpose,
        valid_from=moment(event.valid_from),
        valid_until=moment(event.valid_until),
    )


def word_of(message: DeliveredMessage) -> Word:
    """Raises Unreadable."""
    incoming = read(message)
    kind = KINDS.get(incoming.type)
    if kind is None:
        raise Unreadable(f"{incoming.type} says nothing of custody")
    return READ[kind](parse(kind, incoming), incoming.meta.sequence)
