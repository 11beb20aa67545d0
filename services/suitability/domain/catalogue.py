"""The facts a decision may read: what they are called, what they look like, what they mean.

A fact without a default is unknown when it is not given, and unknown never allows: rules
that need it require it under its `asked_as` name.
"""

from dataclasses import dataclass
from functools import cached_property

from services.suitability.domain.values import (
    AMOUNT,
    COUNT,
    DAY,
    DAYS,
    FLAG,
    POSITIVE,
    YEARS,
    Kind,
    choice,
    choices,
    level,
)

LICENCES = choice(
    "bank",
    "wealth_company",
    "trust",
    "insurer",
    "insurance_agent",
    "securities_firm",
    "fund_company",
    "fund_distributor",
    "private_fund_manager",
)
CHANNELS = choice("branch", "online", "phone")
CUSTOMER_KINDS = choice(
    "person", "company", "financial_institution", "financial_product", "pension_or_charity", "qfii"
)
PRODUCT_KINDS = choice(
    "bank_wealth",
    "public_fund",
    "private_fund",
    "collective_trust",
    "securities_am_plan",
    "insurance",
)
ASSET_CLASSES = choice("fixed_income", "mixed", "equity", "commodity_derivatives")
LINES = choice("life", "health", "property", "group")
DESIGNS = choice("traditional", "participating", "universal", "unit_linked", "variable_annuity")
STEPS = choices("application", "written_warning", "confirmation", "insists")
CLASSES = choice("ordinary", "professional")
FACT_SOURCES = choice("kyc", "import", "client", "adviser")


@dataclass(frozen=True)
class Fact:
    name: str
    kind: Kind
    zh: str
    default: object = None
    asked_as: str = ""

    @cached_property
    def key(self) -> str:
        """Its name within its section."""
        return self.name.partition(".")[2]

    @property
    def label(self) -> str:
        return self.asked_as or self.key


def _section(section: str, *rows: tuple[object, ...]) -> tuple[Fact, ...]:
    return tuple(Fact(f"{section}.{row[0]}", *row[1:]) for row in rows)  # type: ignore[arg-type]


SELLER = _section(
    "seller",
    ("licence", LICENCES, "销售机构牌照"),
    ("channel", CHANNELS, "销售渠道"),
    ("grade", COUNT, "销售人员分级", None, "seller_grade"),
)

CUSTOMER = _section(
    "customer",
    ("kind", CUSTOMER_KINDS, "客户类型", None, "customer_kind"),
    ("born_on", DAY, "出生日期"),
    ("capacity", choice("full", "limited", "none"), "民事行为能力"),
    ("guardian_consent", FLAG, "法定代理人同意", False),
    ("information_refused", FLAG, "拒绝提供必要信息", False),
    ("risk_level", level("C"), "风险承受能力等级"),
    ("lowest_category", FLAG, "风险承受能力最低类别"),
    ("previous_risk_level", level("C"), "上次风险承受能力等级"),
    ("level_reconfirmed", FLAG, "已再次确认等级", False),
    ("assessed_on", DAYS, "风险测评日期"),
    ("financial_assets", AMOUNT, "金融资产"),
    ("household_financial_assets", AMOUNT, "家庭金融资产"),
    ("household_net_financial_assets", AMOUNT, "家庭金融净资产"),
    ("average_income_3y", AMOUNT, "近三年年均收入"),
    ("household_annual_income", AMOUNT, "家庭年收入"),
    ("net_assets", AMOUNT, "上年末净资产"),
    ("investing_years", YEARS, "投资经历年限"),
    ("relevant_work_years", YEARS, "相关工作年限"),
    ("senior_executive", FLAG, "金融机构高级管理人员", False),
    ("certified", FLAG, "从事金融相关业务的注册会计师或律师", False),
    ("elected_class", CLASSES, "客户选择的分类"),
    ("conversion_completed", FLAG, "已完成专业投资者转化程序", False),
    ("works_for_manager", FLAG, "管理人及其员工", False),
    ("bank_wealth_before", FLAG, "曾购买本行理财产品", False),
    ("facts_source", FACT_SOURCES, "客户信息来源"),
    ("facts_as_of", DAY, "客户信息截至日期"),
)

PRODUCT = _section(
    "product",
    ("kind", PRODUCT_KINDS, "产品类型", None, "product_kind"),
    ("issuer_level", level("R"), "发行人风险等级"),
    ("seller_level", level("R"), "销售机构风险等级"),
    ("placement", choice("public", "private"), "募集方式"),
    ("asset_class", ASSET_CLASSES, "资产类别"),
    ("state", choice("listed", "suspended", "delisted"), "产品状态"),
    ("head_office_listed", FLAG, "总行准入名单", True),
    ("distribution_contract", FLAG, "代销合同已明确适当性责任"),
    ("rating_information_complete", FLAG, "发行人评级信息完整", True),
    ("investor_count", COUNT, "已有投资者人数"),
    ("cooling_off_hours", COUNT, "合同约定冷静期小时数"),
    ("minimum_amount", AMOUNT, "产品起购金额"),
    ("invests_in_private_funds", FLAG, "投资于私募基金", False),
    ("manager_strategy", choice("private_equity", "securities"), "私募管理人类型"),
    ("manager_registered_years", YEARS, "私募管理人登记年限"),
    ("manager_scale", AMOUNT, "私募管理人管理规模"),
    ("manager_disciplined", FLAG, "私募管理人三年内受处罚"),
    ("government_industry_fund", FLAG, "政府产业基金", False),
)

INSURANCE = _section(
    "insurance",
    ("line", LINES, "险种"),
    ("design", DESIGNS, "产品设计类型"),
    ("grade", COUNT, "保险产品分级", None, "insurance_grade"),
    ("term_years", YEARS, "保险期间"),
    ("pay_years", YEARS, "缴费年限"),
    ("single_premium", AMOUNT, "趸交保费"),
    ("annual_premium", AMOUNT, "年缴保费"),
    ("budget", AMOUNT, "保费预算"),
)

REQUEST = _section(
    "request",
    ("amount", POSITIVE, "购买金额"),
    ("initiated_by", choice("client", "staff", "system"), "交易发起方"),
    ("steps", STEPS, "错配购买已完成步骤", ()),
    ("recording_consent", FLAG, "同意录音录像"),
    ("special_care_done", FLAG, "已履行特别注意义务", False),
    ("insurance_statement_signed", FLAG, "已签署投保声明", False),
    ("insurance_suitable", FLAG, "保险需求与缴费能力相符"),
    ("fits_objective", FLAG, "符合投资目标"),
    ("nominee", FLAG, "代他人持有", False),
    ("borrowed_money", FLAG, "使用借贷资金", False),
    ("split", FLAG, "拆分以规避门槛", False),
    ("bundled", FLAG, "强制搭售或默认勾选", False),
    ("premium_handled_by_seller", FLAG, "销售人员代收保费", False),
    ("transfer", choice("inheritance"), "非交易过户事由"),
)

SECTIONS = {
    "seller": SELLER,
    "customer": CUSTOMER,
    "product": PRODUCT,
    "insurance": INSURANCE,
    "request": REQUEST,
}
GIVEN = {fact.name: fact for facts in SECTIONS.values() for fact in facts}

DERIVED = {
    "sale.on": DAY,
    "sale.regime": choice("NFRA", "CSRC"),
    "sale.customer_class": CLASSES,
    "customer.age": YEARS,
    "product.level": level("R"),
    "assessment.count": COUNT,
    "assessment.last_on": DAY,
    "assessment.months_begun": COUNT,
    "assessment.on_last_day": COUNT,
    "assessment.in_window": COUNT,
}

KINDS = {name: fact.kind for name, fact in GIVEN.items()} | DERIVED
LABELS_ZH = {fact.label: fact.zh for fact in GIVEN.values()}
