"""A client asks to be another class of investor 投资者类别: to professional, or back to ordinary.

To become professional takes a written application, a statement of the risks, evidence of means,
a test and the explanation of what changes, and somebody of the institution who decides with a
reason (S2 Arts 11-12, S3 Arts 30 and 32: CUS-07). To be ordinary takes the client's word in
writing and nobody's consent (S2 Art 11: CUS-06).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chassis.errors import Conflict, Forbidden, Invalid, RuleBroken

CONVERTIBLE = frozenset({"person", "company"})


class CustomerClass(StrEnum):
    ORDINARY = "ordinary"
    PROFESSIONAL = "professional"


class ApplicationState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # the client chose to be ordinary meanwhile


class RefusalReason(StrEnum):
    MEANS_NOT_SHOWN = "means_not_shown"
    EXPERIENCE_NOT_SHOWN = "experience_not_shown"
    EVIDENCE_INSUFFICIENT = "evidence_insufficient"
    TEST_NOT_PASSED = "test_not_passed"
    NOT_IN_CLIENTS_INTEREST = "not_in_clients_interest"


APPLICATION = "applied_on"
NEEDED: Mapping[CustomerClass, tuple[str, ...]] = {
    CustomerClass.PROFESSIONAL: (
        APPLICATION,
        "risk_statement_on",
        "means_evidence_on",
        "tested_on",
        "duties_explained_on",
    ),
    CustomerClass.ORDINARY: (APPLICATION,),
}
EVIDENCE = NEEDED[CustomerClass.PROFESSIONAL]


@dataclass(frozen=True)
class CustomerClassChanged:
    customer_id: str
    customer_class: CustomerClass
    previous: CustomerClass | None
    application_id: str
    at: datetime


@dataclass(eq=False, kw_only=True)
class ClassApplication:
    """*evidence* is the day of each material; *by_client* says that the client's channel asked."""

    application_id: str
    customer_id: str
    wanted: CustomerClass
    evidence: Mapping[str, date]
    entered_by: str
    by_client: bool
    entered_at: datetime
    state: ApplicationState = ApplicationState.OPEN
    reason: RefusalReason | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    version: int = 0

    def refuse_incomplete(self, today: date) -> None:
        for name in NEEDED[self.wanted]:
            if name not in self.evidence:
                raise Invalid(
                    "evidence_missing",
                    f"{name} is missing: the day of this material",
                    f"缺少 {name}：该项材料的日期",
                    field=name,
                )
        for name, day in self.evidence.items():
            if name not in NEEDED[self.wanted]:
                raise Invalid(
                    "evidence_not_asked",
                    f"{name} is not asked for when a client chooses to be ordinary",
                    f"选择成为普通投资者无须提供 {name}",
                    field=name,
                )
            if day > today:
                raise Invalid(
                    "evidence_of_the_future",
                    f"{name} must not be later than today",
                    f"{name} 不得晚于今天",
                    field=name,
                )

    def accept(self, *, by: str, at: datetime) -> None:
        self._decide(ApplicationState.ACCEPTED, by, at)

    def refuse(self, reason: RefusalReason, *, by: str, at: datetime) -> None:
        self._decide(ApplicationState.REFUSED, by, at)
        self.reason = reason

    def take_right(self) -> None:
        """Being ordinary is the client's right: it holds from the moment it is asked for."""
        self.state, self.decided_at = ApplicationState.ACCEPTED, self.entered_at

    def withdraw(self, *, by: str, at: datetime) -> None:
        self._close(ApplicationState.WITHDRAWN, by, at)

    def _decide(self, state: ApplicationState, by: str, at: datetime) -> None:
        if by == self.entered_by:
            raise Forbidden(
                "own_application",
                "who entered an application does not decide it; another person does",
                "申请的录入人不得作出决定，须由他人办理",
                rule="CUS-07",
            )
        self._close(state, by, at)

    def _close(self, state: ApplicationState, by: str, at: datetime) -> None:
        if self.state is not ApplicationState.OPEN:
            raise Conflict(
                "application_closed",
                f"this application is {self.state} already",
                "该申请已经办结",
            )
        self.state, self.decided_by, self.decided_at = state, by, at


def refuse_fixed(kind: str | None) -> None:
    """What institutions are follows from their kind (S2 Art 8(1)-(3)): they choose nothing."""
    if kind not in CONVERTIBLE:
        raise RuleBroken(
            "class_not_chosen",
            "only persons and companies may change their class; that of others is fixed",
            "只有自然人和一般法人可以转换投资者类别",
            rule="CUS-03",
        )


def refuse_held(wanted: CustomerClass, held: CustomerClass | None) -> None:
    if wanted is held:
        raise Conflict(
            "class_held",
            f"the client has chosen to be {wanted} already",
            "客户已选择该投资者类别",
            field="wanted",
        )


def refuse_second(waiting: ClassApplication | None) -> None:
    if waiting is not None:
        raise Conflict(
            "application_waits",
            "another application of this client waits for its decision",
            "该客户另有一项申请尚待决定",
        )
