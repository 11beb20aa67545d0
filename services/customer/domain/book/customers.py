"""The customer sheet: one person per row."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from services.customer.domain.book.cells import read_text
from services.customer.domain.book.dates import read_date
from services.customer.domain.book.problems import (
    BIRTH_DATE_CONTRADICTS,
    CUSTOMER_NUMBER_REPEATED,
    CUSTOMER_NUMBER_TAKEN,
    DATE_IN_FUTURE,
    SEX_CONTRADICTS,
    Note,
    Problem,
    Unclean,
)
from services.customer.domain.book.reader import RowReader
from services.customer.domain.book.table import Table
from services.customer.domain.book.values import (
    check_identity_kind,
    first_phone,
    marked_as_duplicate,
    read_customer_number,
    read_identity,
    read_level,
    read_name,
    read_phone,
    read_sex,
    read_tags,
)
from services.customer.domain.identity_number import IdentityNumber, Sex


@dataclass(frozen=True, kw_only=True)
class BookCustomer:
    """A person as a book has them, from one row or from several."""

    row: int
    customer_no: str
    name: str
    sex: Sex
    identity_number: str
    born_on: date
    phone: str = ""
    wechat: str = ""
    address: str = ""
    annual_income: Decimal | None = None
    stated_aum: Decimal | None = None
    level: str = ""
    assessed_on: date | None = None
    adviser: str = ""
    team: str = ""
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    marked_as_duplicate: bool = False


@dataclass(frozen=True)
class CustomerSheet:
    accepted: Sequence[BookCustomer]
    rejected: frozenset[str]  # customer numbers
    rows: int
    rejected_rows: int


@dataclass
class Holders:
    """Whose a customer number is, by identity number: on file, and so far in the book."""

    on_file: Mapping[str, str] = field(default_factory=dict)
    in_book: dict[str, str] = field(default_factory=dict)

    def objection(self, customer_no: str, identity_number: str) -> Problem | None:
        """A customer number stays with the first person who has it."""
        if self.on_file.get(customer_no, identity_number) != identity_number:
            return CUSTOMER_NUMBER_TAKEN
        if self.in_book.setdefault(customer_no, identity_number) != identity_number:
            return CUSTOMER_NUMBER_REPEATED
        return None


def customer_numbers(table: Table) -> frozenset[str]:
    """Every customer number the sheet names, whatever else is wrong with its row."""
    numbers = set()
    for row in table.rows():
        with suppress(Unclean):
            numbers.add(read_customer_number(row.cell("customer_no")))
    return frozenset(numbers)


def read_customers(table: Table, holders: Holders, today: date, notes: list[Note]) -> CustomerSheet:
    accepted: list[BookCustomer] = []
    rejected: set[str] = set()
    rows = 0
    for row in table.rows():
        rows += 1
        reader = RowReader(table.sheet, row, notes)
        customer = _read(reader, today, holders)
        if customer is None:
            rejected.add(reader.customer_no)
        else:
            accepted.append(customer)
    kept = {customer.customer_no for customer in accepted}
    return CustomerSheet(accepted, frozenset(rejected - kept - {""}), rows, rows - len(accepted))


def _read(reader: RowReader, today: date, holders: Holders) -> BookCustomer | None:
    reader.customer_no = reader.need("customer_no", read_customer_number) or ""
    name = reader.need("name", read_name)
    reader.need("identity_kind", check_identity_kind)
    identity = reader.need("identity", read_identity)
    if identity:
        _check_birth_date(reader, identity)
        _check_holder(reader, identity, holders)
    if reader.rejected or name is None or identity is None:
        return None
    return _accepted(reader, name, identity, today)


def _check_birth_date(reader: RowReader, identity: IdentityNumber) -> None:
    born_on = reader.want("born_on", read_date)
    if born_on and born_on != identity.born_on:
        reader.reject(BIRTH_DATE_CONTRADICTS, "born_on")


def _check_holder(reader: RowReader, identity: IdentityNumber, holders: Holders) -> None:
    if reader.customer_no and not reader.rejected:
        objection = holders.objection(reader.customer_no, identity.number)
        if objection:
            reader.reject(objection, "customer_no")


def _accepted(reader: RowReader, name: str, identity: IdentityNumber, today: date) -> BookCustomer:
    sex = reader.want("sex", read_sex)
    if sex and sex is not identity.sex:
        reader.warn(SEX_CONTRADICTS, "sex")
    return BookCustomer(
        row=reader.row.number,
        customer_no=reader.customer_no,
        name=name,
        sex=identity.sex,
        identity_number=identity.number,
        born_on=identity.born_on,
        phone=reader.want("phone", read_phone) or first_phone(reader.row.cell("phone")),
        wechat=reader.want("wechat", read_text) or "",
        address=reader.want("address", read_text) or "",
        annual_income=reader.want("income", reader.money("income")),
        stated_aum=reader.want("aum", reader.money("aum")),
        level=reader.want("level", read_level) or "",
        assessed_on=_assessed_on(reader, today),
        adviser=reader.want("adviser", read_text) or "",
        team=reader.want("team", read_text) or "",
        tags=reader.want("tags", read_tags) or (),
        marked_as_duplicate=marked_as_duplicate(reader.row.cell("tags")),
    )


def _assessed_on(reader: RowReader, today: date) -> date | None:
    assessed_on = reader.want("assessed_on", read_date)
    if assessed_on and assessed_on > today:
        reader.warn(DATE_IN_FUTURE, "assessed_on")
        return None
    return assessed_on


def by_number(customers: Sequence[BookCustomer]) -> Mapping[str, BookCustomer]:
    """Every customer number of the book, aliases included, and whose it is."""
    return {
        number: customer
        for customer in customers
        for number in (customer.customer_no, *customer.aliases)
    }
