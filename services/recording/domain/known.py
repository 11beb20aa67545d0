"""What recording knows of sales and products; other services own them."""

from dataclasses import dataclass
from decimal import Decimal

from chassis.errors import Conflict, NotFound
from services.recording.domain.regime import ProductKind
from services.recording.domain.script import Script


@dataclass(frozen=True)
class Insurance:
    line: str
    design: str
    term_years: int  # 0: not stated

    @property
    def term(self) -> Decimal | None:
        return Decimal(self.term_years) if self.term_years else None


@dataclass(frozen=True, kw_only=True)
class Product:
    product_id: str
    kind: ProductKind
    script: Script = ()  # empty: the built-in one of its kind
    insurance: Insurance | None = None


@dataclass(frozen=True, kw_only=True)
class Sale:
    sale_id: str
    customer_id: str
    product_id: str
    ended: bool = False  # rescinded, refused or confirmed

    def check_goes_on(self) -> None:
        if self.ended:
            raise Conflict(
                "sale_has_ended",
                "the sale has ended, there is nothing left to record; draft a new sale",
                "该笔认购已结束，无需再双录；如需继续，请新建认购",
            )


def sale_not_known_yet() -> NotFound:
    return NotFound(
        "sale_not_known_yet",
        "this sale is not known here; one that was just drafted may take a moment, try again",
        "双录系统尚无该笔认购；如刚刚创建，请稍候重试",
        field="sale_id",
    )


def product_not_known_yet() -> NotFound:
    return NotFound(
        "product_not_known_yet",
        "the product of this sale is not known here yet; try again in a moment",
        "双录系统尚无该笔认购的产品信息，请稍候重试",
        field="sale_id",
    )
