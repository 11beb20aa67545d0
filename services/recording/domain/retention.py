"""How long a recording is kept: the latest day of all rules that apply.

DAT-05 adds no day of its own: it is why there is a last day at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.recording.domain.calendar import months_after
from services.recording.domain.regime import Licence, ProductKind, Regime

YEAR = 12  # months
# Banks keep a sales zone; trust companies follow by reference (S15).
SALES_ZONE_LICENCES = frozenset({Licence.BANK, Licence.TRUST})


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the rules read. A day that is None has not come yet."""

    regime: Regime
    product_kind: ProductKind
    sold_by: Licence
    contract_ended_on: date | None = None
    insurance_term_years: Decimal | None = None  # None: for life, or not known
    relationship_ended_on: date | None = None
    dispute_ended_on: date | None = None
    open_dispute: bool = False


@dataclass(frozen=True, kw_only=True)
class RetentionRule:
    """A period that begins when something ends; a dispute holds it open."""

    id: str
    article: str
    en: str
    zh: str
    applies: Callable[[Facts], bool]
    begins: Callable[[Facts], date | None]
    months: Callable[[Facts], int]
    months_after_dispute: int = 0

    def until(self, facts: Facts) -> date | None:
        """The last day to keep the recording; None while something is still open."""
        begins = self.begins(facts)
        if begins is None or facts.open_dispute:
            return None
        own = months_after(begins, self.months(facts))
        if facts.dispute_ended_on is None:
            return own
        return max(own, months_after(facts.dispute_ended_on, self.months_after_dispute))


@dataclass(frozen=True)
class Finding:
    rule: RetentionRule
    until: date | None


@dataclass(frozen=True)
class Retention:
    findings: tuple[Finding, ...]  # never empty: AML-02 applies to everybody

    @property
    def retain_until(self) -> date | None:
        """None while any rule is still open."""
        days = [finding.until for finding in self.findings if finding.until is not None]
        return max(days) if len(days) == len(self.findings) else None

    @property
    def rule_ids(self) -> tuple[str, ...]:
        return tuple(finding.rule.id for finding in self.findings)


def retention(facts: Facts) -> Retention:
    return Retention(
        tuple(Finding(rule, rule.until(facts)) for rule in RULES if rule.applies(facts))
    )


def _contract_end(facts: Facts) -> date | None:
    return facts.contract_ended_on


def _relationship_end(facts: Facts) -> date | None:
    """A relationship goes on while its contract does."""
    return facts.relationship_ended_on if facts.contract_ended_on is not None else None


def _insurance_months(facts: Facts) -> int:
    """A term that is not known counts as a long one."""
    term = facts.insurance_term_years
    return 5 * YEAR if term is not None and term <= 1 else 10 * YEAR


RULES = (
    RetentionRule(
        id="REC-04",
        article="《银行业金融机构销售专区录音录像管理暂行规定》（银监办发〔2017〕110号）",
        en="A sales-zone recording is kept for at least 6 months after the product or contract "
        "ended, and until a dispute is finally resolved.",
        zh="销售专区录音录像至少保留至产品终止或合同关系解除后6个月；发生纠纷的，保留至纠纷最终解决。",
        applies=lambda facts: facts.sold_by in SALES_ZONE_LICENCES,
        begins=_contract_end,
        months=lambda _: 6,
    ),
    RetentionRule(
        id="REC-11",
        article="《保险销售行为可回溯管理暂行办法》（保监发〔2017〕54号）第十二条、第十三条",
        en="A recording of an insurance sale is kept for 5 years (term up to one year) or 10 years "
        "(longer) from the end of the contract, and 2 years from the end of a dispute.",
        zh="保险销售录音录像自合同终止之日起保存不少于5年（期限一年及以下）或10年（一年以上）；"
        "有纠纷的，至少保存至纠纷结束后2年。",
        applies=lambda facts: facts.product_kind is ProductKind.INSURANCE,
        begins=_contract_end,
        months=_insurance_months,
        months_after_dispute=2 * YEAR,
    ),
    RetentionRule(
        id="REC-12",
        article="《金融机构产品适当性管理办法》（国家金融监督管理总局令2025年第7号）第十七条",
        en="Recordings are kept for at least 5 years after the client relationship ended.",
        zh="录音录像资料自客户关系终止之日起至少保存5年。",
        applies=lambda facts: facts.regime is Regime.NFRA,
        begins=_relationship_end,
        months=lambda _: 5 * YEAR,
    ),
    # The article names no first day; the end of the contract is the latest reading.
    RetentionRule(
        id="REC-13",
        article="《证券期货投资者适当性管理办法》第三十二条；"
        "《基金募集机构投资者适当性管理实施指引（试行）》第十七条",
        en="Recordings are kept for at least 20 years.",
        zh="录音录像资料保存期限不少于20年。",
        applies=lambda facts: facts.regime is Regime.CSRC,
        begins=_contract_end,
        months=lambda _: 20 * YEAR,
    ),
    RetentionRule(
        id="REC-14",
        article="《证券法》第一百三十七条",
        en="A securities firm keeps all records of its business for at least 20 years.",
        zh="证券公司保存与业务经营有关的各项信息，期限不少于20年。",
        applies=lambda facts: facts.sold_by is Licence.SECURITIES_FIRM,
        begins=_contract_end,
        months=lambda _: 20 * YEAR,
    ),
    # A recording shows how the client's identity was checked: it is a record of due diligence.
    RetentionRule(
        id="AML-02",
        article="《反洗钱法》第三十四条",
        en="Records of the client's identity are kept for at least 10 years after the "
        "relationship ended.",
        zh="客户身份资料在业务关系结束后至少保存10年。",
        applies=lambda _: True,
        begins=_relationship_end,
        months=lambda _: 10 * YEAR,
    ),
)
