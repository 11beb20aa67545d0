"""What can be wrong with a client book, as operations read it in the report."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    REJECTED = "rejected"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    code: str
    en: str
    zh: str


@dataclass(frozen=True)
class Note:
    """A problem where it was found; never with the value, which may be personal."""

    sheet: str
    row: int  # as the spreadsheet shows it
    customer_no: str
    severity: Severity
    problem: Problem
    column: str = ""

    @property
    def en(self) -> str:
        return f"{self.column}: {self.problem.en}" if self.column else self.problem.en

    @property
    def zh(self) -> str:
        return f"{self.column}：{self.problem.zh}" if self.column else self.problem.zh


class Unclean(Exception):
    """A cell that cannot be read as what its column holds."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.en)
        self.problem = problem


MISSING = Problem("missing", "the cell is empty but needed", "必填项为空")
TOO_LONG = Problem("too_long", "the cell is longer than 500 characters", "内容超过 500 个字符")
FORMULA = Problem(
    "formula_text",
    "text that begins like a formula was left out",
    "以公式符号开头的内容未导入",
)

DATE_UNREADABLE = Problem(
    "date_unreadable",
    "not a date; write it as 2026-11-23",
    "无法识别为日期，请写成 2026-11-23",
)
DATE_AMBIGUOUS = Problem(
    "date_ambiguous",
    "day, month and year cannot be told apart; write the date as 2026-11-23",
    "年月日无法区分，请写成 2026-11-23",
)
DATE_IMPOSSIBLE = Problem("date_impossible", "there is no such day", "该日期不存在")
DATE_IMPLAUSIBLE = Problem(
    "date_implausible", "the date is far from anything likely", "日期明显不合理"
)
DATE_IN_FUTURE = Problem("date_in_future", "the date lies in the future", "日期晚于今天")

AMOUNT_UNREADABLE = Problem(
    "amount_unreadable",
    "not an amount; write it as 1234.50",
    "无法识别为金额，请写成 1234.50",
)
AMOUNT_NEGATIVE = Problem("amount_negative", "the amount is below zero", "金额为负数")
AMOUNT_ZERO = Problem("amount_zero", "the amount is zero", "金额为零")
AMOUNT_IMPLAUSIBLE = Problem(
    "amount_implausible", "the amount is larger than any likely one", "金额明显过大"
)
AMOUNT_ROUNDED = Problem(
    "amount_rounded",
    "the amount had fractions of a cent and was rounded half up",
    "金额小于分的部分已四舍五入",
)

PHONE_UNREADABLE = Problem(
    "phone_unreadable",
    "not a mainland phone number; the customer is imported without it",
    "不是有效的境内电话号码，客户导入但不含电话",
)
PHONE_SEVERAL = Problem(
    "phone_several",
    "several phone numbers in one cell; the first one is kept",
    "一个单元格内有多个电话，仅保留第一个",
)

NAME_MISSING = Problem("name_missing", "the customer has no name", "客户姓名为空")
NAME_UNREADABLE = Problem(
    "name_unreadable", "not the name of a person or a company", "不是有效的姓名或单位名称"
)
LEVEL_UNREADABLE = Problem(
    "level_unreadable",
    "not a risk level C1 to C5; the customer is imported without one",
    "不是 C1 至 C5 的风险等级，客户导入但不含等级",
)
LEVEL_CONTRADICTS = Problem(
    "level_contradicts",
    "the level's name and its code disagree; the customer is imported without one",
    "风险等级名称与代码不一致，客户导入但不含等级",
)
LEVEL_DIFFERS = Problem(
    "level_differs",
    "the level differs from the client's current risk profile, which is kept",
    "与客户现有风险测评结果不一致，保留现有结果",
)

IDENTITY_MISSING = Problem("identity_missing", "identity number missing", "证件号码为空")
IDENTITY_SHAPE = Problem(
    "identity_shape",
    "an identity number has 18 characters (15 for old ones)",
    "身份证号码应为 18 位（旧证 15 位）",
)
IDENTITY_LOST_DIGITS = Problem(
    "identity_lost_digits",
    "the identity number was stored as a number and lost digits; enter it as text",
    "证件号码以数值存储已丢失位数，请以文本重新录入",
)
IDENTITY_REGION = Problem(
    "identity_region",
    "the identity number does not begin with a province code",
    "证件号码的行政区划代码无效",
)
IDENTITY_BIRTH_DATE = Problem(
    "identity_birth_date",
    "the identity number contains an impossible birth date",
    "证件号码中的出生日期无效",
)
IDENTITY_CHECK_DIGIT = Problem(
    "identity_check_digit",
    "the identity number's check digit is wrong (GB 11643)",
    "证件号码校验位错误（GB 11643）",
)
IDENTITY_KIND = Problem(
    "identity_kind",
    "only identity cards can be verified yet",
    "目前仅支持身份证",
)
BIRTH_DATE_CONTRADICTS = Problem(
    "birth_date_contradicts",
    "the birth date contradicts the identity number",
    "出生日期与证件号码不一致",
)
SEX_CONTRADICTS = Problem(
    "sex_contradicts",
    "the sex contradicts the identity number, which counts",
    "性别与证件号码不一致，以证件号码为准",
)
SEX_UNREADABLE = Problem(
    "sex_unreadable",
    "neither 男 nor 女; taken from the identity number",
    "性别无法识别，取自证件号码",
)

CUSTOMER_NUMBER_MISSING = Problem(
    "customer_number_missing", "the row has no customer number", "客户编号为空"
)
CUSTOMER_NUMBER_UNREADABLE = Problem(
    "customer_number_unreadable",
    "a customer number has up to 32 letters, digits and dashes",
    "客户编号应为不超过 32 位的字母、数字或短横线",
)
CUSTOMER_NUMBER_REPEATED = Problem(
    "customer_number_repeated",
    "an earlier row gives this customer number to another person",
    "该客户编号已被前面另一位客户使用",
)
CUSTOMER_NUMBER_TAKEN = Problem(
    "customer_number_taken",
    "this customer number belongs to another person already on file",
    "该客户编号已属于系统中的另一位客户",
)
CUSTOMER_REJECTED = Problem(
    "customer_rejected", "the customer of this row was rejected", "所属客户未通过导入"
)
CUSTOMER_UNKNOWN = Problem(
    "customer_unknown",
    "no row of the customer sheet has this customer number",
    "客户信息表中没有该客户编号",
)
ADVISER_UNKNOWN = Problem(
    "adviser_unknown",
    "no active adviser of this name; the customer is imported without one",
    "没有该姓名的在岗理财顾问，客户导入但未分配顾问",
)
ADVISER_AMBIGUOUS = Problem(
    "adviser_ambiguous",
    "several advisers have this name; the customer is imported without one",
    "有多位同名理财顾问，客户导入但未分配顾问",
)
TEAM_CONTRADICTS = Problem(
    "team_contradicts",
    "the adviser belongs to another team, which counts",
    "与理财顾问所属团队不一致，以顾问所属团队为准",
)
AUM_DIFFERS = Problem(
    "aum_differs",
    "the assets under management differ from the sum of the holdings, which counts",
    "总资产规模与持仓合计不一致，以持仓合计为准",
)

PRODUCT_CODE_MISSING = Problem(
    "product_code_missing", "the row has no product code", "产品代码为空"
)
PRODUCT_CODE_UNREADABLE = Problem(
    "product_code_unreadable",
    "a product code has up to 32 letters, digits and dashes",
    "产品代码应为不超过 32 位的字母、数字或短横线",
)
PRODUCT_REPEATED = Problem(
    "product_repeated", "an earlier row has this product code", "产品代码与前面的行重复"
)
PRODUCT_KIND_UNKNOWN = Problem(
    "product_kind_unknown", "not a kind of product that is known", "产品类型无法识别"
)
PRODUCT_LEVEL_UNREADABLE = Problem(
    "product_level_unreadable", "not a risk level R1 to R5", "不是 R1 至 R5 的风险等级"
)
PRODUCT_UNKNOWN = Problem(
    "product_unknown",
    "no row of the product sheet has this product code",
    "产品表中没有该产品代码",
)
HOLDING_REPEATED = Problem(
    "holding_repeated",
    "the customer holds this product in an earlier row, too; both were added up",
    "同一客户同一产品出现多行，已合并相加",
)
TRANSACTION_KIND_UNKNOWN = Problem(
    "transaction_kind_unknown", "not a kind of transaction that is known", "业务类型无法识别"
)
RELATION_UNKNOWN = Problem(
    "relation_unknown", "not a relation that is known; kept as other", "关系无法识别，记为其他"
)
FAMILY_SELF = Problem("family_self", "a customer is not their own family", "家庭成员不能是本人")
FAMILY_REPEATED = Problem(
    "family_repeated", "an earlier row has this pair", "该家庭关系与前面的行重复"
)
SHEET_ABSENT = Problem(
    "sheet_absent",
    "the book has no such sheet; nothing of it was imported",
    "缺少该工作表，未导入相关内容",
)
