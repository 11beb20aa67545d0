"""How entries are chained: each digest says the one before it and the entry it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from typing import Any

import orjson

# As columns of trail_entries; details as PostgreSQL writes jsonb, exact to the last digit.
ENTRY = """
e.entry_id, e.at, e.actor, e.roles, e.system, e.usecase, e.trace_id, e.request_id,
e.action, e.subject, e.purpose, e.outcome, e.details::text AS details
"""
SAID = (
    "entry_id",
    "at",
    "actor",
    "roles",
    "system",
    "usecase",
    "trace_id",
    "request_id",
    "action",
    "subject",
    "purpose",
    "outcome",
    "details",
)


@dataclass(frozen=True)
class Head:
    """The end of a chain, or of a part of it."""

    position: int
    digest: bytes


def genesis(service: str) -> Head:
    """What the first link follows: no part of one service's chain fits into another's."""
    return Head(0, sha256(f"liheng trail of {service}".encode()).digest())


def canonical(row: Mapping[str, Any]) -> bytes:
    """JSON with sorted names, no spaces, moments in UTC; docs/operations/trail.md shows one."""
    at = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    said = {name: row[name] for name in SAID} | {"at": at}
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)


def linked(previous: bytes, row: Mapping[str, Any]) -> bytes:
    return sha256(previous + canonical(row)).digest()
