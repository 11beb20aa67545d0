"""The staff register learns about a member of staff."""

from dataclasses import dataclass
from datetime import datetime

from chassis.errors import Forbidden
from services.customer.domain.staff import Member, StaffChanged
from services.customer.usecases.ports import CustomerWork

KEEPS_THE_REGISTER = frozenset({"administrator", "system"})


@dataclass(frozen=True, kw_only=True)
class PutStaff:
    member: Member
    roles: frozenset[str]  # of who asks
    at: datetime


def put_staff(command: PutStaff, work: CustomerWork) -> bool:
    """False when the register knew it all."""
    if not command.roles & KEEPS_THE_REGISTER:
        raise Forbidden(
            "not_an_administrator",
            "only an administrator changes the staff register",
            "只有管理员可以维护员工名册",
        )
    member = command.member.normal()
    if work.staff.find(member.staff_id) == member:
        return False
    work.staff.put(member)
    work.announce(StaffChanged(member, command.at))
    return True
