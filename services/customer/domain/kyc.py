"""Knowing the customer: what is asked, who submits it, who confirms it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chassis.errors import Conflict, Forbidden, RuleBroken

VALID_FOR = timedelta(days=365)

SUBMITS = "adviser"
REVIEWS = "compliance"


class KycState(StrEnum):
    NONE = "none"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"  # approved, but too long ago; never stored


class Consent(StrEnum):
    PERSONAL_DATA = "personal_data"
    SENSITIVE_DATA = "sensitive_data"
    RECORDING = "recording"


@dataclass(frozen=True, kw_only=True)
class KycAnswers:
    """What the law wants known beside who somebody is."""

    occupation: str
    purpose: str
    tax_residences: Sequence[str]  # ISO 3166-1 alpha-2
    beneficial_owner: str  # self, or a name
    consents: Sequence[Consent]

    def check(self) -> None:
        """Raise RuleBroken naming what is missing."""
        if not self.purpose:
            raise RuleBroken(
                "purpose_missing",
                "state the purpose of the business relationship",
                "请填写建立业务关系的目的",
                rule="AML-01",
                field="purpose",
            )
        if not self.beneficial_owner:
            raise RuleBroken(
                "beneficial_owner_missing",
                "state the beneficial owner; “self” when it is the customer",
                "请填写受益所有人，客户本人请填 self",
                rule="AML-01",
                field="beneficial_owner",
            )
        if not self.tax_residences:
            raise RuleBroken(
                "tax_residence_missing",
                "the customer must certify at least one tax residence",
                "客户须声明至少一个税收居民身份",
                rule="CRS-01",
                field="tax_residences",
            )
        if Consent.PERSONAL_DATA not in self.consents:
            raise RuleBroken(
                "consent_missing",
                "the customer must consent to the use of personal data first",
                "须先取得客户对个人信息处理的同意",
                rule="DAT-01",
                field="consents",
            )


def state_on(today: date, state: KycState, expires_on: date | None) -> KycState:
    expired = expires_on is not None and expires_on <= today
    return KycState.EXPIRED if expired else state


@dataclass(frozen=True, kw_only=True)
class Kyc:
    """Where the newest submission stands."""

    kyc_id: str = ""
    state: KycState = KycState.NONE
    submitted_by: str = ""
    submitted_at: datetime | None = None
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    reason: str = ""
    expires_on: date | None = None  # the first day it no longer counts

    def state_on(self, today: date) -> KycState:
        return state_on(today, self.state, self.expires_on)

    def check_may_submit(self, roles: frozenset[str], today: date) -> None:
        if SUBMITS not in roles:
            raise Forbidden(
                "not_an_adviser",
                "only an adviser submits a KYC",
                "只有理财顾问可以提交 KYC",
            )
        state = self.state_on(today)
        if state is KycState.SUBMITTED:
            raise Conflict(
                "kyc_under_review",
                "this KYC is under review; wait for compliance to decide",
                "KYC 正在合规审核中，请等待审核结果",
            )
        if state is KycState.APPROVED:
            raise Conflict(
                "kyc_still_valid",
                f"KYC is approved until {self.expires_on}; submit again when it expires",
                f"KYC 有效期至 {self.expires_on}，到期后再提交",
            )

    def check_may_review(self, by: str, roles: frozenset[str], adviser_id: str) -> None:
        """Never the customer's adviser, never who submitted it, only compliance."""
        if by == adviser_id:
            raise RuleBroken(
                "own_customer_kyc",
                "an adviser cannot review the KYC of their own customer; compliance does",
                "理财顾问不能审核自己客户的 KYC，应由合规人员审核",
            )
        if by == self.submitted_by:
            raise RuleBroken(
                "own_submission_kyc",
                "who submitted a KYC cannot review it; another person of compliance does",
                "提交人不能审核自己提交的 KYC，应由其他合规人员审核",
            )
        if REVIEWS not in roles:
            raise Forbidden(
                "not_compliance", "only compliance reviews a KYC", "只有合规人员可以审核 KYC"
            )
        if self.state is not KycState.SUBMITTED:
            raise Conflict(
                "kyc_not_submitted",
                "there is no submitted KYC to review",
                "没有待审核的 KYC",
            )


@dataclass(frozen=True, kw_only=True)
class KycRecord:
    """One submission with its answers and its review, kept for whoever asks later."""

    customer_id: str
    kyc: Kyc
    answers: KycAnswers | None = None  # None when only the review is written down
