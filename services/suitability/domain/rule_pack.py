"""A rule pack of the institution's own: drafted, changed, and released by somebody else.

What is released is never edited; a change is another pack.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from chassis.errors import Conflict, Invalid, RuleBroken
from services.suitability.domain.pack_document import PackDocument

SHIPPED_PREFIX = "cn-"  # editions of packs that come with the software begin with it


class PackState(StrEnum):
    SHIPPED = "shipped"
    DRAFT = "draft"
    RELEASED = "released"
    DISCARDED = "discarded"


@dataclass(frozen=True)
class PackChange:
    """*what* names the parts that were changed: `parameter high_risk_from`, `rule OWN-01`."""

    number: int
    by: str
    at: datetime
    what: Sequence[str]
    reason: str
    digest: str  # of the document after it


@dataclass(frozen=True)
class Release:
    number: int  # of all releases of this institution, in their order
    by: str
    at: datetime
    rehearsal_id: str  # the report that was attached


@dataclass(frozen=True)
class RulePackReleased:
    pack: "RulePack"


@dataclass(eq=False, kw_only=True)
class RulePack:
    """*follows* names the pack that was in force when it was drafted, as receipts name it."""

    pack_id: str
    document: PackDocument
    follows: str
    changes: list[PackChange] = field(default_factory=list)
    state: PackState = PackState.DRAFT
    release: Release | None = None
    version: int = 0

    @property
    def edition(self) -> str:
        return self.document.edition

    @property
    def effective_from(self) -> date:
        return self.document.effective_from

    @property
    def digest(self) -> str:
        return self.document.digest

    @property
    def makers(self) -> tuple[str, ...]:
        """Everybody who had a hand in it, in the order of their first change."""
        return tuple(dict.fromkeys(change.by for change in self.changes))

    def change(
        self, document: PackDocument, what: Sequence[str], *, by: str, reason: str, at: datetime
    ) -> None:
        self.refuse_unless_draft()
        refuse_reserved(document.edition)
        self.document = document
        number = len(self.changes) + 1
        self.changes.append(PackChange(number, by, at, tuple(what), reason, document.digest))

    def discard(self) -> None:
        self.refuse_unless_draft()
        self.state = PackState.DISCARDED

    def released(self, release: Release, *, today: date, before: str) -> RulePackReleased:
        """*before* is the pack that would be in force on its first day without it."""
        self.refuse_unless_draft()
        self._refuse_maker(release.by)
        self.document.read()
        self._refuse_past(today)
        self._refuse_overtaken(before)
        self.release = release
        self.state = PackState.RELEASED
        return RulePackReleased(self)

    def refuse_unless_draft(self) -> None:
        if self.state is not PackState.DRAFT:
            raise Conflict(
                "not_a_draft",
                f"this rule pack is {self.state}; what is no draft is never changed: make another",
                "该规则包不是草案，不得再修改；请另行起草",
            )

    def _refuse_maker(self, by: str) -> None:
        if by in self.makers:
            raise RuleBroken(
                "maker_releases",
                "who drafted or changed a rule pack does not release it; another person does",
                "起草或者修改过规则包的人不得发布，须由另一人复核发布",
            )

    def _refuse_past(self, today: date) -> None:
        if self.effective_from < today:
            raise RuleBroken(
                "effective_in_the_past",
                f"it would take effect on {self.effective_from}, before today, {today};"
                " set a later day",
                f"生效日 {self.effective_from} 早于今日 {today}，请改为今日或以后",
                field="effective_from",
            )

    def _refuse_overtaken(self, before: str) -> None:
        if before != self.follows:
            raise RuleBroken(
                "follows_another",
                f"it was drafted after {self.follows}, but on its first day {before} is in force:"
                f" compare with that, take over what is wanted, and say that it follows {before}",
                f"草案基于 {self.follows}，而其生效日之前在用的是 {before}：请与之比对、"
                f"取舍后将 follows 改为 {before}",
                field="follows",
            )


def refuse_reserved(edition: str) -> None:
    if edition.startswith(SHIPPED_PREFIX):
        raise Invalid(
            "edition_reserved",
            f"editions that begin with {SHIPPED_PREFIX} come with the software; choose another",
            f"以 {SHIPPED_PREFIX} 开头的版本号为系统自带规则包保留，请另取",
            field="edition",
        )
