"""What is asked about rule packs, read."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from chassis.errors import Invalid
from chassis.inputs import day, optional_text
from chassis.json_lines import LONGEST_LINE, parsed
from liheng.suitability.v1 import packs_pb2 as pb
from services.suitability.domain.pack_document import PackDocument, document_of
from services.suitability.domain.pack_edit import PackEdit, RuleTaken

LONGEST_REASON = 500


def reason(text: str) -> str:
    return optional_text(text, "reason", longest=LONGEST_REASON)


def first_day(text: str) -> date | None:
    return day(text, "effective_from") if text else None


def pack_edit(edit: pb.PackEdit, edition: str, effective_from: date | None) -> PackEdit:
    return PackEdit(
        document=whole(edit.document_json) if edit.document_json else None,
        edition=optional_text(edition, "edition", longest=40),
        effective_from=effective_from,
        parameters={name: json_value(text, "parameters") for name, text in edit.parameters.items()},
        switches=dict(edit.switches),
        rules=[RuleTaken(taken.section, rule(taken.rule_json)) for taken in edit.rules],
        removed=list(edit.removed_rules),
    )


def whole(text: str) -> PackDocument:
    document = document_of(json_value(text, "document"))
    document.refuse_shapeless()
    return document


def rule(text: str) -> dict[str, Any]:
    """What is wrong inside is said with the rest of the pack."""
    read = json_value(text, "rules")
    if isinstance(read, dict):
        return read
    raise Invalid("not_a_rule", "a rule is an object", "规则必须是对象", field="rules")


def json_value(text: str, field: str) -> Any:
    try:
        if len(text) > LONGEST_LINE:
            raise ValueError
        value = parsed(text.encode(), Decimal)
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError):
        raise Invalid(
            "not_json", f"{field} cannot be read as JSON", f"{field} 不是有效的 JSON", field=field
        ) from None
    except Invalid as error:
        raise Invalid(error.code, error.en, error.zh, field=field) from None
    return value
