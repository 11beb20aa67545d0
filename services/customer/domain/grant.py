"""Access to clients beyond one's own: granted for a purpose and a time, never to oneself.

A grant opens what the roles of its receiver let them do with clients of their own, no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.errors import Conflict, Invalid, RuleBroken
from services.customer.domain.events import AccessEnded, AccessGranted
from services.customer.domain.staff import Member

LONGEST = timedelta(days=90)

SERVING = frozenset({"adviser", "team_leader", "branch_manager"})


class Purpose(StrEnum):
    LEAVE_COVER = "leave_cover"
    HANDOVER = "handover"
    COMPLAINT = "complaint"
    INSPECTION = "inspection"
    AUDIT = "audit"


# Whose duty it is: who sells does not inspect, and nobody runs the system and sees clients.
RECEIVERS = {
    Purpose.LEAVE_COVER: SERVING,
    Purpose.HANDOVER: SERVING,
    Purpose.COMPLAINT: SERVING | {"service_desk", "compliance"},
    Purpose.INSPECTION: frozenset({"inspector"}),
    Purpose.AUDIT: frozenset({"auditor"}),
}


@dataclass(frozen=True)
class Opened:
    """One client, or all that an adviser looks after: exactly one of both."""

    customer_id: str = ""
    adviser_id: str = ""

    def check(self) -> None:
        if bool(self.customer_id) == bool(self.adviser_id):
            raise Invalid(
                "one_of_two",
                "name either customer_id or adviser_id",
                "customer_id 与 adviser_id 须且只能填写一项",
                field="customer_id",
            )


@dataclass(frozen=True)
class Span:
    valid_from: datetime
    valid_until: datetime

    def check(self, longest: timedelta) -> None:
        if self.valid_until <= self.valid_from:
            raise Invalid(
                "ends_before_it_begins",
                "valid_until must lie after valid_from and in the future",
                "valid_until 必须晚于 valid_from 和当前时间",
                field="valid_until",
            )
        if self.valid_until - self.valid_from > longest:
            raise RuleBroken(
                "grant_too_long",
                f"access is granted for at most {longest.days} days; grant it again when it ends",
                f"临时授权最长 {longest.days} 天，到期后可再次授权",
                field="valid_until",
            )


@dataclass(eq=False, kw_only=True)
class Grant:
    grant_id: str
    staff_id: str
    opened: Opened
    purpose: Purpose
    span: Span
    granted_by: str
    granted_at: datetime
    ended_by: str = ""
    ended_at: datetime | None = None

    def active_at(self, at: datetime) -> bool:
        return self.ended_at is None and self.span.valid_from <= at < self.span.valid_until

    def granted(self) -> AccessGranted:
        return AccessGranted(
            grant_id=self.grant_id,
            staff_id=self.staff_id,
            customer_id=self.opened.customer_id,
            adviser_id=self.opened.adviser_id,
            purpose=self.purpose,
            valid_from=self.span.valid_from,
            valid_until=self.span.valid_until,
            granted_by=self.granted_by,
            at=self.granted_at,
        )

    def end(self, by: str, at: datetime) -> AccessEnded:
        """Never by its receiver, who could then review what they were kept from."""
        if by == self.staff_id:
            raise RuleBroken(
                "grant_of_oneself",
                "who holds this access does not end it; who granted it does",
                "持有授权的人员不能自行收回，应由授权人或其他有权人员办理",
            )
        if self.ended_at is not None or self.span.valid_until <= at:
            raise Conflict("grant_over", "this access has ended already", "该临时授权已经结束")
        self.ended_by, self.ended_at = by, at
        return AccessEnded(self.grant_id, self.staff_id, by, at)


def check_receiver(receiver: Member, purpose: Purpose, by: str) -> None:
    if receiver.staff_id == by:
        raise RuleBroken(
            "grant_to_oneself",
            "nobody grants access to themselves; another superior does",
            "不能给自己授权，应由其他有权人员办理",
            field="staff_id",
        )
    if not receiver.active or not RECEIVERS[purpose] & set(receiver.roles):
        raise RuleBroken(
            "grant_not_for_them",
            "for this purpose access is not granted to staff who are inactive or in this role",
            "该人员已停用，或其岗位不适用此授权目的",
            field="staff_id",
        )


def check_independent(grants: Sequence[Grant]) -> None:
    """Who may serve a client for a time does not confirm who they are meanwhile."""
    if grants:
        raise RuleBroken(
            "granted_customer_kyc",
            "who has been granted access to this customer cannot review their KYC",
            "持有该客户临时授权的人员不能审核其 KYC，应由其他合规人员审核",
        )
