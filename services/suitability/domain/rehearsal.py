"""A rehearsal 规则预演: a draft is tried on all that was decided, and on all that could be offered.

Its report belongs to the very document that was tried, compared with the pack it follows.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from chassis.errors import RuleBroken
from services.suitability.domain.turn import Turned

MOST_CASES = 100_000  # kept one by one; all are counted
STALLED_AFTER = timedelta(minutes=10)  # without a batch


class Part(StrEnum):
    SALES = "sales"  # the last decision on each sale, on its facts and its day
    TRIALS = "trials"  # decisions without a sale
    LIVE = "live"  # every client and product of today, offered by staff


class Dimension(StrEnum):
    ALL = "all"
    RULE = "rule"
    PRODUCT = "product"
    BRANCH = "branch"
    ADVISER = "adviser"


class RehearsalState(StrEnum):
    RUNNING = "running"
    FINISHED = "finished"
    STALLED = "stalled"  # running, but no batch is done; never kept, only told
    STOPPED = "stopped"  # another was started, or the draft was changed meanwhile


def told_state(state: str, advanced_at: datetime, now: datetime) -> str:
    """*advanced_at* is when a batch was done last, or the start."""
    stalled = state == RehearsalState.RUNNING and advanced_at <= now - STALLED_AFTER
    return RehearsalState.STALLED if stalled else state


@dataclass(frozen=True)
class RehearsedCase:
    """A case that turns. *amount* is what was asked for, or the least that can be offered."""

    part: Part
    turned: Turned
    customer_id: str
    product_id: str
    amount: Decimal
    adviser_id: str
    branch_id: str
    decision_id: str = ""
    sale_id: str = ""

    def counted_under(self) -> Iterator[tuple[Dimension, str]]:
        yield Dimension.ALL, ""
        yield from ((Dimension.RULE, rule_id) for rule_id in self.turned.rules)
        yield Dimension.PRODUCT, self.product_id
        yield Dimension.BRANCH, self.branch_id
        yield Dimension.ADVISER, self.adviser_id


Counted = tuple[Part, str, Dimension, str]


@dataclass
class Tally:
    """How many cases turn, and how much money, by part, turn, dimension and key."""

    cases: Counter[Counted] = field(default_factory=Counter)
    money: dict[Counted, Decimal] = field(default_factory=dict)

    @classmethod
    def of(cls, cases: Iterable[RehearsedCase]) -> "Tally":
        tally = cls()
        for case in cases:
            for dimension, key in case.counted_under():
                counted = (case.part, str(case.turned.turn), dimension, key)
                tally.cases[counted] += 1
                tally.money[counted] = tally.money.get(counted, Decimal()) + case.amount
        return tally


@dataclass(frozen=True)
class RehearsalStarted:
    rehearsal: "Rehearsal"


@dataclass(frozen=True)
class RehearsalAdvanced:
    rehearsal: "Rehearsal"
    at: datetime


@dataclass(frozen=True)
class RehearsalFinished:
    rehearsal: "Rehearsal"
    at: datetime


@dataclass(eq=False, kw_only=True)
class Rehearsal:
    """*digest* is of the draft's document, *before* and its digest the pack it is compared with.

    *until* is the last decision there was at the start; *decided* and *offered* are where the two
    parts have come to, empty at their beginning.
    """

    rehearsal_id: str
    pack_id: str
    edition: str
    digest: str
    first_day: date
    before: str
    before_digest: str
    since: date | None
    until: str
    started_by: str
    started_at: datetime
    decisions: int = 0
    customers: int = 0
    products: int = 0
    state: RehearsalState = RehearsalState.RUNNING
    decided: str = ""
    offered: str = ""
    decisions_done: int = 0
    customers_done: int = 0
    pairs_done: int = 0
    unread: int = 0  # decisions that could not be read again
    cases_kept: int = 0
    cases_left_out: int = 0
    advanced_at: datetime | None = None
    finished_at: datetime | None = None
    version: int = 0

    @property
    def past(self) -> bool:
        """Whether the history is done."""
        return self.decided == self.until

    def room(self, cases: Sequence[RehearsedCase]) -> Sequence[RehearsedCase]:
        """Those that are kept one by one; the others are counted as left out."""
        kept = cases[: max(0, MOST_CASES - self.cases_kept)]
        self.cases_kept += len(kept)
        self.cases_left_out += len(cases) - len(kept)
        return kept

    def advance(self, at: datetime, *, over: bool) -> RehearsalAdvanced | RehearsalFinished:
        self.advanced_at = at
        if not over:
            return RehearsalAdvanced(self, at)
        self.state, self.finished_at = RehearsalState.FINISHED, at
        return RehearsalFinished(self, at)

    def stop(self, at: datetime) -> RehearsalFinished:
        self.state, self.finished_at = RehearsalState.STOPPED, at
        return RehearsalFinished(self, at)


def refuse_unrehearsed(
    report: Rehearsal | None, before_digest: str, at: datetime, good_for: timedelta
) -> None:
    """Nothing is released without a report on this very document, compared with what it follows."""
    if report is None or report.finished_at is None:
        raise _refused(
            "not_rehearsed",
            "no finished rehearsal of this very document is attached; rehearse it first",
            "该草案现有内容没有已完成的预演报告，请先预演",
        )
    if report.before_digest != before_digest:
        raise _refused(
            "rehearsed_against_another",
            f"it was rehearsed against {report.before}, which is not in force before it any more;"
            " rehearse it again",
            f"预演对照的是 {report.before}，已不是其生效前在用的规则包，请重新预演",
        )
    if report.finished_at < at - good_for:
        raise _refused(
            "rehearsal_too_old",
            f"its rehearsal is older than {good_for.days} days; rehearse it again",
            f"预演报告已超过 {good_for.days} 天，请重新预演",
        )


def _refused(code: str, en: str, zh: str) -> RuleBroken:
    return RuleBroken(code, en, zh)
