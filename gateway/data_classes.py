"""How sensitive each field of the API is, from data_classes.toml."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("data_classes.toml")
KEY = "x-data-class"

# Of what is made around other things: pages and lists, batches and their answers.
ENVELOPE = {"items", "next", "total", "freshness", "away", "status", "problem", "body"}


def load(path: Path = DATA) -> dict[str, dict[str, str]]:
    """Schema → field → class; a field that is not named is C1."""
    told: dict[str, dict[str, list[str]]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        schema: {field: level for level, fields in levels.items() for field in fields}
        for schema, levels in told.items()
    }


def mark(schemas: Mapping[str, dict[str, Any]]) -> None:
    """Write the class of every field that is not C1 into the component *schemas*."""
    for name, fields in load().items():
        properties = schemas.get(name, {}).get("properties", {})
        for field, level in fields.items():
            if field in properties:
                properties[field][KEY] = level


def carries(schema: Mapping[str, Any]) -> bool:
    """Whether a component schema has fields of its own to be classed."""
    return not schema.get("properties", {}).keys() <= ENVELOPE
