"""Write table rows as the contract's messages; personal data is masked here."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from chassis.decimals import plain
from chassis.identity import caller
from chassis.moments import stamp
from chassis.sealing.sealer import Sealer
from liheng.customer.v1 import customer_pb2 as pb
from liheng.customer.v1.events_pb2 import TransactionState
from services.customer.adapters.masking import (
    mask_address,
    mask_identity,
    mask_name,
    mask_phone,
)
from services.customer.adapters.registers import file_name
from services.customer.adapters.rows import kyc_reason
from services.customer.adapters.sealing import place_of
from services.customer.adapters.written import Written
from services.customer.domain.kyc import state_on


def may_see_names() -> bool:
    return "name" in caller().sees


class CustomerWriter:
    """For the caller being answered."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def customers(
        self, rows: Iterable[Written], today: date, following: str
    ) -> pb.ListCustomersResponse:
        listed: Any = [self._customer(row, today) for row in rows]
        return pb.ListCustomersResponse(customers=listed, next_cursor=following)

    def _customer(self, row: Written, today: date) -> Any:
        """A mapping: a message made beforehand would be copied into the one it is part of."""
        numbers = row["numbers"] or [""]
        return {
            **row["shown"],
            **self._personal(row),
            "customer_no": numbers[0],
            "aliases": numbers[1:],
            "kyc": self._kyc(row, today),
            "created_at": moment_of(row["created_at"]),
            "updated_at": moment_of(row["updated_at"]),
        }

    def view(self, row: Written, today: date) -> pb.GetCustomerResponse:
        return pb.GetCustomerResponse(
            customer=self._customer(row, today),
            holdings=map(holding_from_json, row["holdings"]),
            family=map(self._relative, row["family"]),
        )

    def _relative(self, stored: Mapping[str, str]) -> pb.FamilyMember:
        return pb.FamilyMember(
            customer_id=stored["customer_id"],
            customer_no=stored["customer_no"],
            name=self._name(stored["name_sealed"], stored["customer_id"]),
            relation=stored["relation"],
        )

    def imported(self, row: sa.Row[Any]) -> pb.Import:
        return pb.Import(
            import_id=row.import_id,
            file_name=file_name(row, self._sealer),
            state=row.state,
            received_by=row.received_by,
            received_at=stamp(row.received_at),
            finished_at=stamp(row.finished_at),
            reason_en=row.reason_en,
            reason_zh=row.reason_zh,
            result=pb.ImportResult(**row.result) if row.result else None,
        )

    def _personal(self, row: Written) -> dict[str, Any]:
        sealed, customer_id = row["sealed"], row["shown"]["customer_id"]
        identity = self._open(sealed["identity"], customer_id, "identity")
        return {
            "name": self._name(sealed["name"], customer_id),
            "identity_kind": "id_card" if identity else "",
            "identity_number": mask_identity(identity),
            "phone": mask_phone(self._open(sealed["phone"], customer_id, "phone")),
            "address": mask_address(self._open(sealed["address"], customer_id, "address")),
        }

    def _kyc(self, row: Written, today: date) -> Any:
        kyc, sealed = row["kyc"], row["sealed"]["kyc_reason"]
        expires_on = kyc["expires_on"]
        last_day = date.fromisoformat(expires_on) if expires_on else None
        return {
            **kyc,
            "state": state_on(today, kyc["state"], last_day),
            "reason": kyc_reason(row["shown"]["customer_id"], sealed, kyc["reason"], self._sealer),
            "submitted_at": moment_of(row["kyc_submitted_at"]),
            "reviewed_at": moment_of(row["kyc_reviewed_at"]),
        }

    def _name(self, sealed: str, customer_id: str) -> str:
        name = self._open(sealed, customer_id, "name")
        return name if may_see_names() else mask_name(name)

    def _open(self, sealed: str, customer_id: str, field: str) -> str:
        return self._sealer.open(sealed, place_of(customer_id, field))


def moment_of(micros: int | None) -> Any:
    """As a mapping, of which protobuf makes a Timestamp faster than we could."""
    if micros is None:
        return None
    seconds, left = divmod(micros, 1_000_000)
    return {"seconds": seconds, "nanos": left * 1000}


def holding_from_json(stored: Mapping[str, str]) -> pb.Holding:
    return pb.Holding(**{**stored, "units": plain(Decimal(stored["units"]))})


def holding_message(row: sa.Row[Any]) -> pb.Holding:
    return pb.Holding(
        product_id=row.product_id,
        product_name=row.product_name,
        units=plain(row.units),
        market_value=str(row.market_value),
        valued_on=day_text(row.valued_on),
    )


def transaction_message(row: sa.Row[Any]) -> TransactionState:
    return TransactionState(
        transaction_id=row.transaction_id,
        product_id=row.product_id,
        kind=row.kind,
        amount=str(row.amount),
        traded_on=day_text(row.traded_on),
    )


def staff_message(row: sa.Row[Any]) -> pb.Staff:
    return pb.Staff(**row._mapping)


def rejection_message(row: sa.Row[Any]) -> pb.ImportRejection:
    return pb.ImportRejection(
        sheet=row.sheet,
        row=row.row,
        customer_no=row.customer_no,
        severity=row.severity,
        code=row.code,
        en=row.en,
        zh=row.zh,
    )


def day_text(day: date | None) -> str:
    return day.isoformat() if day else ""
