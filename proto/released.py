"""What a change of proto/ would break for whoever relies on the last released contracts."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorSet

from proto.catalogue import Catalogue, Field, catalogue
from proto.compiler import PROTO

IMAGE = PROTO / "released.binpb"


def released() -> Catalogue:
    return catalogue(FileDescriptorSet.FromString(IMAGE.read_bytes()))


def breaks(folder: Path = PROTO) -> list[str]:
    """One sentence for each, as buf says it; empty when everything goes on as before."""
    command = [str(Path(sys.executable).parent / "buf"), "breaking", str(folder)]
    found = subprocess.run(  # noqa: S603
        [*command, "--against", str(IMAGE)], capture_output=True, text=True
    )
    return found.stdout.splitlines()


def broken_for(listeners: dict[str, list[str]], now: Catalogue) -> Iterator[str]:
    """Each event that somebody listens to and that lost a field, or is gone, with their names."""
    announced = {event.type: event for event in now.events}
    for event in released().events:
        names = ", ".join(listeners.get(event.type, ()))
        if not names:
            continue
        if event.type not in announced:
            yield f"{event.type} is gone, and {names} listens to it"
            continue
        kept = set(map(_shape, announced[event.type].message.fields))
        for field in event.message.fields:
            if _shape(field) not in kept:
                yield f"{event.type}.{field.name} is not what it was, and {names} reads the event"


def _shape(field: Field) -> tuple[str, int, str, bool]:
    return field.name, field.number, field.kind, field.repeated
