"""Small client books for tests, as grids of cells."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

from openpyxl import Workbook as XlsxWorkbook

from services.customer.domain.book.book import Book, clean
from services.customer.domain.book.cells import Cell, Workbook
from services.customer.domain.identity_number import check_digit

TODAY = date(2026, 11, 23)

HEADER = (
    "客户编号",
    "客户姓名",
    "证件类型",
    "证件号码",
    "出生日期",
    "手机号",
    "风险等级",
    "客户标签",
)
PRODUCT_HEADER = ("产品代码", "产品名称", "产品类型", "风险等级", "起购金额", "最新净值", "到期日")
PRODUCT = ("P1", "凌云稳盈", "公募基金", "R2", 10000.0, 1.05, "开放式")
HOLDING_HEADER = ("客户编号", "产品代码", "持有份额", "参考市值")
TRANSACTION_HEADER = ("日期", "客户编号", "产品代码", "业务类型", "金额")
FAMILY_HEADER = ("客户编号", "关系", "家庭成员客户编号")

Rows = Sequence[Sequence[Cell]]


def identity(serial: int, born: str = "19610730", region: str = "440305") -> str:
    body = f"{region}{born}{serial:03d}"
    return body + check_digit(body)


ADA = ("K1", "林爱达", "身份证", identity(1), "1961-07-30", "17486206205", "C2", "企业主")
BO = ("K2", "孙博", "身份证", identity(2), "1961-07-30", "13222791805", "C3", "")


def book_of(
    customers: Rows = (ADA, BO),
    holdings: Rows = (),
    transactions: Rows = (),
    family: Rows = (),
    products: Rows = (PRODUCT,),
) -> Workbook:
    return {
        "客户信息": [HEADER, *customers],
        "产品": [PRODUCT_HEADER, *products],
        "持仓": [HOLDING_HEADER, *holdings],
        "交易流水": [TRANSACTION_HEADER, *transactions],
        "家庭关系": [FAMILY_HEADER, *family],
    }


def cleaned(
    customers: Rows = (ADA, BO),
    holdings: Rows = (),
    transactions: Rows = (),
    family: Rows = (),
    products: Rows = (PRODUCT,),
) -> Book:
    return clean(book_of(customers, holdings, transactions, family, products), TODAY)


def problems(book: Book) -> list[tuple[int, str, str]]:
    """Row, severity and code of every note."""
    return [(note.row, note.severity.value, note.problem.code) for note in book.notes]


def xlsx(workbook: Workbook) -> bytes:
    made = XlsxWorkbook()
    made.remove(made.worksheets[0])
    for title, rows in workbook.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()
