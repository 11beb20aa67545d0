"""What a newer OpenAPI document would break for whoever relies on the last released one.

Requests may be taken more freely and answers may tell more; never the other way round.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

RELEASED = Path(__file__).with_name("openapi.released.json")
ACCEPTED = Path(__file__).with_name("accepted_breaks.toml")
Node = Mapping[str, Any]

LEAST = ("minLength", "minimum", "minItems", "minProperties")
MOST = ("maxLength", "maximum", "maxItems", "maxProperties")
AS_IT_WAS = ("pattern", "format", "multipleOf", "propertyNames")
COMBINED = ("allOf", "anyOf", "oneOf")


def released() -> Node:
    document: Node = orjson.loads(RELEASED.read_bytes())
    return document


def accepted() -> dict[str, str]:
    """The breaks that people accepted, and why."""
    listed = tomllib.loads(ACCEPTED.read_text(encoding="utf-8"))["accepted"]
    return {one["break"]: one["reason"] for one in listed}


def breaks(old: Node, new: Node) -> list[str]:
    """A sentence for each; empty when everything goes on as before."""
    return [
        f"{method.upper()} {path}: {said}"
        for path, methods in old["paths"].items()
        for method, operation in methods.items()
        for said in _operation(old, new, operation, new["paths"].get(path, {}).get(method))
    ]


def _operation(old: Node, new: Node, before: Node, after: Node | None) -> Iterator[str]:
    if after is None:
        yield "is gone"
        return
    taken, told = Comparison(old, new, taken=True), Comparison(old, new, taken=False)
    yield from _parameters(taken, before.get("parameters", []), after.get("parameters", []))
    yield from _body(taken, before.get("requestBody"), after.get("requestBody"))
    for status, response in before["responses"].items():
        answer = after["responses"].get(status)
        if answer is not None:
            yield from told.contents(f"answer {status}", response, answer)
        elif status.startswith("2"):
            yield f"answer {status} is gone"


def _parameters(compare: "Comparison", before: list[Node], after: list[Node]) -> Iterator[str]:
    known = {(one["in"], one["name"]): one for one in before}
    found = {(one["in"], one["name"]): one for one in after}
    for place, parameter in known.items():
        name = f"{place[0]} parameter {place[1]}"
        if place not in found:
            yield f"{name} is gone"
        else:
            yield from compare.schemas(name, parameter["schema"], found[place]["schema"])
    for place, parameter in found.items():
        if parameter.get("required") and not known.get(place, {}).get("required"):
            yield f"{place[0]} parameter {place[1]} is required now"


def _body(compare: "Comparison", before: Node | None, after: Node | None) -> Iterator[str]:
    if before is None:
        if after is not None and after.get("required"):
            yield "a body is required now"
        return
    if after is None:
        yield "takes no body any more"
        return
    if after.get("required") and not before.get("required"):
        yield "a body is required now"
    yield from compare.contents("body", before, after)


@dataclass(frozen=True)
class Comparison:
    """Of the schemas of two documents: of what is taken, or of what is told."""

    old: Node
    new: Node
    taken: bool

    def contents(self, place: str, before: Node, after: Node) -> Iterator[str]:
        before, after = _found(self.old, before), _found(self.new, after)
        for kind, content in before.get("content", {}).items():
            other = after.get("content", {}).get(kind)
            if other is None:
                yield f"{place}: {kind} is gone"
            else:
                yield from self.schemas(place, content["schema"], other["schema"])

    def schemas(
        self, place: str, before: Node, after: Node, seen: frozenset[str] = frozenset()
    ) -> Iterator[str]:
        name = str(before.get("$ref", ""))
        if name in seen:
            return
        within = seen | {name} if name else seen
        before, after = _found(self.old, before), _found(self.new, after)
        yield from self._types(place, before, after)
        yield from self._values(place, before, after)
        yield from self._properties(place, before, after, within)
        if "items" in before:
            yield from self.schemas(f"{place}[]", before["items"], after.get("items", {}), within)
        for word in COMBINED:
            yield from self._combined(place, before.get(word, []), after.get(word, []), within)

    def _types(self, place: str, before: Node, after: Node) -> Iterator[str]:
        known, found = _types_of(before), _types_of(after)
        narrower, wider = (found, known) if self.taken else (known, found)
        if not (wider <= narrower if found and known else found == known):
            yield f"{place}: {_listed(known)} became {_listed(found)}"

    def _values(self, place: str, before: Node, after: Node) -> Iterator[str]:
        if "enum" in before and "enum" in after:
            for value in before["enum"]:
                if value not in after["enum"]:
                    yield f"{place}: the value {value} is gone"
        elif "enum" in after and self.taken:
            yield f"{place}: takes only some values now"
        yield from self._bounds(place, before, after)

    def _bounds(self, place: str, before: Node, after: Node) -> Iterator[str]:
        for word in AS_IT_WAS:
            if before.get(word) != after.get(word) and (self.taken or word == "format"):
                yield f"{place}: another {word}"
        if not self.taken:
            return
        for word in LEAST:
            if after.get(word, before.get(word, 0)) > before.get(word, 0):
                yield f"{place}: a larger {word}"
        for word in MOST:
            if word in after and after[word] < before.get(word, float("inf")):
                yield f"{place}: a smaller {word}"

    def _properties(
        self, place: str, before: Node, after: Node, seen: frozenset[str]
    ) -> Iterator[str]:
        found, must = after.get("properties", {}), set(after.get("required", []))
        needed = set(before.get("required", []))
        for name, schema in before.get("properties", {}).items():
            if name in found:
                yield from self.schemas(f"{place}.{name}", schema, found[name], seen)
            else:
                yield f"{place}.{name} is gone"
        for name in sorted(must - needed if self.taken else (needed - must) & set(found)):
            yield f"{place}.{name} is {'required now' if self.taken else 'not always told'}"

    def _combined(
        self, place: str, before: list[Node], after: list[Node], seen: frozenset[str]
    ) -> Iterator[str]:
        if len(before) != len(after):
            yield f"{place}: other alternatives"
        for one, other in zip(before, after, strict=False):
            yield from self.schemas(place, one, other, seen)


def _found(document: Node, node: Node) -> Node:
    """What a reference points to."""
    while "$ref" in node:
        here: Any = document
        for step in str(node["$ref"]).removeprefix("#/").split("/"):
            here = here[step]
        node = here
    return node


def _types_of(schema: Node) -> set[str]:
    """Whole numbers are numbers as well."""
    said = schema.get("type", [])
    types = {said} if isinstance(said, str) else set(said)
    return types | {"integer"} if "number" in types else types


def _listed(types: set[str]) -> str:
    return " or ".join(sorted(types)) or "anything"
