"""What is written about events is what is announced."""

import json
from functools import cache
from typing import Any, cast

import jsonschema
import pytest
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor_pool import Default

from chassis.envelope import Unreadable, parse, read
from proto.asyncapi import document
from proto.catalogue import Catalogue, Event, current
from proto.documents import ROOT, out_of_date
from proto.listeners import listeners
from tests.architecture.tree import ROOT as CHECKOUT

EVENTS = current().events


@cache
def described() -> Any:
    return json.loads((ROOT / "proto" / "asyncapi.json").read_text(encoding="utf-8"))


def example(event: Event) -> dict[str, Any]:
    name = event.type.removeprefix("liheng.")
    found: dict[str, Any] = described()["components"]["messages"][name]["examples"][0]
    return found


def kind_of(event: Event) -> Any:
    __import__(event.schema.removesuffix(".proto").replace("/", ".") + "_pb2")
    return message_factory.GetMessageClass(Default().FindMessageTypeByName(event.type))


def test_the_page_and_the_document_follow_the_contracts() -> None:
    assert ROOT == CHECKOUT
    assert out_of_date() == []


def test_each_event_of_the_contracts_has_its_channel() -> None:
    fewer = Catalogue(tuple(file for file in current().files if "/product/" not in file.name))

    gone = set(described()["channels"]) - set(cast("Any", document(fewer, "1"))["channels"])

    assert "product.v1.RatingChanged" in gone
    assert {name.partition(".")[0] for name in gone} == {"product"}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_an_example_is_taken_by_a_consumer(event: Event) -> None:
    shown = example(event)

    incoming = read(shown["headers"], json.dumps(shown["payload"]))
    message = parse(kind_of(event), incoming)

    assert incoming.type == event.type
    assert json_format.MessageToDict(message) == shown["payload"]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_an_example_fits_its_schema(event: Event) -> None:
    shown = example(event)
    components = described()["components"]
    name = components["messages"][event.type.removeprefix("liheng.")]["payload"]["$ref"]
    whole = {"components": components}

    jsonschema.validate(shown["payload"], {**whole, "$ref": name})
    jsonschema.validate(shown["headers"], {**whole, "$ref": "#/components/schemas/Attributes"})
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**shown["payload"], "at": 5}, {**whole, "$ref": name})


def test_an_attribute_that_is_required_is_missed() -> None:
    shown = example(EVENTS[0])
    required = described()["components"]["schemas"]["Attributes"]["required"]

    for name in set(required) - {"cloudEvents:specversion", "cloudEvents:dataschema"}:
        headers = {key: value for key, value in shown["headers"].items() if key != name}
        with pytest.raises(Unreadable):
            read(headers, b"{}")


def test_what_somebody_listens_to_is_announced() -> None:
    assert set(listeners()) <= {event.type for event in EVENTS}
