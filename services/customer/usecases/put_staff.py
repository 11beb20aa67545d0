"""The staff register learns about a member of staff."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from chassis.errors import Forbidden
from services.customer.domain.staff import Member, StaffChanged
from services.customer.usecases.ports import CustomerWork

KEEPS_THE_REGISTER = frozenset({"administrator", "system"})


@dataclass(frozen=True, kw_only=True)
class PutStaff:
    member: Member
    by: str
    roles: frozenset[str]  # of who asks
    at: datetime


@dataclass(frozen=True)
class Put:
    changed: bool  # False when the register knew it all
    unserved: int = 0  # clients left without an active adviser, of those the caller sees


def put_staff(command: PutStaff, work: CustomerWork) -> Put:
    if not command.roles & KEEPS_THE_REGISTER:
        raise Forbidden(
            "not_an_administrator",
            "only an administrator changes the staff register",
            "只有管理员可以维护员工名册",
        )
    member = command.member.normal()
    known = work.staff.find(member.staff_id)
    if known == member:
        return Put(changed=False)
    member.check_duties()
    if member.staff_id == command.by and set(member.roles) != held(known, command):
        raise own_roles()
    work.staff.put(member)
    work.announce(StaffChanged(member, command.at))
    left = 0 if member.advises else work.customers.count_of(member.staff_id)
    return Put(changed=True, unserved=left)


def held(known: Member | None, command: PutStaff) -> Collection[str]:
    """By who asks, as far as the register knows, or else as they signed in."""
    return set(known.roles) if known else command.roles


def own_roles() -> Forbidden:
    return Forbidden(
        "own_roles",
        "nobody changes their own roles; another administrator does",
        "不能变更自己的角色，应由其他管理员办理",
        field="roles",
    )
