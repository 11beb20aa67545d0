"""Sparse answers: `fields=state,contacts.at` shows these fields and no other."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields

from gateway.schemas.taken import Text
from gateway.sentences import Sentence

MEDIA_TYPE = "application/vnd.liheng.sparse+json"

Tree = dict[str, "Tree | None"]  # None: the whole of it


class Fields(Text):
    """Names of the fields wanted, dotted, separated by commas; of a list, those of its items."""

    pattern = r"^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*(?:,[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)*$"
    longest = 500
    complaint = Sentence(
        "Must be names of fields such as state,contacts.at", "必须是字段名，如 state,contacts.at"
    )

    def __init__(self, shows: type[Schema]) -> None:
        super().__init__(metadata={"description": self.__doc__})
        self._known = known(item_of(shows))
        self._of_list = item_of(shows) is not shows

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        names = super().deserialize(value, *args, **kwargs)
        if not isinstance(names, str):
            return names
        wanted: Tree = {}
        for name in names.split(","):
            self._want(wanted, name)
        return _Items(wanted) if self._of_list else wanted

    def _want(self, wanted: Tree, name: str) -> None:
        """Whoever asks for the whole of something has asked for its parts."""
        here: Tree | None = self._known
        *steps, last = name.split(".")
        for step in steps:
            here = here.get(step) if here else None
            inner = wanted.setdefault(step, {})
            wanted = {} if inner is None else inner
        if here is None or last not in here:
            raise ValidationError(no_such_field(name))
        wanted[last] = None


class _Items(dict[str, Any]):
    """Wanted of every item of a list; what is said beside the items stays."""


def shown(answer: Mapping[str, Any], wanted: Tree) -> dict[str, Any]:
    """What is wanted of an answer."""
    if isinstance(wanted, _Items):
        return {**answer, "items": [_part(item, wanted) for item in answer["items"]]}
    return {name: _part(answer[name], inner) for name, inner in wanted.items()}


def known(schema: type[Schema]) -> Tree:
    """Every field, with those inside."""
    return {str(name): _inside(field) for name, field in schema().dump_fields.items()}


def item_of(shows: type[Schema]) -> type[Schema]:
    """Of a list, what its items are."""
    items = shows().dump_fields.get("items")
    inner = items.inner if isinstance(items, fields.List) else None
    return type(inner.schema) if isinstance(inner, fields.Nested) else shows


def no_such_field(name: str) -> Sentence:
    return Sentence(f"There is no field {name}", f"没有字段 {name}")


def _inside(field: fields.Field[Any]) -> Tree | None:
    inner = field.inner if isinstance(field, fields.List) else field
    return known(type(inner.schema)) if isinstance(inner, fields.Nested) else None


def _part(found: Any, wanted: Tree | None) -> Any:
    if wanted is None or found is None:
        return found
    if isinstance(found, list):
        return [_part(each, wanted) for each in found]
    return {name: _part(found[name], inner) for name, inner in wanted.items()}
