"""Read the facts that retention depends on from a JSON object."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from chassis.errors import Invalid
from chassis.inputs import choice, day
from services.recording.domain.regime import Licence, ProductKind, Regime
from services.recording.domain.retention import Facts

E = TypeVar("E", bound=Enum)

YEARS = range(1900, 3000)  # a period added to it stays a date
LONGEST_TERM = 200  # years


def read_facts(document: Mapping[str, Any]) -> Facts:
    """Days that are absent, null or empty have not come yet; other fields are ignored."""
    return Facts(
        regime=_choice(Regime, document, "regime"),
        product_kind=_choice(ProductKind, document, "product_kind"),
        sold_by=_choice(Licence, document, "sold_by"),
        contract_ended_on=_day(document, "contract_ended_on"),
        insurance_term_years=_term(document, "insurance_term_years"),
        relationship_ended_on=_day(document, "relationship_ended_on"),
        dispute_ended_on=_day(document, "dispute_ended_on"),
        open_dispute=_flag(document, "open_dispute"),
    )


def _choice(kind: type[E], document: Mapping[str, Any], field: str) -> E:
    value = document.get(field)
    return choice(kind, value if isinstance(value, str) else "", field)


def _day(document: Mapping[str, Any], field: str) -> date | None:
    value = document.get(field)
    if value is None or value == "":
        return None
    read = day(value if isinstance(value, str) else "", field)
    if read.year not in YEARS:
        raise Invalid(
            "date_out_of_range",
            f"{field} must lie between {YEARS.start} and {YEARS.stop - 1}",
            f"{field} 的年份须在 {YEARS.start} 至 {YEARS.stop - 1} 之间",
            field=field,
        )
    return read


def _term(document: Mapping[str, Any], field: str) -> Decimal | None:
    value = document.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _bad_term(field)
    if not 0 < value <= LONGEST_TERM:
        raise _bad_term(field)
    return Decimal(value)


def _flag(document: Mapping[str, Any], field: str) -> bool:
    value = document.get(field)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise Invalid(
            "not_a_flag",
            f"{field} must be true or false",
            f"{field} 只能是 true 或 false",
            field=field,
        )
    return value


def _bad_term(field: str) -> Invalid:
    return Invalid(
        "not_a_term",
        f"{field} must be a number of years up to {LONGEST_TERM}, or null for life",
        f"{field} 须为不超过 {LONGEST_TERM} 的年数，终身为 null",
        field=field,
    )
