"""The AsyncAPI 3 document of everything that is announced, for whoever consumes it."""

from collections.abc import Iterator

from proto.catalogue import TIMESTAMP, Catalogue, Event, Field, Message
from proto.examples import body, headers

Json = dict[str, object]

BINDING = "0.3.0"
SCALARS: dict[str, Json] = {
    "string": {"type": "string"},
    "bool": {"type": "boolean"},
    "int32": {"type": "integer", "format": "int32"},
    "int64": {"type": "string", "pattern": "^-?[0-9]+$"},
    TIMESTAMP: {"type": "string", "format": "date-time"},
}
ATTRIBUTES = {
    "specversion": "the version of CloudEvents, 1.0",
    "id": "UUIDv7; the same however often the event is delivered",
    "source": "the service that announces it",
    "type": "full name of the message, and the routing key",
    "subject": "id of the aggregate it is about: the first field of the message",
    "time": "when it happened",
    "sequence": "19 digits; of two events about one subject the larger is newer",
    "dataschema": "proto: and the path of the contract below proto/",
    "traceparent": "W3C trace context of what caused it, if there was one",
}
OPTIONAL = {"traceparent"}
ABOUT = (
    "What the services of Liheng 理衡 announce over AMQP 0-9-1: at least once on the wire, in "
    "order for each aggregate. Bodies are canonical protobuf JSON; attributes follow CloudEvents "
    "1.0. Pass over fields you do not know: contracts only grow."
)


def document(catalogue: Catalogue, version: str) -> Json:
    events = catalogue.events
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Liheng 理衡 events",
            "version": version,
            "description": ABOUT,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"broker": _server()},
        "channels": {_key(event): _channel(event) for event in events},
        "operations": {f"announce.{_key(event)}": _operation(event) for event in events},
        "components": {
            "messages": {_key(event): _message(catalogue, event) for event in events},
            "schemas": {"Attributes": _attributes()} | dict(_schemas(catalogue)),
            "securitySchemes": {"login": {"type": "userPassword"}},
        },
    }


def _key(event: Event) -> str:
    """customer.v1.KycApproved"""
    return event.type.removeprefix("liheng.")


def _server() -> Json:
    return {
        "host": "{host}:{port}",
        "protocol": "amqp",
        "protocolVersion": "0.9.1",
        "pathname": "/{vhost}",
        "variables": {
            "host": {"default": "localhost", "description": "the institution's RabbitMQ"},
            "port": {"default": "5672"},
            "vhost": {"default": "liheng"},
        },
        "security": [{"$ref": "#/components/securitySchemes/login"}],
    }


def _channel(event: Event) -> Json:
    exchange = {
        "name": event.exchange,
        "type": "topic",
        "durable": True,
        "autoDelete": False,
        "vhost": "/liheng",
    }
    return {
        "address": event.type,
        "title": event.message.name,
        "messages": {event.message.name: {"$ref": f"#/components/messages/{_key(event)}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": BINDING}},
    }


def _operation(event: Event) -> Json:
    channel = f"#/channels/{_key(event)}"
    return {
        "action": "send",
        "channel": {"$ref": channel},
        "tags": [{"name": event.service}],
        "messages": [{"$ref": f"{channel}/messages/{event.message.name}"}],
        "bindings": {"amqp": {"deliveryMode": 2, "mandatory": True, "bindingVersion": BINDING}},
    }


def _message(catalogue: Catalogue, event: Event) -> Json:
    example = body(catalogue, event)
    subject = str(example[event.message.fields[0].json_name])
    return {
        "name": event.type,
        "title": event.message.name,
        "summary": event.message.said or event.message.name,
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/Attributes"},
        "payload": {"$ref": f"#/components/schemas/{event.type}"},
        "examples": [{"headers": headers(event, subject), "payload": example}],
        "bindings": {"amqp": {"messageType": event.type, "bindingVersion": BINDING}},
    }


def _attributes() -> Json:
    return {
        "type": "object",
        "properties": {
            f"cloudEvents:{name}": {"type": "string", "description": said}
            for name, said in ATTRIBUTES.items()
        },
        "required": [f"cloudEvents:{name}" for name in ATTRIBUTES if name not in OPTIONAL],
    }


def _schemas(catalogue: Catalogue) -> Iterator[tuple[str, Json]]:
    for name, message in sorted(catalogue.messages.items()):
        properties = {field.json_name: _property(message, field) for field in message.fields}
        said = {"description": message.said} if message.said else {}
        yield name, {"type": "object", **said, "properties": properties}


def _property(message: Message, field: Field) -> Json:
    said = {"description": field.said} if field.said else {}
    if field.name in message.maps:
        _, value = message.maps[field.name]
        return {"type": "object", "additionalProperties": _kind(value), **said}
    if field.repeated:
        return {"type": "array", "items": _kind(field), **said}
    return {**_kind(field), **said} if field.kind in SCALARS else _kind(field)


def _kind(field: Field) -> Json:
    return SCALARS.get(field.kind) or {"$ref": f"#/components/schemas/{field.kind}"}
