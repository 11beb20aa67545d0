"""SHA-256 over canonical JSON: the same content has the same digest everywhere.

Canonical is: keys sorted, no spaces, no escapes but those that JSON demands.
"""

import hashlib
import json
from collections.abc import Callable
from json.encoder import encode_basestring
from typing import Any

_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(document: object) -> str:
    encode = SCALARS.get(type(document), _encoder.encode)
    return encode(document)


def digest(document: object) -> str:
    return digest_of(canonical(document).encode())


def digest_of(content: bytes) -> str:
    """Of canonical JSON in UTF-8."""
    return hashlib.sha256(content).hexdigest()


# What json writes for these, without the price of an encoder.
SCALARS: dict[type, Callable[[Any], str]] = {
    str: encode_basestring,
    bool: lambda value: "true" if value else "false",
    int: int.__repr__,
    type(None): lambda _: "null",
}
