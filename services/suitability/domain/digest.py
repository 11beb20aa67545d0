"""SHA-256 over canonical JSON: the same content has the same digest everywhere."""

import hashlib
import json


def canonical(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(document: object) -> str:
    return hashlib.sha256(canonical(document).encode()).hexdigest()
