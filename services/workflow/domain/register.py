"""What workflow knows of staff, customers and products; other services own them."""

from dataclasses import dataclass
from datetime import date

from chassis.errors import RuleBroken
from chassis.scope import Scope
from services.workflow.domain.actor import Actor, Adviser


@dataclass(frozen=True, kw_only=True)
class StaffMember:
    staff_id: str
    roles: frozenset[str]
    team_id: str
    branch_id: str
    active: bool

    def as_adviser(self) -> Adviser:
        if not self.active or "adviser" not in self.roles:
            raise RuleBroken(
                "not_an_active_adviser",
                "this member of staff is not an active adviser; name one who is",
                "该员工不是在职理财顾问，请另行指定",
                field="adviser_id",
            )
        return Adviser(self.staff_id, self.team_id, self.branch_id)

    def as_actor(self, granted: Scope) -> Actor:
        return Actor(self.staff_id, self.roles, self.team_id, granted)


def unknown_adviser() -> RuleBroken:
    return RuleBroken(
        "unknown_adviser",
        "the staff register does not know this adviser; name somebody it knows",
        "员工名册中没有该理财顾问，请指定名册中的人员",
        field="adviser_id",
    )


def not_a_customer() -> RuleBroken:
    """Of somebody else's client nothing else is said than of one who does not exist."""
    return RuleBroken(
        "not_a_customer",
        "only a customer of yours can buy; qualify the lead first",
        "只有您名下的客户才能认购，请先完成线索转化",
        field="customer_id",
    )


def check_known(kyc_expires_on: date | None, today: date) -> None:
    """No contract with somebody nobody has identified (anti-money-laundering law, AML-01)."""
    if kyc_expires_on is None or today >= kyc_expires_on:
        raise RuleBroken(
            "kyc_not_approved",
            "the client's KYC is not approved, or has expired; have compliance approve it first",
            "客户身份识别尚未通过审批或已过期，请先由合规审批",
            rule="AML-01",
        )


def unknown_product() -> RuleBroken:
    return RuleBroken(
        "unknown_product",
        "the catalogue has not listed this product; check the product code",
        "产品目录中没有该产品，请核对产品代码",
        field="product_id",
    )


@dataclass(frozen=True)
class Product:
    product_id: str
    state: str  # listed, suspended, delisted

    def check_on_sale(self) -> None:
        if self.state != "listed":
            raise RuleBroken(
                "product_not_on_sale",
                "this product is not on sale at the moment; choose another one",
                "该产品目前不在售，请另选产品",
                field="product_id",
            )
