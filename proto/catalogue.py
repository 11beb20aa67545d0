"""Every event and what is written about it, read from the events.proto files themselves."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from google.protobuf import descriptor_pb2 as pb

from proto.compiler import described

EVENTS = re.compile(r"liheng/(?P<service>\w+)/v\d+/events\.proto")
FILE_MESSAGES, MESSAGE_FIELDS = 4, 2  # field numbers in descriptor.proto, as source paths use them
TIMESTAMP = "google.protobuf.Timestamp"
SCALARS = {
    pb.FieldDescriptorProto.TYPE_STRING: "string",
    pb.FieldDescriptorProto.TYPE_BOOL: "bool",
    pb.FieldDescriptorProto.TYPE_INT32: "int32",
    pb.FieldDescriptorProto.TYPE_INT64: "int64",
}


@dataclass(frozen=True)
class Field:
    """*kind* is a scalar of protobuf or the full name of a message; *said* its comment."""

    name: str
    json_name: str
    number: int
    kind: str
    repeated: bool
    said: str


@dataclass(frozen=True)
class Message:
    full_name: str
    said: str
    fields: tuple[Field, ...]
    maps: Mapping[str, tuple[Field, Field]]

    @property
    def name(self) -> str:
        return self.full_name.rpartition(".")[2]


@dataclass(frozen=True)
class Event:
    """A message that is announced by itself; others are parts of one."""

    service: str
    schema: str
    message: Message

    @property
    def type(self) -> str:
        return self.message.full_name

    @property
    def exchange(self) -> str:
        return f"liheng.{self.service}.events"


@dataclass(frozen=True)
class Catalogue:
    files: tuple[pb.FileDescriptorProto, ...]

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Sorted by service, then as the file has them. A part of another message is no event."""
        return tuple(
            Event(service, file.name, self.messages[f"{file.package}.{message.name}"])
            for file, service in self._announcing
            for message in file.message_type
            if f"{file.package}.{message.name}" not in self._parts
        )

    @cached_property
    def messages(self) -> dict[str, Message]:
        return {
            message.full_name: message
            for file, _ in self._announcing
            for message in _messages(file)
        }

    @property
    def _announcing(self) -> list[tuple[pb.FileDescriptorProto, str]]:
        named = ((file, EVENTS.fullmatch(file.name)) for file in self.files)
        found = [(file, match["service"]) for file, match in named if match]
        return sorted(found, key=lambda pair: pair[0].name)

    @cached_property
    def _parts(self) -> frozenset[str]:
        return frozenset(
            kind.kind
            for message in self.messages.values()
            for field in message.fields
            for kind in message.maps.get(field.name, (field,))
        )


def current() -> Catalogue:
    return catalogue(described())


def catalogue(files: pb.FileDescriptorSet) -> Catalogue:
    return Catalogue(tuple(files.file))


def _messages(file: pb.FileDescriptorProto) -> Iterator[Message]:
    said = _comments(file)
    for index, message in enumerate(file.message_type):
        place = (FILE_MESSAGES, index)
        entries = {
            f"{file.package}.{message.name}.{entry.name}": tuple(
                _field(field, "") for field in entry.field
            )
            for entry in message.nested_type
            if entry.options.map_entry
        }
        fields = [
            _field(field, said.get((*place, MESSAGE_FIELDS, number), ""))
            for number, field in enumerate(message.field)
        ]
        maps = {
            field.name: (entries[field.kind][0], entries[field.kind][1])
            for field in fields
            if field.kind in entries
        }
        name = f"{file.package}.{message.name}"
        yield Message(name, said.get(place, ""), tuple(fields), maps)


def _field(field: pb.FieldDescriptorProto, said: str) -> Field:
    return Field(
        name=field.name,
        json_name=field.json_name,
        number=field.number,
        kind=SCALARS.get(field.type) or field.type_name.removeprefix("."),
        repeated=field.label == pb.FieldDescriptorProto.LABEL_REPEATED,
        said=said,
    )


def _comments(file: pb.FileDescriptorProto) -> dict[tuple[int, ...], str]:
    """What is written before a message or field, or behind a field, on one line."""
    return {
        tuple(location.path): " ".join(
            f"{location.leading_comments} {location.trailing_comments}".split()
        )
        for location in file.source_code_info.location
    }
