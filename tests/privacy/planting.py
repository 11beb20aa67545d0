"""Send a known value in through every free text of every route that the document describes."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from chassis.envelope import Meta
from chassis.moments import stamp
from gateway.routes import OPERATIONS
from gateway.routes.imports import XLSX
from liheng.suitability.v1.events_pb2 import DecisionMade, Obligation
from tests.customer.unit.books import ADA, book_of, identity, xlsx
from tests.gateway.signing import Signing
from tests.noninterference.building import build
from tests.noninterference.cast import NOW, STAFF, Person
from tests.noninterference.comparing import administrator_of, token_of
from tests.noninterference.ids import IDS
from tests.noninterference.requests import (
    JSON,
    Drawing,
    Operation,
    Request,
    Schema,
    named,
    operations,
    resolved,
)
from tests.noninterference.stacks import Stack
from tests.noninterference.twins import some_world
from tests.suitability.samples import QUESTIONNAIRE, answers

FREE = "\\x00"  # in the pattern of every text that may say anything
GIVEN_ONCE = {"contract_number", "payment_reference"}
LEAST = 12  # characters, to be found again
PERMISSIONS = {(one.method.lower(), one.path): one.permission for one in OPERATIONS}

BOOK = xlsx(book_of([ADA]))

# What makes a request good that the document does not tell; None is left out.
GOOD: Mapping[str, Mapping[str, Any]] = {
    "Assessment": {
        "questionnaire_version": QUESTIONNAIRE.version,
        "answers": answers("middle"),
        "started_at": "2026-11-22T02:00:00Z",
        "ended_at": "2026-11-22T02:05:00Z",
    },
    "Callback": {"outcome": "failed", "answers": {}},
    "KycSubmission": {"facts": {"born_on": "1961-07-30", "financial_assets": "1200000.00"}},
    "ProductTaken": {
        "kind": "public_fund",
        "placement": "public",
        "asset_class": "mixed",
        "issuer_level": "R2",
        "seller_level": "R2",
        "minimum_amount": "10000",
        "insurance": None,
        "cooling_off_hours": None,
        "matures_on": None,
        "state": "listed",
    },
    "RatingTaken": {"issuer_level": None, "seller_level": "R3"},
    "RulePackDrafted": dict.fromkeys(("document", "rules", "removed_rules", "follows", "base")),
    "RulePackChanged": dict.fromkeys(
        (
            "document",
            "rules",
            "removed_rules",
            "follows",
            "edition",
            "switches",
            "parameters",
            "effective_from",
        )
    ),
    "Signature": {"disclosures_confirmed": []},
    "StaffTaken": {"active": True, "roles": ["auditor"]},
}

UNDECIDED = sa.text(
    "SELECT sale_id, customer_id, product_id, amount, channel, initiated_by FROM sales"
    " WHERE state = 'drafted' AND (decision IS NULL OR decision->>'decision_id' NOT LIKE 'd-%')"
)

UNPAID = sa.text("SELECT sale_id, amount FROM sales WHERE state = 'signed'")
LAPSED = sa.text("UPDATE customers SET kyc_state = 'none', kyc_expires_on = NULL")

Kind = Callable[[Any, str, Schema], Any]
Place = tuple[str, str]  # a schema or an operation, and the field


def is_free(name: str, schema: Schema) -> bool:
    if "enum" in schema or name == "cursor":
        return False
    return FREE in schema.get("pattern", "") and schema.get("maxLength", LEAST) >= LEAST


def owner_of(schema: Schema, before: str) -> str:
    """The component that *schema* refers to, if it does."""
    return schema["$ref"].rpartition("/")[2] if "$ref" in schema else before


def texts(schema: Schema, owner: str, name: str = "") -> Iterator[Place]:
    """Where a body of *schema* takes free text."""
    owner = owner_of(schema, owner)
    schema = resolved(schema)
    for choice in schema.get("anyOf", ()):
        yield from texts(choice, owner, name)
    for field_name, each in schema.get("properties", {}).items():
        yield from texts(each, owner, field_name)
    if isinstance(schema.get("additionalProperties"), Mapping):
        yield from texts(schema["additionalProperties"], owner, name)
    if "items" in schema:
        yield from texts(schema["items"], owner, name)
    if is_free(name, schema):
        yield owner, name


def places(operation: Operation) -> set[Place]:
    """All free texts that the operation takes."""
    described = operation.described
    content = resolved(described.get("requestBody", {})).get("content", {})
    found = set(texts(content.get(JSON, {}).get("schema", {}), operation.name))
    for parameter in map(resolved, described.get("parameters", ())):
        if parameter["in"] == "query":
            found |= set(texts(parameter["schema"], operation.name, parameter["name"]))
    return found


class Planting(Drawing):
    """Free texts are drawn as values that are found again; one for each place."""

    def __init__(self, random: Random, pools: dict[str, list[str]]) -> None:
        super().__init__(random, pools)
        del self.pools["note"]
        self.planted: dict[Place, str] = {}
        self._owner = ""

    def request(self, operation: Operation) -> Request:
        self._owner = operation.name
        drawn = super().request(operation)
        return replace(drawn, headers={}) if self._random.random() < 0.7 else drawn

    def said(self, request: Request) -> set[Place]:
        """What the request says of all that is planted."""
        text = repr((request.query, request.json))
        return {place for place, value in self.planted.items() if value in text}

    def _body(self, one: Schema) -> dict[str, Any]:
        content = resolved(one.get("requestBody", {})).get("content", {})
        if JSON not in content:
            return {"content": BOOK} if content else {}
        schema = content[JSON]["schema"]
        drawn = self.value("", schema)
        if self._random.random() < 0.9:
            self._make_good(drawn, schema, content[JSON].get("example", {}))
        return {"json": drawn}

    def _make_good(self, drawn: dict[str, Any], schema: Schema, example: Schema) -> None:
        """As the document's example has it, and as the domain wants it; not what is planted."""
        kept = {name for owner, name in texts(schema, "") if owner == owner_of(schema, "")}
        drawn |= {
            name: self.like(value, name) for name, value in example.items() if name not in kept
        }
        good = GOOD.get(owner_of(schema, ""), {})
        drawn |= good
        for name in [name for name, value in good.items() if value is None]:
            drawn.pop(name, None)

    def value(self, name: str, schema: Schema) -> Any:
        before = self._owner
        self._owner = owner_of(schema, before)
        try:
            return super().value(name, schema)
        finally:
            self._owner = before

    def _record(self, name: str, schema: Schema) -> dict[str, Any]:
        required = schema.get("required", ())
        drawn = {
            field_name: self.value(field_name, each)
            for field_name, each in schema.get("properties", {}).items()
            if field_name in required or self._random.random() < 0.8
        }
        others = schema.get("additionalProperties")
        if isinstance(others, Mapping) and self._random.random() < 0.3:
            drawn["x"] = self.value(name, others)
        return drawn

    def _plant(self, name: str, schema: Schema) -> str:
        if not is_free(name, schema) or self._random.random() < 0.03:
            return self._text(name, schema)
        value = self.planted.setdefault((self._owner, name), marker(name, len(self.planted)))
        return f"{value}-{self._random.randrange(10**6)}" if name in GIVEN_ONCE else value

    _of_kind: Mapping[str, Kind] = {
        **Drawing._of_kind,
        "object": _record,
        "string": _plant,
    }


def marker(name: str, number: int) -> str:
    if name == "phone":
        return f"1397766{number:04d}"
    if name == "identity_number":
        return identity(100 + number)
    if name == "url":
        return f"https://1.1.1.1/Zq{number:03d}xKw"
    return f"暗语Zq{number:03d}xKw密"


@dataclass
class Sowing:
    """An institution that is asked, by everybody in every role, whatever the document allows."""

    stack: Stack
    signing: Signing
    random: Random
    drawing: Planting
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    accepted: set[Place] = field(default_factory=set)

    def round(self, chosen: Iterable[Operation], wanted: Collection[Place]) -> None:
        """Each operation by some of those who may, in any order; what is wanted more often."""
        plan = [
            (operation, who)
            for operation in chosen
            if not operation.streams and (not operation.reads or places(operation))
            for who in self._who_may(operation) * (3 if places(operation) & set(wanted) else 1)
        ]
        self.random.shuffle(plan)
        for operation, who in plan:
            self._ask(self.drawing.request(operation), who)
        self.stack.deliver()
        self._let_sales_go_on()

    def _let_sales_go_on(self) -> None:
        """Decided elsewhere; and what is signed is to be paid."""
        workflow = self.stack.services["workflow"]
        with workflow.database.engine.connect() as connection:
            waiting = connection.execute(UNDECIDED).mappings().all()
            signed = connection.execute(UNPAID).all()
        self.drawing.pools["amount"] = [f"{row.amount:f}" for row in signed]
        for sale in waiting:
            told = {name: str(value) for name, value in sale.items()}
            decision = DecisionMade(
                **told,
                decision_id=f"d-{sale['sale_id']}",
                outcome="ALLOW",
                obligations=[Obligation(name="callback", rule_id="PF-05")],
                valid_until=stamp(self.stack.clock.now + timedelta(days=30)),
                at=stamp(self.stack.clock.now),
            )
            meta = Meta(decision.decision_id, "", 1, self.stack.clock.now, "suitability")
            workflow.handlers.decision_made(decision, meta)

    def _who_may(self, operation: Operation) -> list[Person]:
        permission = PERMISSIONS[operation.method, operation.path]
        may = [who for who in STAFF if who.may(permission)]
        return self.random.sample(may, min(len(may), 4))

    def _ask(self, request: Request, who: Person) -> None:
        number = self.statuses.total()
        self.stack.clock.now = NOW + timedelta(minutes=number)
        IDS.begin(f"sown {number}")
        answer = self.stack.http.request(
            request.operation.method,
            request.path,
            params=dict(request.query),
            json=request.json,
            content=request.content,
            headers={
                **{name.lower(): value for name, value in request.headers.items()},
                "authorization": f"Bearer {token_of(who, self.signing)}",
                "idempotency-key": f"sown-{number:06d}",
                **({"content-type": XLSX} if request.content else {}),
            },
        )
        assert answer.status_code < 500, (request, answer.text)
        self.statuses[request.operation.name, answer.status_code] += 1
        if answer.status_code < 300:
            self.accepted |= self.drawing.said(request)
        if "json" in answer.headers.get("content-type", ""):
            self._learn(answer.json())

    def _learn(self, body: Any) -> None:
        for name, value in named(body):
            known = self.drawing.pools.setdefault(name, []) if name.endswith("_id") else None
            if known is not None and value not in known:
                known.append(value)


def sown(stack: Stack, signing: Signing, seed: int) -> Sowing:
    """Everybody's KYC is to be made anew."""
    random = Random(seed)
    known = build(some_world(random), stack, administrator_of(signing))
    with stack.services["customer"].database.engine.begin() as connection:
        connection.execute(LAPSED)
    pools = {name: known.of(name) for name in known.ids}
    pools["edition"] = [f"own-2027-{number:02d}" for number in range(30)]
    return Sowing(stack, signing, random, Planting(random, pools))


def every_place() -> dict[Place, set[str]]:
    """All free texts of the document, and the operations that take them."""
    found: dict[Place, set[str]] = {}
    for operation in operations():
        for place in places(operation):
            found.setdefault(place, set()).add(operation.name)
    return found
