"""The clients of one adviser go to another one: who leaves hands over the book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.errors import Forbidden, RuleBroken
from services.customer.domain.authority import Superior
from services.customer.domain.events import HandoverAdvanced, HandoverFinished, HandoverStarted
from services.customer.domain.staff import Assignment, Member

BATCH = 500  # clients moved in one transaction
WITH_ACCESS = 500  # clients of a handover after which the former adviser keeps access


class Reason(StrEnum):
    LEAVES = "leaves"
    MOVES = "moves"
    REORGANISATION = "reorganisation"


@dataclass(eq=False, kw_only=True)
class Handover:
    handover_id: str
    from_adviser_id: str
    to: Assignment
    reason: Reason
    started_by: str
    started_at: datetime
    access_until: datetime | None = None  # of the former adviser
    finished_at: datetime | None = None
    customers: int = 0
    moved: int = 0
    skipped: int = 0

    def started(self) -> HandoverStarted:
        return HandoverStarted(
            handover_id=self.handover_id,
            from_adviser_id=self.from_adviser_id,
            to_adviser_id=self.to.adviser_id,
            reason=self.reason,
            customers=self.customers,
            started_by=self.started_by,
            at=self.started_at,
        )

    def advance(
        self, moved: int, skipped: int, at: datetime
    ) -> HandoverAdvanced | HandoverFinished:
        self.moved += moved
        self.skipped += skipped
        if self.moved + self.skipped < self.customers:
            return HandoverAdvanced(self.handover_id, self.moved, self.skipped, at)
        self.finished_at = at
        return HandoverFinished(self.handover_id, self.moved, self.skipped, at)


@dataclass(frozen=True)
class Batch:
    """Customer ids: who went to the new adviser, and who was with another one by then."""

    moved: Sequence[str]
    skipped: Sequence[str]


def check_successor(former: Member, successor: Member, reason: Reason, by: Superior) -> None:
    if not successor.advises:
        raise RuleBroken(
            "successor_not_active",
            "clients are handed over to an active adviser",
            "客户只能移交给在职的理财顾问",
            field="to_adviser_id",
        )
    if successor.staff_id == by.staff_id:
        raise RuleBroken(
            "handover_to_oneself",
            "nobody hands clients over to themselves; another superior does",
            "不能将客户移交给自己，应由其他有权人员办理",
            field="to_adviser_id",
        )
    if former.staff_id == successor.staff_id and reason is not Reason.MOVES:
        raise RuleBroken(
            "same_adviser",
            "these clients are with this adviser already",
            "这些客户已由该理财顾问服务",
            field="to_adviser_id",
        )
    by.check_answers_for(former.assignment, successor.assignment)
    if former.staff_id == successor.staff_id and not by.everywhere:
        raise Forbidden(
            "book_follows_adviser",
            "that a book follows its adviser into another team is for operations or compliance",
            "客户随理财顾问调入其他团队，须由运营或合规办理",
        )


def check_access(former: Member, successor: Member, customers: int) -> None:
    """Whether the former adviser may keep access for a time."""
    if not former.active or former.staff_id == successor.staff_id:
        raise RuleBroken(
            "no_access_afterwards",
            "only another, active adviser keeps access after a handover",
            "移交后只有在职的原理财顾问可以保留访问权限",
            field="access_until",
        )
    if customers > WITH_ACCESS:
        raise RuleBroken(
            "too_many_for_access",
            f"access is kept for at most {WITH_ACCESS} clients; hand over in parts, or grant the"
            " successor access before the day",
            f"最多可对 {WITH_ACCESS} 位客户保留访问权限；请分批移交，或提前给接手人临时授权",
            field="access_until",
        )


def no_clients() -> RuleBroken:
    return RuleBroken(
        "nothing_to_hand_over",
        "this adviser has no clients to hand over, or not all that are listed",
        "该理财顾问没有可移交的客户，或所列客户不全在其名下",
        field="customer_ids",
    )
