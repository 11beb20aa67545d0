"""The family sheet: who is related to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.customer.domain.book.customers import BookCustomer
from services.customer.domain.book.problems import (
    CUSTOMER_REJECTED,
    CUSTOMER_UNKNOWN,
    FAMILY_REPEATED,
    FAMILY_SELF,
    RELATION_UNKNOWN,
    Note,
)
from services.customer.domain.book.reader import RowReader
from services.customer.domain.book.table import Table
from services.customer.domain.book.values import one_of, read_customer_number
from services.customer.domain.household import Relation

RELATIONS = {
    **dict.fromkeys(("配偶", "夫妻", "丈夫", "妻子", "爱人"), Relation.SPOUSE),
    **dict.fromkeys(("子女", "儿子", "女儿", "孩子"), Relation.CHILD),
    **dict.fromkeys(("父母", "父亲", "母亲", "父", "母"), Relation.PARENT),
    **dict.fromkeys(("兄弟姐妹", "兄弟", "姐妹", "哥哥", "弟弟", "姐姐", "妹妹"), Relation.SIBLING),
    **dict.fromkeys(("其他", "其它", "亲属"), Relation.OTHER),
}
read_relation = one_of(RELATIONS, RELATION_UNKNOWN)


@dataclass(frozen=True)
class BookFamilyLink:
    """*member_no* is the *relation* of *customer_no*; both are survivors' numbers."""

    customer_no: str
    member_no: str
    relation: Relation


def read_family(
    table: Table,
    persons: Mapping[str, BookCustomer],
    rejected: frozenset[str],
    notes: list[Note],
) -> Sequence[BookFamilyLink]:
    """Links between accepted customers, each pair once."""
    links: dict[frozenset[str], BookFamilyLink] = {}
    for row in table.rows():
        reader = RowReader(table.sheet, row, notes)
        link = _read(reader, persons, rejected)
        if link is None:
            continue
        pair = frozenset((link.customer_no, link.member_no))
        if pair in links:
            reader.reject(FAMILY_REPEATED)
        links.setdefault(pair, link)
    return list(links.values())


def _read(
    reader: RowReader, persons: Mapping[str, BookCustomer], rejected: frozenset[str]
) -> BookFamilyLink | None:
    reader.customer_no = reader.need("customer_no", read_customer_number) or ""
    member_no = reader.need("member_no", read_customer_number) or ""
    for number, field in ((reader.customer_no, "customer_no"), (member_no, "member_no")):
        if number and number not in persons:
            reader.reject(CUSTOMER_REJECTED if number in rejected else CUSTOMER_UNKNOWN, field)
    if reader.rejected:
        return None
    customer, member = persons[reader.customer_no], persons[member_no]
    if customer is member:
        reader.reject(FAMILY_SELF, "member_no")
        return None
    relation = reader.want("relation", read_relation) or Relation.OTHER
    return BookFamilyLink(customer.customer_no, member.customer_no, relation)
