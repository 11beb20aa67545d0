"""Every column that holds personal data sealed, and what each text was sealed for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from services.customer.adapters.sealing import (
    place_of,
    place_of_file,
    place_of_file_name,
    place_of_kyc,
    place_of_unmasking,
)
from services.customer.adapters.tables import (
    customers,
    import_files,
    imports,
    kyc_records,
    unmaskings,
)

Place = Callable[[sa.Row[Any]], str]


@dataclass(frozen=True)
class Sealed:
    """*clear* is the column that held the same before it was sealed."""

    column: sa.Column[Any]
    place: Place
    clear: sa.Column[str] | None = None

    def key_id(self) -> sa.ColumnElement[str]:
        start: sa.ColumnElement[str] = self.column
        if isinstance(self.column.type, sa.LargeBinary):
            start = sa.func.encode(sa.func.substring(self.column, 1, 40), "escape")
        return sa.func.split_part(start, ".", 1)

    def filled(self) -> sa.ColumnElement[bool]:
        return sa.func.length(self.column) > 0

    def older(self, key_id: str) -> sa.ColumnElement[bool]:
        sealed = sa.and_(self.filled(), self.key_id() != key_id)
        return sealed if self.clear is None else sa.or_(sealed, self.clear != "")


@dataclass(frozen=True)
class SealedTable:
    table: sa.Table
    key: sa.Column[Any]
    columns: Sequence[Sealed]
    batch: int  # rows in one transaction

    def older(self, key_id: str) -> sa.ColumnElement[bool]:
        return sa.or_(*(each.older(key_id) for each in self.columns))


def of_customer(field: str, clear: sa.Column[str] | None = None) -> Sealed:
    column = customers.c[f"{field}_sealed"]
    return Sealed(column, lambda row: place_of(row.customer_id, field), clear)


def of_kyc(row: sa.Row[Any]) -> str:
    return place_of_kyc(row.customer_id, row.kyc_id)


SEALED = (
    SealedTable(
        customers,
        customers.c.customer_id,
        (
            *map(of_customer, ("name", "identity", "phone", "wechat", "address")),
            of_customer("kyc_reason", customers.c.kyc_reason),
        ),
        batch=200,
    ),
    SealedTable(
        kyc_records,
        kyc_records.c.record_id,
        (
            Sealed(kyc_records.c.answers_sealed, of_kyc),
            Sealed(
                kyc_records.c.reason_sealed,
                lambda row: f"{of_kyc(row)}/reason",
                kyc_records.c.reason,
            ),
        ),
        batch=200,
    ),
    SealedTable(
        unmaskings,
        unmaskings.c.unmasking_id,
        (Sealed(unmaskings.c.note_sealed, lambda row: place_of_unmasking(row.customer_id)),),
        batch=200,
    ),
    SealedTable(
        imports,
        imports.c.import_id,
        (
            Sealed(
                imports.c.file_name_sealed,
                lambda row: place_of_file_name(row.import_id),
                imports.c.file_name,
            ),
        ),
        batch=200,
    ),
    SealedTable(
        import_files,
        import_files.c.import_id,
        (Sealed(import_files.c.content_sealed, lambda row: place_of_file(row.import_id)),),
        batch=1,  # books are large
    ),
)


def uses(engine: sa.Engine) -> Mapping[str, int]:
    """How many texts and files are sealed with each key; "" for what waits to be sealed."""
    named = [
        sa.select(each.key_id().label("key_id")).where(each.filled())
        for of in SEALED
        for each in of.columns
    ]
    clear = [
        sa.select(sa.literal("").label("key_id")).where(each.clear != "")
        for of in SEALED
        for each in of.columns
        if each.clear is not None
    ]
    every = sa.union_all(*named, *clear).subquery()
    counted = sa.select(every.c.key_id, sa.func.count()).group_by(every.c.key_id)
    with engine.connect() as connection:
        return {row.key_id: row[1] for row in connection.execute(counted)}
