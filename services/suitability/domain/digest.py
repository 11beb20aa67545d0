"""SHA-256 over canonical JSON: the same content has the same digest everywhere.

Canonical is: keys sorted, no spaces, no escapes but those that JSON demands.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from json.encoder import encode_basestring
from typing import Any

_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(document: object) -> str:
    encode = SCALARS.get(type(document), _encoder.encode)
    return encode(document)


def canonical_object(members: Mapping[str, str]) -> str:
    """Of members that are canonical already; their names need no escapes."""
    return "{" + ",".join([f'"{name}":{members[name]}' for name in sorted(members)]) + "}"


def digest(document: object) -> str:
    return digest_of(canonical(document))


def digest_of(text: str) -> str:
    """Of canonical JSON."""
    return hashlib.sha256(text.encode()).hexdigest()


# What json writes for these, without the price of an encoder.
SCALARS: dict[type, Callable[[Any], str]] = {
    str: encode_basestring,
    bool: lambda value: "true" if value else "false",
    int: int.__repr__,
    type(None): lambda _: "null",
}
