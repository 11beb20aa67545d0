"""The fast mappers show exactly what marshmallow would."""

from typing import Any, get_type_hints

import orjson
import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message_factory import GetMessageClass
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import fields

from gateway.operation import Operation
from gateway.routes import OPERATIONS
from gateway.showing import mapper

PUT_TOGETHER = {"get_me", "list_trail", "list_trail_heads"}  # by the gateway, of several answers
SHOWN = [
    one
    for one in OPERATIONS
    if one.shows
    and one.name not in PUT_TOGETHER
    and one.tag != "webhooks"  # which are the gateway's own
    and not one.batch_of
]
WHOLE = [operation for operation in SHOWN if operation.name != "get_receipt"]
SCALARS = {
    FieldDescriptor.TYPE_STRING: st.text(max_size=8),
    FieldDescriptor.TYPE_INT32: st.integers(-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_INT64: st.integers(-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_BOOL: st.booleans(),
}
MOMENTS = st.fixed_dictionaries(
    {}, optional={"seconds": st.integers(0, 2**33), "nanos": st.integers(0, 999_999_999)}
)


def contents(described: Descriptor) -> st.SearchStrategy[dict[str, Any]]:
    """Any content a message may have, as the arguments of its constructor."""
    if described.full_name == "google.protobuf.Timestamp":
        return MOMENTS
    return st.fixed_dictionaries(
        {}, optional={field.name: content(field) for field in described.fields}
    )


def content(field: FieldDescriptor) -> st.SearchStrategy[Any]:
    inside = field.message_type
    if inside is not None and inside.GetOptions().map_entry:
        return st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2)
    one = contents(inside) if inside is not None else SCALARS[field.type]
    return st.lists(one, max_size=2) if field.is_repeated else one


def answered_by(operation: Operation) -> Any:
    """The message its handler answers with."""
    return get_type_hints(operation.run)["return"]


@pytest.mark.parametrize("operation", SHOWN, ids=lambda operation: operation.name)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_mapper_shows_what_its_schema_would_dump(
    operation: Operation, data: st.DataObject
) -> None:
    kind = answered_by(operation)
    message = GetMessageClass(kind.DESCRIPTOR)(**data.draw(contents(kind.DESCRIPTOR)))
    assert operation.shows is not None

    shown = mapper(operation.shows)(message)

    assert shown == operation.shows().dump(message)
    assert orjson.dumps(shown)


@pytest.mark.parametrize("operation", WHOLE, ids=lambda operation: operation.name)
def test_nothing_a_service_answers_is_forgotten(operation: Operation) -> None:
    assert operation.shows is not None

    forgotten = missing(operation.shows(), answered_by(operation).DESCRIPTOR)

    assert forgotten - {"receipt_json"} == set()


def missing(schema: Any, described: Descriptor) -> set[str]:
    """Fields of the message, or of those inside it, that the schema does not show."""
    sources = {field.attribute or name: field for name, field in schema.fields.items()}
    left = {field.name for field in described.fields} - set(sources)
    for field in described.fields:
        inner = getattr(sources.get(field.name), "inner", sources.get(field.name))
        if field.message_type is not None and isinstance(inner, fields.Nested):
            left |= missing(inner.schema, field.message_type)
    return left
