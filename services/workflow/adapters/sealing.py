"""Where what staff typed of clients rests under seal, and how a payment is found by it."""

from typing import Any

import sqlalchemy as sa

from chassis.sealing.columns import Clear, Index, Sealed, SealedTable
from chassis.sealing.index import IndexKeys
from services.workflow.adapters.tables import lead_history, leads, sale_history, sales
from services.workflow.domain.settlement import searchable_reference

REFERENCE = "payment_reference"


def index_keys(current: bytes, previous: bytes = b"") -> IndexKeys:
    return IndexKeys({REFERENCE: searchable_reference}, current, previous)


def place_of_lead(lead_id: str, field: str) -> str:
    return f"lead/{lead_id}/{field}"


def place_of_sale(sale_id: str, field: str) -> str:
    return f"sale/{sale_id}/{field}"


def place_of_change(of: str, version: int, what: str) -> str:
    """*of* is the id of a lead or a sale."""
    return f"history/{of}/{version}/{what}"


def _of_lead(field: str, empty: object = "") -> Sealed:
    clear = Clear(leads.c[field], empty)
    return Sealed(leads.c[f"{field}_sealed"], lambda row: place_of_lead(row.lead_id, field), clear)


def _of_sale(field: str, empty: object = "", index: Index | None = None) -> Sealed:
    column, clear = sales.c[f"{field}_sealed"], Clear(sales.c[field], empty)
    return Sealed(column, lambda row: place_of_sale(row.sale_id, field), clear, index)


def _history(table: sa.Table, key: str) -> SealedTable:
    def place(row: sa.Row[Any]) -> str:
        return place_of_change(getattr(row, key), row.version, row.what)

    details = Sealed(table.c.details_sealed, place, Clear(table.c.details, {}))
    return SealedTable(table, table.c.change_id, [details])


PAYMENT = _of_sale(REFERENCE, None, Index(sales.c.payment_reference_index, REFERENCE))
SEALED = (
    SealedTable(leads, leads.c.lead_id, [_of_lead("contacts", []), _of_lead("dropped_reason")]),
    SealedTable(
        sales, sales.c.sale_id, [PAYMENT, _of_sale("callbacks", []), _of_sale("closed_reason")]
    ),
    _history(lead_history, "lead_id"),
    _history(sale_history, "sale_id"),
)
