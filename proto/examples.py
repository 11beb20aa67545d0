"""An example of every event, as it would be on the wire, made from what its fields say."""

import re
from collections.abc import Callable, Mapping

from chassis.envelope import schema_of
from proto.catalogue import TIMESTAMP, Catalogue, Event, Field, Message

Json = dict[str, object]

MOMENT = "2026-11-23T02:00:00Z"
DAY, MONTH = "2026-11-23", "2026-11"
EVENT_ID = "019a20a5-5c0e-7c4e-9f0e-0a4f3b1f5d11"
AGGREGATE = "019a20a4-7d1b-7a3c-8f21-6b0c9e4d2a55"
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
EMPTY = "always empty"
WORDS = re.compile(r"^(?P<first>[a-z][a-z_]*)(, [a-z][a-z_]*)+\b")

# What a comment says of a text, and how such a text looks.
SAID: Mapping[str, str] = {
    "SHA-256": DIGEST,
    "of the receipt": DIGEST,
    "ISO 8601 date": DAY,
    "YYYY-MM": MONTH,
    "CNY, decimal": "1200000.00",
    "decimal": "1.0234",
    "C1–C5": "C3",
    "R1–R5": "R3",
    "whole hours": "24",
    "whole years": "5",
    "true, false": "true",
    "staff id": "s-wangjun",
}
# Names that say by themselves what they hold.
NAMED: Mapping[str, str] = {
    "adviser_id": "s-wangjun",
    "previous_adviser_id": "s-lina",
    "team_id": "t-hangzhou",
    "branch_id": "b-hangzhou",
    "staff_id": "s-wangjun",
    "product_id": "BW2001",
    "customer_no": "K700002",
    "name": "稳健增利一号",
    "amount": "1200000.00",
    "nav": "1.0234",
    "risk_level": "C3",
    "previous_risk_level": "C2",
    "issuer_level": "R3",
    "seller_level": "R3",
    "effective_level": "R3",
    "previous_effective_level": "R2",
    "rule_pack": "cn-2026-02",
    "rule_ids": "REC-01",
    "requires": "level_reconfirmation",
    "node_id": "risks",
    "title_zh": "风险揭示",
    "title_en": "Risks",
    "say_zh": "请问您是否已经了解本产品的风险？",
    "reason_zh": "客户风险承受能力已变更",
    "reason_en": "the client's risk profile changed",
    "reason": "annual review",
    "source": "import",
    "campaign": "autumn",
    "roles": "adviser",
    "state": "decided",
    "from_state": "cooling_off",
    "outcome": "ALLOW",
    "team_name": "杭州部",
    "branch_name": "杭州分行",
    "parameters": "24",
}
STAFF = re.compile(r".*_by|reviewer_id")
NUMBERS: Mapping[str, object] = {"int32": 3, "int64": "3", "bool": True}


def body(catalogue: Catalogue, event: Event) -> Json:
    """Canonical protobuf JSON: what has its default value is left out."""
    return _message(catalogue, event.message, event.service)


def headers(event: Event, subject: str) -> Json:
    attributes = {
        "specversion": "1.0",
        "id": EVENT_ID,
        "source": event.service,
        "type": event.type,
        "subject": subject,
        "time": "2026-11-23T02:00:00+00:00",
        "sequence": f"{4711:019}",
        "dataschema": schema_of(event.schema),
        "traceparent": TRACEPARENT,
    }
    return {f"cloudEvents:{name}": value for name, value in attributes.items()}


def _message(catalogue: Catalogue, message: Message, service: str) -> Json:
    values = {
        field.json_name: _value(catalogue, message, field, service) for field in message.fields
    }
    return {name: value for name, value in values.items() if value not in ("", [], {}, False)}


def _value(catalogue: Catalogue, message: Message, field: Field, service: str) -> object:
    if field.name in message.maps:
        key, value = message.maps[field.name]
        return {"hours": _one(catalogue, value, service)} if key.kind == "string" else {}
    one = _one(catalogue, field, service)
    return [one] if field.repeated and one != "" else one


def _one(catalogue: Catalogue, field: Field, service: str) -> object:
    if field.kind == TIMESTAMP:
        return MOMENT
    if field.kind in NUMBERS:
        return NUMBERS[field.kind]
    if field.kind == "string":
        return _text(field, service)
    return _message(catalogue, catalogue.messages[field.kind], service)


def _text(field: Field, service: str) -> str:
    """By what the comment says, then by the name; a field about a service names it."""
    if EMPTY in field.said:
        return ""
    for said, example in SAID.items():
        if said in field.said:
            return example
    words = WORDS.match(field.said)
    if words:
        return words["first"]
    return _named(field.name, service)


def _named(name: str, service: str) -> str:
    rules: tuple[tuple[bool, Callable[[], str]], ...] = (
        (name in NAMED, lambda: NAMED[name]),
        (name == "service", lambda: service),
        (bool(STAFF.fullmatch(name)), lambda: "s-compliance"),
        (name.endswith("_id"), lambda: AGGREGATE),
        (name.endswith("_digest"), lambda: DIGEST),
        (name.endswith(("_on", "as_of", "_until")), lambda: DAY),
    )
    return next((example() for holds, example in rules if holds), name)
