"""Requests on whatever the OpenAPI document describes: no route is listed here."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from gateway.document import document
from tests.noninterference.cast import ADVISERS, BY_ID, PRODUCTS, TEAMS

Schema = Mapping[str, Any]
METHODS = ("get", "put", "post", "patch", "delete")
JSON = "application/json"
EVENT_STREAM = "text/event-stream"
UNKNOWN = "x-unknown"

# What a field of a certain shape may hold, the first that fits.
PATTERNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"[0-9]{4}-(0[1-9]|1[0-2])-", ("2026-11-22", "2026-05-01")),
    (r"[0-9]{4}-(0[1-9]|1[0-2])$", ("2026-11", "2026-05", "2025-12")),
    (r"[0-9a-f]{64}", ("ab" * 32,)),
    (r'^\^"', ('"1"', '"2"')),
    (r"-?[0-9]{1,18}", ("100000.00", "20000", "1.5")),
    (r"[0-9]{1,6}", ("2", "12")),
)
WORDS = ("林爱达", "老客户转介绍", "P1", "CN")


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    described: Schema

    @property
    def name(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def reads(self) -> bool:
        return self.method == "get"

    @property
    def streams(self) -> bool:
        answers = self.described["responses"].values()
        return any(EVENT_STREAM in answer.get("content", {}) for answer in answers)


@dataclass(frozen=True)
class Request:
    operation: Operation
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    content: bytes | None = None

    def __str__(self) -> str:
        return f"{self.operation.name}: {self.path} {dict(self.query)} {self.json}"


@cache
def described() -> Schema:
    return document()


def operations() -> list[Operation]:
    return [
        Operation(method, path, one)
        for path, methods in described()["paths"].items()
        for method, one in methods.items()
        if method in METHODS
    ]


class Drawing:
    """Draws values for schemas; *pools* hold what a field of that name may well be."""

    def __init__(self, random: Random, pools: dict[str, list[str]]) -> None:
        self._random = random
        self.pools = pools | {
            "team_id": [*TEAMS, UNKNOWN],
            "branch_id": ["b-1", "b-2", UNKNOWN],
            "adviser_id": [*(one.staff_id for one in ADVISERS), *BY_ID, UNKNOWN],
            "staff_id": [*BY_ID, UNKNOWN],
            "product_id": [*PRODUCTS, UNKNOWN],
            "questionnaire_version": ["person-2026-1", "company-2026-1", UNKNOWN],
            "note": ["按制度核实"],
        }

    def request(self, operation: Operation) -> Request:
        one = operation.described
        drawn: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}}
        for parameter in map(resolved, one.get("parameters", ())):
            if parameter.get("required") or self._random.random() < 0.35:
                value = self.value(parameter["name"], parameter["schema"])
                if value is not None:
                    drawn[parameter["in"]][parameter["name"]] = value
        path = re.sub(r"\{(\w+)\}", lambda found: str(drawn["path"][found[1]]), operation.path)
        return Request(operation, path, drawn["query"], drawn["header"], **self._body(one))

    def _body(self, one: Schema) -> dict[str, Any]:
        content = resolved(one.get("requestBody", {})).get("content", {})
        if JSON in content:
            example = content[JSON].get("example")
            if example and self._random.random() < 0.6:
                return {"json": self.like(example)}
            return {"json": self.value("", content[JSON]["schema"])}
        return {"content": b"not what was asked for"} if content else {}

    def like(self, example: Any, name: str = "") -> Any:
        """The document's own example, about something that may well be there."""
        if isinstance(example, Mapping):
            return {key: self.like(value, key) for key, value in example.items()}
        pool = self._pool(name)
        return self._random.choice(pool) if pool else example

    def value(self, name: str, schema: Schema) -> Any:
        schema = resolved(schema)
        if "anyOf" in schema:
            return self.value(name, self._random.choice(schema["anyOf"]))
        pool = self._pool(name)
        if pool and self._random.random() < 0.95:
            return self._random.choice(pool)
        if "enum" in schema:
            return self._random.choice([each for each in schema["enum"] if each is not None])
        kinds = schema.get("type", "string")
        kind = kinds if isinstance(kinds, str) else next(each for each in kinds if each != "null")
        return None if kind == "null" else self._of_kind[kind](self, name, schema)

    def _pool(self, name: str) -> list[str]:
        """That of its name, or of the end of its name: from_adviser_id is an adviser_id."""
        found = (pool for known, pool in self.pools.items() if name.endswith(f"_{known}"))
        return self.pools.get(name) or next(found, [])

    def _object(self, name: str, schema: Schema) -> dict[str, Any]:
        required = schema.get("required", ())
        return {
            field_name: self.value(field_name, each)
            for field_name, each in schema.get("properties", {}).items()
            if field_name in required or self._random.random() < 0.6
        }

    def _array(self, name: str, schema: Schema) -> list[Any]:
        fewest = schema.get("minItems", 0)
        singular = name.removesuffix("s")
        return [
            self.value(singular, schema["items"])
            for _ in range(self._random.randint(fewest, max(fewest, 2)))
        ]

    def _integer(self, name: str, schema: Schema) -> int:
        least = schema.get("minimum", 0)
        return self._random.randint(least, min(schema.get("maximum", least + 5), least + 5))

    def _text(self, name: str, schema: Schema) -> str:
        if schema.get("format") == "date-time":
            return self._random.choice(("2026-11-22T02:00:00Z", "2026-11-24T02:00:00Z"))
        if schema.get("format") == "date":
            return "2026-11-22"
        pattern = schema.get("pattern", "")
        for shape, values in PATTERNS:
            if re.search(shape, pattern) or shape in pattern:
                return self._random.choice(values)
        if "A-Za-z0-9" in pattern:
            return UNKNOWN
        return self._random.choice(WORDS)[: schema.get("maxLength", 50)]

    def _flag(self, name: str, schema: Schema) -> bool:
        return self._random.random() < 0.5

    _of_kind: Mapping[str, Callable[["Drawing", str, Schema], Any]] = {
        "object": _object,
        "array": _array,
        "integer": _integer,
        "number": _integer,
        "string": _text,
        "boolean": _flag,
    }


def resolved(schema: Schema) -> Schema:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Any = described()
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return resolved(found)


def named(found: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in an answer, with the name of its field."""
    if isinstance(found, Mapping):
        for key, value in found.items():
            yield from named(value, key)
    elif isinstance(found, list):
        for value in found:
            yield from named(value, name)
    elif isinstance(found, str) and found:
        yield name, found
