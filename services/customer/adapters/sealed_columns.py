"""Every column that holds personal data sealed, and what each text was sealed for."""

from typing import Any

import sqlalchemy as sa

from chassis.sealing.columns import Clear, Index, Sealed, SealedTable
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
from services.customer.domain.searching import SEARCHABLE


def of_customer(field: str, clear: Clear | None = None) -> Sealed:
    column = customers.c[f"{field}_sealed"]
    index = Index(customers.c[f"{field}_index"], field) if field in SEARCHABLE else None
    return Sealed(column, lambda row: place_of(row.customer_id, field), clear, index)


def of_kyc(row: sa.Row[Any]) -> str:
    return place_of_kyc(row.customer_id, row.kyc_id)


SEALED = (
    SealedTable(
        customers,
        customers.c.customer_id,
        (
            *map(of_customer, ("name", "identity", "phone", "wechat", "address")),
            of_customer("kyc_reason", Clear(customers.c.kyc_reason)),
        ),
    ),
    SealedTable(
        kyc_records,
        kyc_records.c.record_id,
        (
            Sealed(kyc_records.c.answers_sealed, of_kyc),
            Sealed(
                kyc_records.c.reason_sealed,
                lambda row: f"{of_kyc(row)}/reason",
                Clear(kyc_records.c.reason),
            ),
        ),
    ),
    SealedTable(
        unmaskings,
        unmaskings.c.unmasking_id,
        (Sealed(unmaskings.c.note_sealed, lambda row: place_of_unmasking(row.customer_id)),),
    ),
    SealedTable(
        imports,
        imports.c.import_id,
        (
            Sealed(
                imports.c.file_name_sealed,
                lambda row: place_of_file_name(row.import_id),
                Clear(imports.c.file_name),
            ),
        ),
    ),
    SealedTable(
        import_files,
        import_files.c.import_id,
        (Sealed(import_files.c.content_sealed, lambda row: place_of_file(row.import_id)),),
        batch=1,  # books are large
    ),
)
