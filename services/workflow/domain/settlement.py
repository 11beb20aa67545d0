"""Contract, money and shares; sales staff touch only the first."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from chassis.errors import Forbidden, RuleBroken
from services.workflow.domain.actor import Actor

CENT = Decimal("0.01")
UNITS_STEP = Decimal("0.01")  # registrars keep units to the hundredth


@dataclass(frozen=True)
class Contract:
    number: str
    disclosures_confirmed: tuple[str, ...]
    at: datetime


def searchable_reference(written: str) -> str:
    """One form of a payment's reference: half width, upper case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", written).split()).upper()


@dataclass(frozen=True)
class Payment:
    reference: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Confirmation:
    units: Decimal
    nav: Decimal
    confirmed_on: date

    def check(self, amount: Decimal, paid_on: date, today: date) -> None:
        if self.units <= 0 or self.nav <= 0 or not self._is_worth(amount):
            raise RuleBroken(
                "units_do_not_match_amount",
                "units times net asset value is not the amount that was paid",
                "份额乘以净值与认购金额不符",
                field="units",
            )
        if self.confirmed_on < paid_on:
            raise RuleBroken(
                "confirmed_before_payment",
                "shares cannot be confirmed for a day before the payment",
                "份额确认日期不能早于到账日期",
                field="confirmed_on",
            )
        if self.confirmed_on > today:
            raise RuleBroken(
                "confirmed_in_the_future",
                "shares cannot be confirmed for a day after today",
                "份额确认日期不能晚于今天",
                field="confirmed_on",
            )

    def _is_worth(self, amount: Decimal) -> bool:
        """units × nav is the amount, but for a cent; units in whole hundredths may have been
        rounded to them."""
        rounded = self.units % UNITS_STEP == 0
        tolerance = max(CENT, self.nav * UNITS_STEP / 2) if rounded else CENT
        return abs(self.units * self.nav - amount) <= tolerance


def check_payer(by: Actor, advisers: Collection[str]) -> None:
    if by.sells or by.staff_id in advisers:
        raise Forbidden(
            "payment_by_sales",
            "sales staff may not record a payment; operations do",
            "销售人员不得登记付款，须由运营人员登记",
        )
    if not by.has("operations", "system"):
        raise Forbidden(
            "payment_needs_operations",
            "only operations, or a system of the institution, record payments",
            "只有运营人员或机构系统可以登记付款",
        )


def check_confirmer(by: Actor, advisers: Collection[str]) -> None:
    if by.sells or by.staff_id in advisers:
        raise Forbidden(
            "confirmation_by_sales",
            "sales staff may not confirm shares; operations do",
            "销售人员不得确认份额，须由运营人员确认",
        )
    if not by.has("operations"):
        raise Forbidden(
            "confirmation_needs_operations",
            "only operations confirm shares",
            "只有运营人员可以确认份额",
        )
